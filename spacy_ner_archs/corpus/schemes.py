"""Tag schemes: how a row of tags spells entities.

| scheme | a PER of three tokens   | of one | an entity's first tag                          |
|--------|-------------------------|--------|------------------------------------------------|
| IOB1   | I-PER I-PER I-PER       | I-PER  | B- only right after an entity of the same type |
| IOB2   | B-PER I-PER I-PER       | B-PER  | always B-                                      |
| BIOES  | B-PER I-PER E-PER       | S-PER  | B- or S-                                       |
| BILUO  | B-PER I-PER L-PER       | U-PER  | B- or U-                                       |

Everywhere `O` is a token outside of any entity and `-` a token that nobody annotated. Nothing is
known of a `-` token: no entity contains it. Tags with I- alone (sometimes called IO) are IOB1.

IOB1: Ramshaw and Marcus 1995, https://aclanthology.org/W95-0107
IOB2: Tjong Kim Sang and Veenstra 1999, https://aclanthology.org/E99-1023
BILUO: Ratinov and Roth 2009, https://aclanthology.org/W09-1119. BIOES differs only in letters.

`decode` needs no scheme: one rule, that of the CoNLL scorer conlleval, reads all four, and broken
tags too. A row of tags is valid in a scheme when encoding what was decoded gives the same row.
(spaCy's `iob_to_biluo` and `biluo_to_iob` know neither IOB1 nor BIOES and pass broken tags on.)
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Literal, NamedTuple, get_args

from spacy_ner_archs.corpus.errors import ConversionError

Scheme = Literal["iob1", "iob2", "bioes", "biluo"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)

OUTSIDE = "O"
MISSING = "-"

# the letters of an entity's first, inner and last token, and of an entity of one token
_LETTERS: dict[Scheme, tuple[str, str, str, str]] = {
    "iob1": ("I", "I", "I", "I"),
    "iob2": ("B", "I", "I", "B"),
    "bioes": ("B", "I", "E", "S"),
    "biluo": ("B", "I", "L", "U"),
}


class Entity(NamedTuple):
    """The tokens from start up to, not including, end."""

    start: int
    end: int
    label: str


@cache
def split_tag(tag: str) -> tuple[str, str]:
    """The letter and the label of a tag; the label may contain dashes, and is "" for O and -.

    RAISES (ConversionError): Where the text is no tag of any scheme.
    """
    if tag in (OUTSIDE, MISSING):
        return tag, ""
    letter, dash, label = tag.partition("-")
    if letter not in ("B", "I", "E", "S", "L", "U") or not dash or not label:
        raise ConversionError(f"{tag!r:.60} is not a tag; tags are O, B-LABEL, I-LABEL, ... or -")
    if label != label.strip():
        raise ConversionError(f"{tag!r:.60} has white space around its label; remove it")
    return letter, label


def decode(tags: Iterable[str]) -> list[Entity]:
    """The entities of one sentence, whatever the scheme, as conlleval reads them.

    A token continues an entity only if its tag can (I, E, L), the tag before it can be continued
    (B, I), and both have one label. All other tags but O and - start an entity.
    """
    entities: list[Entity] = []
    previous = (OUTSIDE, "")
    for i, tag in enumerate(tags):
        letter, label = split_tag(tag)
        if letter in "IEL" and previous[0] in "BI" and label == previous[1]:
            entities[-1] = entities[-1]._replace(end=i + 1)
        elif label:
            entities.append(Entity(i, i + 1, label))
        previous = letter, label
    return entities


def encode(entities: Iterable[Entity], length: int, scheme: Scheme) -> list[str]:
    """The tags of one sentence of that length; the entities are in order and don't overlap."""
    begin, inside, last, unit = _LETTERS[scheme]
    tags = [OUTSIDE] * length
    previous = Entity(0, 0, "")
    for entity in entities:
        size = entity.end - entity.start
        letters = [unit] if size == 1 else [begin, *[inside] * (size - 2), last]
        if scheme == "iob1" and (previous.end, previous.label) == (entity.start, entity.label):
            letters[0] = "B"
        tags[entity.start : entity.end] = [f"{letter}-{entity.label}" for letter in letters]
        previous = entity
    return tags


def convert_tags(tags: Sequence[str], scheme: Scheme) -> list[str]:
    """One sentence's tags, of any scheme, in this scheme. Missing tags stay missing."""
    converted = encode(decode(tags), len(tags), scheme)
    return [MISSING if old == MISSING else new for old, new in zip(tags, converted, strict=True)]


class Context(NamedTuple):
    """A tag and its neighbours in the sentence, O beyond the sentence's ends.

    Nothing else decides whether a scheme allows the tag, and what another scheme has in its place.
    """

    previous: str
    tag: str
    next: str


def convert_tag(context: Context, scheme: Scheme) -> str:
    """The tag, of any scheme, in this scheme: what `convert_tags` makes of it in its sentence."""
    return convert_tags(context, scheme)[1]


def find_violation(contexts: Iterable[Context], scheme: Scheme) -> int | None:
    """The index of the first tag that isn't as the scheme has it; None if all of them are."""
    return _find(contexts, lambda context: convert_tag(context, scheme) != context.tag)


class Detection(NamedTuple):
    """A file's scheme.

    conflict: The indices of two contexts that no one scheme allows together.
    """

    scheme: Scheme
    conflict: tuple[int, int] | None = None


def detect(contexts: Sequence[Context]) -> Detection:
    """The scheme that the tags themselves give away.

    E- and S- tags occur in BIOES only, L- and U- in BILUO only, and each of their entities has
    one. Between the others, a B- at the start of an entity with no entity of its type before it
    excludes IOB1, and an I- at the start of an entity excludes IOB2; the first entity of a file
    is always one or the other. Text without entities counts as IOB2.
    """
    bioes = _find(contexts, lambda context: split_tag(context.tag)[0] in "ES")
    biluo = _find(contexts, lambda context: split_tag(context.tag)[0] in "LU")
    if bioes is not None and biluo is not None:
        return Detection("bioes", (bioes, biluo))
    if bioes is not None or biluo is not None:
        return Detection("biluo" if bioes is None else "bioes")
    not_iob1 = find_violation(contexts, "iob1")
    not_iob2 = find_violation(contexts, "iob2")
    if not_iob1 is not None and not_iob2 is not None:
        return Detection("iob2", (not_iob1, not_iob2))
    return Detection("iob2" if not_iob2 is None else "iob1")


def _find(contexts: Iterable[Context], is_it: Callable[[Context], bool]) -> int | None:
    return next((i for i, context in enumerate(contexts) if is_it(context)), None)
