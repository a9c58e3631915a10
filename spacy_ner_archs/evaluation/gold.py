"""What a reference says of spans of the predicted doc, whose tokens may be others."""

from collections import Counter
from typing import NamedTuple

from spacy.training import Example

from spacy_ner_archs.decoders.decoder import LabelledSpan


class Gold(NamedTuple):
    """spans: gold entities that begin and end at tokens of the predicted doc. counts: by label, of
    all gold entities. unknown: tokens of the predicted doc whose annotation is missing."""

    spans: set[LabelledSpan]
    counts: Counter[str]
    unknown: set[int]

    def is_known(self, start: int, end: int) -> bool:
        """Whether all tokens of a span are annotated; of others nothing can be said."""
        return self.unknown.isdisjoint(range(start, end))


def gold_of(example: Example) -> Gold:
    """The gold entities and the missing annotation of an example's reference."""
    ents = example.reference.ents
    aligned = example.get_aligned_spans_y2x(ents)
    return Gold(
        {(ent.start, ent.end, ent.label_) for ent in aligned},
        Counter(ent.label_ for ent in ents),
        _unknown(example),
    )


def _unknown(example: Example) -> set[int]:
    missing = [token.i for token in example.reference if not token.ent_iob]
    if not missing:
        return set()
    return {int(i) for token in missing for i in example.alignment.y2x[token]}
