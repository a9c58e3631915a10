"""A stream of texts, cut into pieces that are computed and written one by one."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language

from spacy_ner_archs.drafts import replace_files
from spacy_ner_archs.inference.manifest import Shard, digest_of
from spacy_ner_archs.inference.predictor import Settings
from spacy_ner_archs.inference.reading.record import Record
from spacy_ner_archs.inference.texts import annotate
from spacy_ner_archs.inference.writing.formats import FORMATS
from spacy_ner_archs.inference.writing.found import Found
from spacy_ner_archs.inference.writing.jsonl import json_lines
from spacy_ner_archs.pipeline.memory import forget_words, memory_zone

#: A shard's, by default.
TEXTS = 5_000
#: A shard of long texts has fewer of them: its docs' words are in memory together.
CHARACTERS = 2_000_000
#: Where the texts that failed are, inside a folder: Spark and Ray pass over names that begin so.
FAILED = "_failed"
#: What a prediction adds to a text's fields.
RESERVED = ("entities", "candidates")


def cut(records: Iterable[Record], texts: int) -> Iterator[list[Record]]:
    """Pieces of so many texts at most, and of fewer long ones."""
    piece: list[Record] = []
    characters = 0
    for record in records:
        piece.append(record)
        characters += _characters(record)
        if len(piece) == texts or characters > CHARACTERS:
            yield piece
            piece, characters = [], 0
    if piece:
        yield piece


def _characters(record: Record) -> int:
    if record.text is None or isinstance(record.text, str):
        return len(record.text or "")
    return sum(map(len, record.text.words))


@dataclass(frozen=True)
class ShardWriter:
    """Computes shards of one format. What it writes depends on the shard alone: not on those
    before it, and not on other threads."""

    nlp: Language
    settings: Settings
    format: str

    def encode(self, records: list[Record]) -> tuple[bytes, bytes, Shard]:
        """The shard, its texts that failed as JSON lines, and its counts."""
        forget_words(self.nlp)
        failed: list[Record] = []
        counts = dict.fromkeys(("texts", "words", "entities"), 0)
        with memory_zone(self.nlp):
            # one by one: Python's garbage collector would look through all docs again and again
            found = _counted(
                self._annotate([_checked(record) for record in records], failed), counts
            )
            shard = FORMATS[self.format].encode(found)
        of_shard = Shard(digest=digest_of(records), failed=len(failed), **counts)
        return shard, _failures(failed), of_shard

    def _annotate(self, records: list[Record], failed: list[Record]) -> Iterator[Found]:
        """Those that have a doc; the others are appended to `failed`."""
        texts = [record.text for record in records if record.text is not None]
        annotated = annotate(self.nlp, texts, self.settings.batch_size)
        for record in records:
            doc, error = (None, record.error) if record.text is None else next(annotated)
            if doc is None:
                failed.append(record._replace(error=error))
            else:
                yield Found(record, doc)

    def write(self, number: int, records: list[Record], folder: Path) -> Shard:
        """The same into a folder: whole or not at all."""
        shard, failed, counts = self.encode(records)
        files = {folder / shard_name(number, self.format): shard}
        failures = folder / FAILED / shard_name(number, "jsonl")
        if failed:
            files[failures] = failed
        replace_files(files)
        if not failed:
            failures.unlink(missing_ok=True)
        return counts


def _counted(found: Iterable[Found], counts: dict[str, int]) -> Iterator[Found]:
    for each in found:
        yield each
        counts["texts"] += 1
        counts["words"] += len(each.doc)
        counts["entities"] += len(each.doc.ents)


def shard_name(number: int, format: str) -> str:
    return f"shard-{number:05}{FORMATS[format].ending}"


def _checked(record: Record) -> Record:
    taken = [name for name in RESERVED if name in record.fields]
    if record.error or not taken:
        return record
    return record._replace(text=None, error=f"has a field {taken[0]!r} already; rename it first")


def _failures(records: list[Record]) -> bytes:
    return json_lines({"place": r.place, "error": r.error, **r.fields} for r in records)
