import random
from collections.abc import Callable, Iterator

from spacy.language import Language
from spacy.training import Example

from spacy_ner_archs.training.variants import make_example, parts_of


def create_change_case(
    lower: float, upper: float
) -> Callable[[Language, Example], Iterator[Example]]:
    """Augmenter that adds copies of examples in lower and in upper case, for text such as chats
    and headlines. A copy keeps sentences and entities, and no other annotation.

    lower (float): Share of the examples that get a lower-cased copy.
    upper (float): Share of the examples that get an upper-cased copy.
    """

    def augment(nlp: Language, example: Example) -> Iterator[Example]:
        yield example
        for level, change in ((lower, str.lower), (upper, str.upper)):
            if random.random() < level:
                yield _change(nlp, example, change)

    return augment


def _change(nlp: Language, example: Example, change: Callable[[str], str]) -> Example:
    return make_example(
        nlp,
        (
            part._replace(words=[change(word) for word in part.words])
            for part in parts_of(example.reference)
        ),
        example.reference,
    )
