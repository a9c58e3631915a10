from collections.abc import Iterable, Iterator

from spacy.tokens import Doc

from spacy_ner_archs.corpus.schemes import OUTSIDE
from spacy_ner_archs.inference.entities import DIGITS
from spacy_ner_archs.inference.writing.found import Found
from spacy_ner_archs.pipeline.entity_scores import score_of


def encode_conll(found: Iterable[Found]) -> bytes:
    """CoNLL text: a token and its tag (IOB2) a line, an empty line behind each text. White space
    between tokens is left out."""
    return _encode(found, with_probability=False)


def encode_conll_with_probability(found: Iterable[Found]) -> bytes:
    """The same, with the probability of the token's entity between the two, `_` where there is
    none."""
    return _encode(found, with_probability=True)


def _encode(found: Iterable[Found], *, with_probability: bool) -> bytes:
    columns = slice(None) if with_probability else slice(None, None, 2)
    texts = (
        "".join("\t".join(row[columns]) + "\n" for row in _rows(each.doc)) + "\n" for each in found
    )
    return "".join(texts).encode()


def _rows(doc: Doc) -> Iterator[tuple[str, str, str]]:
    """Word, probability and tag of each token."""
    scores = {ent.start: score_of(ent) for ent in doc.ents}
    score, begins = None, False
    for token in doc:
        if token.ent_iob_ == "B":
            score, begins = scores[token.i], True
        if token.is_space:
            continue
        if not token.ent_type_:
            yield token.text, "_", OUTSIDE
            continue
        yield token.text, _shown(score), f"{'B' if begins else 'I'}-{token.ent_type_}"
        begins = False


def _shown(score: float | None) -> str:
    return "_" if score is None else f"{score:.{DIGITS}f}"
