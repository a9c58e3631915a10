"""Training until it is done."""

from tagger_table import ents, train


def learn(nlp, examples, optimizer, *, max_steps=160, **settings):
    """Train until all entities of the examples are found, which is asked every 10 steps.
    settings: of the updates.

    RETURNS (list[float]): The loss of each step.
    """
    losses = []
    while len(losses) < max_steps and not found_all(nlp, examples):
        losses += train(nlp, examples, optimizer, 10, **settings)
    return losses


def found_all(nlp, examples):
    found = nlp.pipe(eg.predicted.copy() for eg in examples)
    return ents(found) == ents(eg.reference for eg in examples)
