"""What is doubtful in a corpus."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from spacy_ner_archs.auditing.alternatives import Alternative, best_alternatives
from spacy_ner_archs.auditing.corpus_file import CorpusFile
from spacy_ner_archs.auditing.doubt import Doubt, Reading, SentenceScore
from spacy_ner_archs.auditing.judgement import Judgement
from spacy_ner_archs.auditing.score import LEAST_SCORE, NO_DOUBT
from spacy_ner_archs.corpus.schemes import Entity as Annotated
from spacy_ner_archs.decoders.entity import Entity
from spacy_ner_archs.evaluation.mentions import Mentions, mentions_of
from spacy_ner_archs.evaluation.report import CorpusSize, size_of
from spacy_ner_archs.evaluation.shown_sentences import entity_text, sentence_of


@dataclass(frozen=True)
class Audit:
    """checksum: of the corpus's file. judges: the pipelines. labels: those that were judged.
    not_judged: entities of each other label. doubts, sentences: the most doubtful first; all
    sentences, or docs, where the corpus has no sentences. direction: of the writing."""

    corpus: CorpusSize
    checksum: str
    judges: tuple[str, ...]
    labels: tuple[str, ...]
    not_judged: dict[str, int]
    direction: str
    doubts: tuple[Doubt, ...]
    sentences: tuple[SentenceScore, ...]


def make_audit(
    corpus: CorpusFile,
    judged: Sequence[Judgement],
    judges: Sequence[str],
    labels: Collection[str],
    direction: str,
) -> Audit:
    """The audit of a corpus from the judgements of its docs."""
    docs = corpus.docs
    found = [best_alternatives(judgement) for judgement in judged]
    counts = Counter(ent.label_ for doc in docs for ent in doc.ents)
    return Audit(
        size_of(str(corpus.path), docs),
        corpus.checksum,
        tuple(judges),
        tuple(sorted(labels)),
        {label: n for label, n in sorted(counts.items()) if label not in labels},
        direction,
        tuple(_doubts(docs, found)),
        tuple(sorted(_sentences(docs, found), key=lambda each: -each.score)),
    )


def _doubts(docs: Sequence[Doc], found: Sequence[Sequence[Alternative]]) -> list[Doubt]:
    doubtful = [
        (i, alternative)
        for i, of_doc in enumerate(found)
        for alternative in of_doc
        if alternative.score > LEAST_SCORE
    ]
    texts = {
        entity_text(docs[i], _place(entity))
        for i, alternative in doubtful
        for entity in (*alternative.there, alternative.better)
    }
    mentions = mentions_of(texts, docs)
    doubts = [_doubt(i, docs[i], alternative, mentions) for i, alternative in doubtful]
    return sorted(doubts, key=lambda doubt: -doubt.score)


def _doubt(i: int, doc: Doc, found: Alternative, mentions: Mapping[str, Mentions]) -> Doubt:
    there = {entity[:2]: entity.label for entity in found.there}

    def reading(entity: Entity) -> Reading:
        text = entity_text(doc, _place(entity))
        here = Counter([there[entity[:2]]] if entity[:2] in there else [])
        others = mentions.get(text, Mentions()) - here
        return Reading(*entity[:3], text, entity.score, dict(others.most_common()))

    readings = tuple(map(reading, found.there))
    return Doubt(i, found.kind, readings, reading(found.better), found.score)


def _place(entity: Entity) -> Annotated:
    return Annotated(*entity[:3])


def _sentences(
    docs: Sequence[Doc], found: Sequence[Sequence[Alternative]]
) -> Iterator[SentenceScore]:
    for i, (doc, of_doc) in enumerate(zip(docs, found, strict=True)):
        scores: dict[int, float] = {}
        for each in of_doc:
            start = sentence_of(doc, Annotated(each.start, each.start + 1, "")).start
            scores[start] = max(each.score, scores.get(start, NO_DOUBT))
        sentences = doc.sents if doc.has_annotation("SENT_START") else [doc[:]]
        for sentence in sentences:
            if len(sentence):
                score = scores.get(sentence.start, NO_DOUBT)
                yield SentenceScore(i, sentence.start, sentence.end, score)
