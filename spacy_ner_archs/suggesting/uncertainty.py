"""How unsure a tagger is of a text, and where."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from spacy.tokens import Doc

from spacy_ner_archs.decoders.decoder import Distribution
from spacy_ner_archs.decoders.entity import Entity
from spacy_ner_archs.pipeline.ner_tagger import NERTagger

#: Of a word that counts as one in doubt, in nats: a probability of 0.99 is 0.056.
LEAST_ENTROPY = 0.05
#: Figures are rounded, so that they are the same whatever texts were computed together.
DIGITS = 4


class Uncertainty(NamedTuple):
    """entropy: of the text's annotations, in nats. n_tokens: of the text. words: those in doubt, in
    lower case, and how much: the entropy of the token's label, in nats. entities: of the most
    probable annotation."""

    entropy: float
    n_tokens: int
    words: Mapping[str, float]
    entities: list[Entity]

    def value(self, length_exponent: float) -> float:
        """What the annotation of the text would tell: the entropy, which is 0 afterwards, by the
        number of tokens to that power. 0 is for the text, 1 for each token."""
        return self.entropy / max(self.n_tokens, 1) ** length_exponent


def uncertainties_of(tagger: NERTagger, docs: list[Doc]) -> list[Uncertainty]:
    """Of each doc."""

    def ask(found: Distribution, batch: list[int]) -> list[tuple[float, np.ndarray, list[Entity]]]:
        answers = found.entropy(), found.token_probabilities(), found.best()
        return list(zip(*answers, strict=True))

    answers = tagger.ask(docs, ask, lambda: (0.0, np.zeros((0, 1)), []))
    return [
        Uncertainty(_rounded(entropy), len(doc), _words(doc, _entropies(p)), entities)
        for doc, (entropy, p, entities) in zip(docs, answers, strict=True)
    ]


def answer_entropy(probability: float) -> float:
    """Of the answer to whether a span is an entity, in nats. As the annotation implies the answer,
    the answer lowers the entropy of the text's annotations by so much, on average."""
    return _rounded(float(_entropies(np.array([[probability, 1 - probability]]))[0]))


def _entropies(probabilities: np.ndarray) -> np.ndarray:
    """Of rows of probabilities [T, L], in nats [T]."""
    p = np.asarray(probabilities, dtype=np.float64)
    logs = np.log(p, where=p > 0, out=np.zeros_like(p))
    return -(p * logs).sum(1)


def _words(doc: Doc, entropies: np.ndarray) -> dict[str, float]:
    words: dict[str, float] = {}
    for i in np.flatnonzero(entropies >= LEAST_ENTROPY).tolist():
        word = doc[i].lower_
        words[word] = words.get(word, 0.0) + _rounded(float(entropies[i]))
    return words


def _rounded(entropy: float) -> float:
    """An entropy isn't negative, whatever its last bits say."""
    return round(max(entropy, 0.0), DIGITS)
