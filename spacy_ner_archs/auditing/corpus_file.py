"""An annotated .spacy file, which is read whole and never written."""

from copy import copy
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from spacy.attrs import ENT_IOB, ENT_TYPE
from spacy.tokens import Doc, DocBin
from spacy.vocab import Vocab
from weasel.util import get_checksum

from spacy_ner_archs.corpus.annotated_labels import ANNOTATED_LABELS
from spacy_ner_archs.evaluation.predict import require_spacy_file


@dataclass(frozen=True)
class CorpusFile:
    """checksum: of its bytes."""

    path: Path
    checksum: str
    docbin: DocBin

    @cached_property
    def docs(self) -> list[Doc]:
        """Without user data, which takes longer to read than all the rest, where it doesn't say
        which labels are annotated."""
        some, key = copy(self.docbin), ANNOTATED_LABELS.encode()
        some.user_data = [data if data and key in data else None for data in some.user_data]
        return list(some.get_docs(Vocab()))


def read_corpus(path: Path) -> CorpusFile:
    """Raises ValueError, in one line, for what isn't a .spacy file with entity annotation."""
    require_spacy_file(path)
    corpus = CorpusFile(path, get_checksum(path), _read(path))
    if not any(doc.has_annotation("ENT_IOB") for doc in corpus.docs):
        raise ValueError("no entity annotation in it; is it the right file?")
    return corpus


def _read(path: Path) -> DocBin:
    try:
        docbin = DocBin(store_user_data=True).from_disk(path)
    except Exception as error:  # zlib, msgpack and spaCy raise all kinds of them
        raise ValueError(f"not a .spacy file: {type(error).__name__}: {error}") from error
    if not {int(ENT_IOB), int(ENT_TYPE)} <= set(map(int, docbin.attrs)):
        raise ValueError("no entity annotation in it; is it the right file?")
    return docbin
