import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from spacy.language import Language
from spacy.training import Corpus, Example

from spacy_ner_archs.training.variants import Part, make_example, parts_of

Mentions = dict[str, list[list[str]]]


def create_replace_mentions(
    path: Path, level: float
) -> Callable[[Language, Example], Iterator[Example]]:
    """Augmenter that adds copies of examples, with each entity replaced by one of the same label
    from the training data (Dai & Adel 2020, "mention replacement"). A copy keeps sentences and
    entities, and no other annotation.

    path (Path): .spacy file or folder that the mentions are taken from: the training data.
    level (float): Share of the examples with entities that get a copy.
    """
    mentions: Mentions = {}

    def augment(nlp: Language, example: Example) -> Iterator[Example]:
        yield example
        if not example.reference.ents or random.random() >= level:
            return
        if not mentions:
            mentions.update(_collect(eg for eg in Corpus(path)(nlp)))
        parts = (_replace(part, mentions) for part in parts_of(example.reference))
        yield make_example(nlp, parts, example.reference)

    return augment


def _collect(examples: Iterable[Example]) -> Mentions:
    """The different mentions of each label, in an order that doesn't change between runs."""
    found: dict[str, set[tuple[str, ...]]] = {}
    for example in examples:
        for ent in example.reference.ents:
            found.setdefault(ent.label_, set()).add(tuple(token.text for token in ent))
    return {label: [list(words) for words in sorted(texts)] for label, texts in found.items()}


def _replace(part: Part, mentions: Mentions) -> Part:
    if part.label not in mentions:
        return part
    words = random.choice(mentions[part.label])
    first = part.starts_sentence[0]
    starts = [first, *([None if first is None else False] * (len(words) - 1))]
    return part._replace(words=words, starts_sentence=starts)
