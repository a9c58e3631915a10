"""The steps of one tag path of each sequence, in arrays: NumPy's, or CuPy's on a GPU."""

from typing import Any

import numpy as np
from thinc.api import get_array_module


def path_steps(tags: Any, is_padding: Any, n_states: int) -> Any:
    """Indices of a path's steps [B, T + 1] in the flat `chain.step_table` of S states, from the
    start to the end.

    tags: [B, T], any on padding. is_padding: bool [T, B].
    """
    xp = get_array_module(tags)
    start, end = n_states - 1, n_states - 2
    states = xp.full((len(tags), tags.shape[1] + 2), end)
    states[:, 0] = start
    states[:, 1:-1] = xp.where(is_padding.T, end, tags)
    return states[:, :-1] * n_states + states[:, 1:]


def score_of_steps(emissions: Any, table: Any, is_padding: Any, tags: Any, steps: Any) -> Any:
    """Score of each path [B], summed in double precision."""
    xp = get_array_module(emissions)
    of_tokens = emissions.reshape(-1, emissions.shape[2])
    of_tags = of_tokens[xp.arange(len(of_tokens)), tags.ravel()].reshape(tags.shape)
    of_tags = xp.where(is_padding.T, 0.0, of_tags)
    return of_tags.sum(1, dtype=np.float64) + table.take(steps).sum(1, dtype=np.float64)


def subtract_steps(shares: Any, edges: Any, steps: Any, weights: Any) -> None:
    """From sums over all paths, as `Chain` gives them with these weights of the sequences [B]: the
    paths' own states, from shares [T, B, S], and steps, from edges [S, S]."""
    xp = get_array_module(shares)
    n_tokens, n_sequences, n_states = shares.shape
    of_steps = xp.repeat(weights, steps.shape[1])
    edges -= xp.bincount(steps.ravel(), of_steps, edges.size).reshape(edges.shape)
    states = steps[:, :-1].T % n_states
    places = xp.arange(n_tokens * n_sequences) * n_states + states.ravel()
    shares.reshape(-1)[places] -= xp.broadcast_to(weights, (n_tokens, n_sequences)).ravel()
