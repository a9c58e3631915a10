"""What is known of texts to Docs."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from spacy.tokens import Doc, Span
from spacy.util import get_words_and_spaces

from spacy_ner_archs.annotators.merging import Known
from spacy_ner_archs.annotators.reading.answer import Marked
from spacy_ner_archs.corpus.rejected_spans import INCORRECT


@dataclass
class DocMaker:
    """make_doc: a tokenizer, for texts whose tokens aren't given. is_complete: are tokens outside
    of entities known to be so? None to go by what is known. repair: expand spans to the tokens
    instead of refusing them. repaired: how many, so far."""

    make_doc: Callable[[str], Doc]
    incorrect_key: str = INCORRECT
    is_complete: bool | None = None
    repair: bool = False
    repaired: Counter[str] = field(default_factory=Counter)

    def __call__(self, known: Known) -> Doc:
        """The doc of a text. Raises CorpusError, in one line, for tokens that aren't the text's,
        and for spans that don't fit them."""
        doc = self._tokens(known)
        entities = [self._entity(known, doc, span) for span in known.spans]
        _refuse_overlap(known, entities)
        is_complete = known.is_complete if self.is_complete is None else self.is_complete
        doc.set_ents(entities, default="outside" if is_complete else "missing")
        wrong = [span for each in known.wrong for span in self._wrong(known, doc, each)]
        if wrong:
            doc.spans[self.incorrect_key] = wrong
        return doc

    def _tokens(self, known: Known) -> Doc:
        if known.words is None:
            return self.make_doc(known.text)
        try:
            words, spaces = get_words_and_spaces(known.words, known.text)
            return Doc(self.make_doc("").vocab, words, spaces)
        except ValueError:
            raise known.place.error(
                f"its tokens aren't those of {known.text!r:.60}; remove them to use spaCy's"
            ) from None

    def _entity(self, known: Known, doc: Doc, marked: Marked) -> Span:
        span = _fitting(doc, marked)
        if span is None and self.repair and (span := _expanded(doc, marked)):
            self.repaired["expanded"] += 1
        if span is None:
            raise known.place.error(_misfit(known, doc, marked))
        return span

    def _wrong(self, known: Known, doc: Doc, marked: Marked) -> Iterable[Span]:
        """An expanded span may be right, so one that doesn't fit is left out: it says nothing."""
        if span := _fitting(doc, marked):
            return [span]
        if not self.repair:
            raise known.place.error(_misfit(known, doc, marked))
        self.repaired["left out"] += 1
        return []


def _fitting(doc: Doc, marked: Marked) -> Span | None:
    """Entities neither begin nor end with white space, whatever the tokens."""
    text = doc.text[marked.start : marked.end]
    return None if text.strip() != text else doc.char_span(*marked)


def _expanded(doc: Doc, marked: Marked) -> Span | None:
    """None for one of white space alone."""
    text = doc.text[marked.start : marked.end]
    start = marked.start + len(text) - len(text.lstrip())
    end = start + len(text.strip())
    if start == end:
        return None
    return doc.char_span(start, end, marked.label, alignment_mode="expand")


def _misfit(known: Known, doc: Doc, marked: Marked) -> str:
    around = _expanded(doc, marked)
    what = f"{marked.shown(known.text)} doesn't begin and end with a token"
    if around is None:
        return f"{what}: it is white space; remove it"
    return f"{what}: {around.text!r:.60} would. Correct it, or add --repair to expand such spans"


def _refuse_overlap(known: Known, entities: list[Span]) -> None:
    """Of spans that were expanded."""
    for one, other in pairwise(entities):
        if other.start < one.end:
            raise known.place.error(
                f"{one.text!r:.60} ({one.label_}) and {other.text!r:.60} ({other.label_}) overlap "
                "when they are expanded to tokens; correct one"
            )
