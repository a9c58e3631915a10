"""A page with the entities marked, for few texts."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from shutil import copyfileobj
from typing import Any, BinaryIO

from spacy import displacy
from spacy.displacy.templates import TPL_PAGE
from spacy.tokens import Doc
from spacy.util import escape_html

from spacy_ner_archs.inference.entities import entity_rows
from spacy_ner_archs.inference.writing.found import Found

#: Stands where the texts belong.
PLACE = "{texts}"


def encode_html(found: Iterable[Found]) -> bytes:
    """Texts with their entities, marked by displaCy; without a page around them."""
    docs = [_marked(each.doc) for each in found]
    return displacy.render(docs, style="ent", manual=True, page=False, jupyter=False).encode()


def _marked(doc: Doc) -> dict[str, Any]:
    # displaCy escapes the text, and not the labels
    ents = [{**ent, "label": escape_html(ent["label"])} for ent in entity_rows(doc)]
    return {"text": doc.text, "ents": ents, "title": None}


def join_html(shards: Sequence[Path], file: BinaryIO) -> None:
    """A page of several shards."""
    page = TPL_PAGE.format(content=PLACE, lang="en", dir="ltr")
    before, after = page.split(PLACE)
    file.write(before.encode())
    for shard in shards:
        with shard.open("rb") as texts:
            copyfileobj(texts, file)
    file.write(after.encode())
