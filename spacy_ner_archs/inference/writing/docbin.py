from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

from spacy.tokens import DocBin

from spacy_ner_archs.inference.writing.found import Found


def encode_spacy(found: Iterable[Found]) -> bytes:
    """A .spacy file of the docs with all annotation and the probabilities, and none of the texts'
    other fields."""
    return DocBin(docs=[each.doc for each in found], store_user_data=True).to_bytes()


def join_spacy(shards: Sequence[Path], file: BinaryIO) -> None:
    """One file of several. All docs are in memory, as where it is read."""
    joined = DocBin(store_user_data=True)
    for shard in shards:
        joined.merge(DocBin(store_user_data=True).from_disk(shard))
    file.write(joined.to_bytes())
