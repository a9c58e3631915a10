"""A corpus in which doubtful places are without annotation, so that nothing is learned of them."""

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from spacy_ner_archs.auditing.alternatives import best_alternatives
from spacy_ner_archs.auditing.corpus_file import CorpusFile
from spacy_ner_archs.auditing.judgement import Judgement
from spacy_ner_archs.auditing.retag import Retag, retagged
from spacy_ner_archs.auditing.scoring import PROBABLE, contradictions
from spacy_ner_archs.corpus.schemes import MISSING

#: The limit of candidates where entities are often missing: judges find too few themselves then, so
#: that a low probability is suspicious. Elsewhere, a candidate must be more probable than not.
SUSPICIOUS = 0.1
#: Entities are often missing where they are a larger share of the contradictions. Chosen on seven
#: label sets of one corpus: with the lower limit, those with a smaller share lost F1.
OFTEN_MISSING = 0.2


class MaskLimits(NamedTuple):
    """entities: annotated ones with a lower probability are masked. candidates: other readings with
    a higher probability are, where no entity is annotated or a masked one."""

    entities: float
    candidates: float


def usual_candidates(judged: Sequence[Judgement]) -> float:
    """The limit of candidates that fits a corpus."""
    found = chain.from_iterable(map(best_alternatives, judged))
    return SUSPICIOUS if contradictions(found).share_missing > OFTEN_MISSING else PROBABLE


def masked_places(judged: Sequence[Judgement], limits: MaskLimits) -> list[Retag]:
    """Runs of tokens without annotation. They hold no part of an entity that goes on outside."""
    return [
        Retag(doc, start, end, MISSING)
        for doc, judgement in enumerate(judged)
        for start, end in _runs(sorted(_masked_tokens(judgement, limits)))
    ]


def masked_corpus(corpus: CorpusFile, places: Sequence[Retag]) -> bytes:
    """The bytes of a .spacy file."""
    return retagged(corpus.docbin, places)


def _masked_tokens(judgement: Judgement, limits: MaskLimits) -> set[int]:
    kept = {
        token
        for entity in judgement.annotated
        if entity.score >= limits.entities
        for token in range(entity.start, entity.end)
    }
    doubtful = [entity for entity in judgement.annotated if entity.score < limits.entities]
    candidates = (other for other in judgement.others if other.score > limits.candidates)
    places = (range(entity.start, entity.end) for entity in (*doubtful, *candidates))
    return {token for place in places if kept.isdisjoint(place) for token in place}


def _runs(tokens: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Starts and ends (exclusive) of numbers that follow each other."""
    breaks = [i for i, (one, other) in enumerate(pairwise(tokens), 1) if other > one + 1]
    for first, last in pairwise([0, *breaks, len(tokens)] if tokens else []):
        yield tokens[first], tokens[last - 1] + 1
