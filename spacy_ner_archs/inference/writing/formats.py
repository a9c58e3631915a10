"""What an output can be."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from shutil import copyfileobj
from typing import BinaryIO, NamedTuple

from spacy_ner_archs.inference.writing.conll import encode_conll, encode_conll_with_probability
from spacy_ner_archs.inference.writing.docbin import encode_spacy, join_spacy
from spacy_ner_archs.inference.writing.found import Found
from spacy_ner_archs.inference.writing.html import encode_html, join_html
from spacy_ner_archs.inference.writing.jsonl import encode_gzipped, encode_jsonl


class Format(NamedTuple):
    """ending: of its files. encode: from annotated texts to a shard. join: from shards to a
    file."""

    ending: str
    encode: Callable[[Iterable[Found]], bytes]
    join: Callable[[Sequence[Path], BinaryIO], None]


def one_behind_another(shards: Sequence[Path], file: BinaryIO) -> None:
    for shard in shards:
        with shard.open("rb") as opened:
            copyfileobj(opened, file)


def _encode_parquet(found: Iterable[Found]) -> bytes:
    from spacy_ner_archs.inference.writing.parquet import encode_parquet

    return encode_parquet(found)


def _join_parquet(shards: Sequence[Path], file: BinaryIO) -> None:
    from spacy_ner_archs.inference.writing.parquet import join_parquet

    join_parquet(shards, file)


#: By their names. pyarrow is an extra, so that Parquet's is imported where it is used.
FORMATS = {
    "jsonl": Format(".jsonl", encode_jsonl, one_behind_another),
    "jsonl.gz": Format(".jsonl.gz", encode_gzipped, one_behind_another),
    "parquet": Format(".parquet", _encode_parquet, _join_parquet),
    "conll": Format(".conll", encode_conll, one_behind_another),
    "conll-probabilities": Format(".conll", encode_conll_with_probability, one_behind_another),
    "spacy": Format(".spacy", encode_spacy, join_spacy),
    "html": Format(".html", encode_html, join_html),
}


def format_of(path: Path) -> str | None:
    """The name of a file's format, by its ending; None for a name without one: a folder's. Raises
    ValueError, in one line, for other endings."""
    for name, format in FORMATS.items():
        if path.name.lower().endswith(format.ending):
            return name
    if path.suffix:
        endings = ", ".join(dict.fromkeys(format.ending for format in FORMATS.values()))
        raise ValueError(f"{path}: no output ends so; name a file ({endings}) or a folder")
    return None
