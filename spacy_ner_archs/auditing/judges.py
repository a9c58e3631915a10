"""Who judges which docs of a corpus."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from spacy_ner_archs.auditing.judgement import Judgement, judgements
from spacy_ner_archs.pipeline.find_tagger import find_tagger


@dataclass(frozen=True)
class Judges:
    """Pipelines whose mean probabilities count, and the numbers of the docs that they judge. names:
    of the pipelines."""

    names: tuple[str, ...]
    pipelines: tuple[Language, ...]
    docs: Sequence[int]


def judge(docs: Sequence[Doc], panels: Iterable[Judges], labels: Iterable[str]) -> list[Judgement]:
    """The judgement of each doc; nothing is said of a doc that nobody judges."""
    known = set(labels)
    found = {
        i: judgement
        for panel in panels
        for i, judgement in zip(
            panel.docs,
            judgements(panel.pipelines, [docs[i] for i in panel.docs], known),
            strict=True,
        )
    }
    return [found.get(i, Judgement((), (), {}, {})) for i in range(len(docs))]


def judged_labels(docs: Iterable[Doc], panels: Iterable[Judges]) -> list[str]:
    """The corpus's labels that all of the judges have. Raises ValueError where there are none."""
    of_corpus = {ent.label_ for doc in docs for ent in doc.ents}
    taggers = [find_tagger(nlp) for panel in panels for nlp in panel.pipelines]
    labels = of_corpus.intersection(*(tagger.labels for tagger in taggers))
    if not labels:
        theirs = sorted({label for tagger in taggers for label in tagger.labels})
        raise ValueError(
            f"none of its labels ({', '.join(sorted(of_corpus)) or 'it has none'}) is one of the "
            f"pipelines' ({', '.join(theirs)})"
        )
    return sorted(labels)
