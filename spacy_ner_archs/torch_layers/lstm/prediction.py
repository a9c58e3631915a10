import torch
from torch import Tensor

from spacy_ner_archs.torch_layers.lstm.by_torch import State, Weights, lstm_by_torch, start_of
from spacy_ner_archs.torch_layers.lstm.distinct_vectors import (
    DistinctVectors,
    all_vectors,
    distinct_vectors,
)
from spacy_ner_archs.torch_layers.lstm.reading import Reading, readings
from spacy_ner_archs.torch_layers.lstm.steps import first_steps
from spacy_ner_archs.torch_layers.threads import at_once

#: Sequences that are enough for steps of our own: with fewer, Python takes longer than torch.
ENOUGH = 16
#: Steps of `torch.lstm` at a time, so that a sequence of any length needs little memory beside its
#: vectors.
CHUNK = 1024


def predict_states(
    X: Tensor, lengths: list[int], weights: list[Weights], *, repeats: bool
) -> Tensor:
    """Hidden states of both directions of an LSTM [N, 2 H] on a processor, without gradients.

    X: vectors of the tokens of all sequences [N, nI]. weights: ahead, and back; those of the inputs
    have a bias as their last column [4 H, nI + 1]. repeats: tokens may share a vector, a word's.
    """
    n_own = _own_steps(lengths, weights)
    directions = readings(lengths)
    states = X.new_empty(len(X), 2, weights[0].recurrent.shape[1])
    last = [start_of(of_direction, len(lengths)) for of_direction in weights]
    if n_own:
        vectors = distinct_vectors(X) if repeats else all_vectors(X)
        last = _begin(states, vectors, directions, n_own, weights)
    if n_own < max(lengths):
        ahead, back = (
            (_go_on, states[:, i], X, directions[i], n_own, last[i], weights[i]) for i in (0, 1)
        )
        at_once(ahead, back)
    return states.flatten(1)


def _own_steps(lengths: list[int], weights: list[Weights]) -> int:
    """How many steps have enough sequences. None in bfloat16: `torch.lstm` computes those fast."""
    is_cast = weights[0].inputs.dtype == torch.bfloat16
    return 0 if is_cast or len(lengths) < ENOUGH else sorted(lengths)[-ENOUGH]


def _begin(
    states: Tensor,
    X: DistinctVectors,
    directions: tuple[Reading, Reading],
    n_steps: int,
    weights: list[Weights],
) -> list[State]:
    """Put the hidden states of the first steps where they belong in `states` [N, 2, H]."""
    tokens, is_there = zip(*(reading.tokens(0, n_steps) for reading in directions), strict=True)
    in_order = [of_direction[is_there[0]] for of_direction in tokens]
    sizes = is_there[0].sum(1).tolist()
    hidden, last = first_steps(X, in_order, sizes, weights)
    for i, of_direction in enumerate(in_order):
        states[of_direction, i] = hidden[i]
    return last


def _go_on(
    states: Tensor, X: Tensor, reading: Reading, begin: int, state: State, weights: Weights
) -> Tensor:
    """Those of one direction that follow a state, by `torch.lstm`."""
    for first in range(begin, int(reading.lengths[0]), CHUNK):
        tokens, is_there = reading.tokens(first, min(first + CHUNK, int(reading.lengths[0])))
        bias = is_there[..., None].to(X.dtype)
        inputs = torch.cat((X[tokens] * bias, bias), dim=-1).to(weights.inputs.dtype)
        state = State(*(values[: tokens.shape[1]] for values in state))
        outputs, state = lstm_by_torch(inputs, state, weights, batch_first=False)
        states[tokens[is_there]] = outputs[is_there].to(X.dtype)
    return states
