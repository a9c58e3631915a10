"""Units of a corpus, dealt into folds that have about the same of everything."""

import numpy as np


def stratify(counts: np.ndarray, sizes: np.ndarray, n_folds: int, seed: int) -> np.ndarray:
    """The fold of each unit: int [units], from 0.

    Iterative stratification (Sechidis, Tsoumakas & Vlahavas 2011): the rarest label is dealt first,
    each of its units to the fold that lacks most of it. Here a unit can have a label several times,
    and those with most of it come first.

    counts: int [units, labels], how often a unit has a label. sizes: int [units], such as tokens;
    they decide between folds that lack as much, and on units without labels. seed: of the order in
    which equal units come. No fold is empty if there are as many units as folds.
    """
    columns = np.column_stack([counts, sizes])
    lacking = np.tile(columns.sum(axis=0), (n_folds, 1))  # times n_folds, to stay whole numbers
    n_units = np.zeros(n_folds, dtype=int)
    folds = np.full(len(columns), -1)
    order = np.random.default_rng(seed).permutation(len(columns))
    while len(order):
        column = _rarest(columns[order, :-1])
        has_it = columns[order, column] > 0 if column >= 0 else np.ones(len(order), dtype=bool)
        units = order[has_it]
        for unit in units[np.argsort(-columns[units, column], kind="stable")]:
            fold = np.lexsort((n_units, -lacking[:, -1], -lacking[:, column]))[0]
            folds[unit] = fold
            lacking[fold] -= n_folds * columns[unit]
            n_units[fold] += 1
        order = order[~has_it]
    return folds


def _rarest(counts: np.ndarray) -> int:
    """The label that the fewest units have, of those that any has; -1, the sizes' column, where
    there is none."""
    n_units = (counts > 0).sum(axis=0)
    labels = np.flatnonzero(n_units)
    return int(labels[np.argmin(n_units[labels])]) if len(labels) else -1
