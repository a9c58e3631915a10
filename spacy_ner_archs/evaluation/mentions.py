"""How often training data has a text, and as what."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span

from spacy_ner_archs.corpus.schemes import OUTSIDE
from spacy_ner_archs.evaluation.shown_sentences import entity_text

#: Of a text: a label, O where it is in no entity, and how often.
Mentions = Counter[str]


def mentions_of(texts: Iterable[str], docs: Sequence[Doc]) -> dict[str, Mentions]:
    """Of each text that the docs have, with a space between its tokens (`entity_text`), as what
    they have it. Parts of longer entities and tokens without annotation don't count."""
    mentions: dict[str, Mentions] = defaultdict(Counter)
    if not docs:
        return mentions
    vocab = docs[0].vocab
    matcher = PhraseMatcher(vocab)
    matcher.add("text", [Doc(vocab, words=text.split(" ")) for text in sorted(set(texts))])
    for doc in docs:
        entities = {(ent.start, ent.end): ent.label_ for ent in doc.ents}
        for span in matcher(doc, as_spans=True):
            label = entities.get((span.start, span.end)) or (OUTSIDE if _is_outside(span) else "")
            if label:
                mentions[entity_text(doc, span)][label] += 1
    return mentions


def _is_outside(span: Span) -> bool:
    return all(token.ent_iob_ == "O" for token in span)
