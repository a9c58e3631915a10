"""The answers of an annotation tool to .spacy files."""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin

from spacy_ner_archs.annotators.docs import DocMaker
from spacy_ner_archs.annotators.merging import merge
from spacy_ner_archs.annotators.reading.answer import Answer, LeftOut
from spacy_ner_archs.annotators.reading.files import Read
from spacy_ner_archs.corpus.annotated_labels import check_only, set_annotated_labels
from spacy_ner_archs.corpus.docs import make_norm
from spacy_ner_archs.corpus.errors import ConversionError, CorpusError
from spacy_ner_archs.corpus.files import writing_failures
from spacy_ner_archs.corpus.outputs import one_file, part_paths
from spacy_ner_archs.corpus.split import partition
from spacy_ner_archs.drafts import replace_files


@dataclass(frozen=True)
class AnswerDocs:
    """docs: one of each text. answers: those that tell something. left_out: how many tell nothing,
    by the reason. repaired: how many spans were repaired, by what was done."""

    docs: list[Doc]
    answers: int
    left_out: Counter[str]
    repaired: Counter[str]


@dataclass(frozen=True)
class AnswerCounts:
    """What went into one .spacy file. incorrect: spans that are known to be no entities. missing:
    tokens without annotation."""

    docs: int
    tokens: int
    missing: int
    incorrect: int
    entities: Counter[str]


def tokenizer(lang: str) -> Callable[[str], Doc]:
    """spaCy's for a language, for texts of any length. Raises ConversionError for one that isn't
    there."""
    make_norm(lang)  # refuses unknown names
    try:
        nlp = spacy.blank(lang)
    except ImportError as error:
        reason = " ".join(str(error).split())
        raise ConversionError(f"--lang {lang}: {reason:.200}") from None
    nlp.max_length = sys.maxsize
    return nlp.make_doc


def answer_docs(read: Read, maker: DocMaker) -> AnswerDocs:
    """The docs of a file's answers. Raises CorpusError, in one line, for answers that contradict
    each other or don't fit their texts."""
    left_out = Counter(answer.reason for _, answer in read.answers if isinstance(answer, LeftOut))
    told = [(place, answer) for place, answer in read.answers if isinstance(answer, Answer)]
    left_out.update("without text" for _, answer in told if not answer.text.strip())
    told = [(place, answer) for place, answer in told if answer.text.strip()]
    docs = [maker(known) for known in merge(told)]
    if not docs:
        reasons = ", ".join(f"{n} {reason}" for reason, n in sorted(left_out.items()))
        raise CorpusError(
            read.answers[0][0].path, None, f"no answer in it tells of entities ({reasons})"
        )
    return AnswerDocs(docs, len(told), left_out, maker.repaired)


def save_docs(
    docs: Sequence[Doc],
    output: Path,
    *,
    split: dict[str, float] | None = None,
    seed: int = 0,
    only: Sequence[str] = (),
) -> dict[Path, AnswerCounts]:
    """Write docs to a .spacy file, or to one a part in a folder.

    split: the parts' names and shares. only: labels that are annotated, where others aren't.
    """
    check_only(only, {ent.label_ for doc in docs for ent in doc.ents}, str(output))
    for doc in docs if only else []:
        set_annotated_labels(doc, only)
    if split:
        dealt = partition(docs, split, seed)
        parts = {path: dealt[name] for name, path in part_paths(output, dealt).items()}
    else:
        parts = {one_file(output): list(docs)}
    with writing_failures():
        replace_files({path: _bytes(part) for path, part in parts.items()})
    return {path: _counts(part) for path, part in parts.items()}


def _bytes(docs: Sequence[Doc]) -> bytes:
    return DocBin(docs=docs, store_user_data=True).to_bytes()


def _counts(docs: Sequence[Doc]) -> AnswerCounts:
    return AnswerCounts(
        docs=len(docs),
        tokens=sum(map(len, docs)),
        missing=sum(not token.ent_iob for doc in docs for token in doc),
        incorrect=sum(len(group) for doc in docs for group in doc.spans.values()),
        entities=Counter(ent.label_ for doc in docs for ent in doc.ents),
    )
