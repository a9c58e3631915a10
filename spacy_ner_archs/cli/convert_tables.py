"""What `ner convert` prints of the files that it has read and written."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from wasabi import Printer

from spacy_ner_archs.corpus.convert import ReadCorpus
from spacy_ner_archs.corpus.docs import Counts
from spacy_ner_archs.corpus.rows import Token
from spacy_ner_archs.corpus.schemes import decode

if TYPE_CHECKING:
    from spacy_ner_archs.annotators.convert import AnswerCounts, AnswerDocs

# of the first sentence, for the terminal
_N_WORDS = 20


def print_input(corpus: ReadCorpus) -> None:
    msg = Printer()
    columns, tags = corpus.columns, corpus.sentences.tags
    pos = f"part of speech {columns.pos}" if columns.pos else "no part of speech"
    msg.info(f"Format: {corpus.format}, {corpus.encoding}")
    msg.info(f"Columns: word {columns.word}, tag {columns.tag}, {pos}")
    msg.info(f"First sentence: {_show(corpus.sentences[0])}")
    msg.info(f"Tag scheme: {tags.scheme.upper()}")
    if tags.repaired:
        msg.warn(f"Repaired tags: {tags.repaired}")
    if corpus.marks:
        msg.warn(f"Byte order marks taken away: {corpus.marks}")


def _show(sentence: list[Token]) -> str:
    """The sentence with its entities in brackets, cut where it is long."""
    words = [token.word for token in sentence]
    for entity in decode(token.tag for token in sentence):
        words[entity.start] = f"[{words[entity.start]}"
        words[entity.end - 1] += f" {entity.label}]"
    cut = words[:_N_WORDS]
    return " ".join(cut) + " ..." * (len(cut) < len(words))


def print_saved(saved: Mapping[Path, Counts]) -> None:
    entities = {path: counts.entities for path, counts in saved.items()}
    missing = sum(counts.missing for counts in saved.values())
    if not any(entities.values()):
        Printer().warn("No entities, so nothing told the tag scheme")
    if missing:
        Printer().warn(f"Tokens without annotation (-): {missing}")
    rows = [
        (
            path.name,
            c.docs,
            "not marked" if c.documents is None else c.documents,
            c.sentences,
            c.tokens,
            c.entities.total(),
        )
        for path, c in saved.items()
    ]
    _table(("File", "Docs", "Documents", "Sentences", "Tokens", "Entities"), rows)
    _print_labels(entities)


def print_answers(tool: str, found: "AnswerDocs") -> None:
    msg = Printer()
    msg.info(f"Format: {tool}")
    msg.info(f"Answers: {found.answers}, of {len(found.docs)} texts")
    for reason, n in sorted(found.left_out.items()):
        msg.warn(f"Left out, {reason}: {n}")
    for what, n in sorted(found.repaired.items()):
        msg.warn(f"Spans that don't fit the tokens, {what}: {n}")


def print_saved_answers(saved: Mapping[Path, "AnswerCounts"], incorrect_key: str) -> None:
    missing = sum(counts.missing for counts in saved.values())
    if missing:
        Printer().warn(f"Tokens without annotation: {missing}")
    if any(counts.incorrect for counts in saved.values()):
        Printer().info(f'To learn from incorrect spans: incorrect_spans_key = "{incorrect_key}"')
    rows = [
        (path.name, c.docs, c.tokens, c.entities.total(), c.incorrect) for path, c in saved.items()
    ]
    _table(("File", "Docs", "Tokens", "Entities", "Incorrect"), rows)
    _print_labels({path: counts.entities for path, counts in saved.items()})


def _print_labels(entities: Mapping[Path, Counter[str]]) -> None:
    """How many entities each label has in each file, and the files."""
    labels = sorted(set().union(*entities.values()))
    if labels:
        rows = [(label, *(of_file[label] for of_file in entities.values())) for label in labels]
        _table(("Label", *(path.name for path in entities)), rows)
    for path in entities:
        Printer().good(f"Saved {path}")


def _table(header: tuple[str, ...], rows: list[tuple]) -> None:
    """The first column has names, the others numbers."""
    aligns = ("l", *"r" * (len(header) - 1))
    Printer().table(rows, header=header, divider=True, aligns=aligns)
