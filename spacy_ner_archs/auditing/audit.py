"""What is doubtful in a corpus."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from spacy_ner_archs.auditing.corpus_file import CorpusFile
from spacy_ner_archs.auditing.doubt import Doubt, Reading, SentenceScore
from spacy_ner_archs.auditing.judgement import Judgement
from spacy_ner_archs.auditing.score import sentence_score
from spacy_ner_archs.auditing.scoring import Scored, scored_alternatives
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
    found = scored_alternatives(judged)
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


def _doubts(docs: Sequence[Doc], found: Sequence[Sequence[Scored]]) -> list[Doubt]:
    """Where something else is more probable than what is annotated."""
    doubtful = [
        (i, scored)
        for i, of_doc in enumerate(found)
        for scored in of_doc
        if scored.alternative.margin > 0
    ]
    texts = {
        entity_text(docs[i], _place(entity))
        for i, (alternative, _) in doubtful
        for entity in (*alternative.there, alternative.better)
    }
    mentions = mentions_of(texts, docs)
    doubts = [_doubt(i, docs[i], scored, mentions) for i, scored in doubtful]
    return sorted(doubts, key=lambda doubt: -doubt.score)


def _doubt(i: int, doc: Doc, scored: Scored, mentions: Mapping[str, Mentions]) -> Doubt:
    found = scored.alternative
    there = {entity[:2]: entity.label for entity in found.there}

    def reading(entity: Entity) -> Reading:
        text = entity_text(doc, _place(entity))
        here = Counter([there[entity[:2]]] if entity[:2] in there else [])
        others = mentions.get(text, Mentions()) - here
        return Reading(*entity[:3], text, entity.score, dict(others.most_common()))

    readings = tuple(map(reading, found.there))
    return Doubt(i, found.kind, readings, reading(found.better), scored.score)


def _place(entity: Entity) -> Annotated:
    return Annotated(*entity[:3])


def _sentences(docs: Sequence[Doc], found: Sequence[Sequence[Scored]]) -> Iterator[SentenceScore]:
    for i, (doc, of_doc) in enumerate(zip(docs, found, strict=True)):
        scores: dict[int, list[float]] = defaultdict(list)
        for each, score in of_doc:
            start = sentence_of(doc, Annotated(each.start, each.start + 1, "")).start
            scores[start].append(score)
        sentences = doc.sents if doc.has_annotation("SENT_START") else [doc[:]]
        for sentence in sentences:
            if len(sentence):
                score = sentence_score(scores[sentence.start])
                yield SentenceScore(i, sentence.start, sentence.end, score)
