from collections.abc import Callable, Iterable, Iterator
from itertools import chain

from spacy.language import Language
from spacy.training import Example

Augmenter = Callable[[Language, Example], Iterator[Example]]


def create_combine_augmenters(*augmenters: Augmenter) -> Augmenter:
    """Augmenter that gives what the first one makes of an example to the second, and so on.

    augmenters (Callable[[Language, Example], Iterator[Example]]): This package's or spaCy's, in
        the config as sections below `*`: [corpora.train.augmenter.*.mentions].
    """

    def augment(nlp: Language, example: Example) -> Iterator[Example]:
        examples: Iterable[Example] = [example]
        for augmenter in augmenters:
            examples = list(chain.from_iterable(augmenter(nlp, eg) for eg in examples))
        yield from examples

    return augment
