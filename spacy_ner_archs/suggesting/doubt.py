"""How unsure a tagger is of a text, and where."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from spacy.tokens import Doc

from spacy_ner_archs.decoders.decoder import Distribution
from spacy_ner_archs.pipeline.ner_tagger import NERTagger

#: Of a token that counts as one in doubt, in nats: a probability of 0.99 is less.
LEAST_ENTROPY = 0.05
#: Figures are rounded, so that they are the same whatever texts were computed together.
DIGITS = 4


class Doubt(NamedTuple):
    """entropy: of the text's annotations, in nats. n_tokens: of the text. words: those in doubt, in
    lower case, and how much: the entropy of the token's label, in nats."""

    entropy: float
    n_tokens: int
    words: Mapping[str, float]


def doubts_of(tagger: NERTagger, docs: list[Doc]) -> list[Doubt]:
    """The doubt about each doc."""

    def ask(found: Distribution, batch: list[int]) -> list[tuple[float, np.ndarray]]:
        return list(zip(found.entropy(), found.token_probabilities(), strict=True))

    answers = tagger.ask(docs, ask, lambda: (0.0, np.zeros((0, 1))))
    return [
        Doubt(round(max(entropy, 0.0), DIGITS), len(doc), _words(doc, token_entropies(p)))
        for doc, (entropy, p) in zip(docs, answers, strict=True)
    ]


def token_entropies(probabilities: np.ndarray) -> np.ndarray:
    """Of rows of probabilities [T, L], in nats [T]."""
    logs = np.log(probabilities, where=probabilities > 0, out=np.zeros_like(probabilities))
    return -(probabilities * logs).sum(1)


def _words(doc: Doc, entropies: np.ndarray) -> dict[str, float]:
    words: dict[str, float] = {}
    for i in np.flatnonzero(entropies >= LEAST_ENTROPY).tolist():
        word = doc[i].lower_
        words[word] = round(words.get(word, 0.0) + float(entropies[i]), DIGITS)
    return words
