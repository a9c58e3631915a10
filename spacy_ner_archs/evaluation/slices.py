"""Parts of the entities to score apart: names that are new, long ones, those in long sentences."""

from collections.abc import Iterable

from spacy.tokens import Doc
from spacy.training import Example

from spacy_ner_archs.corpus.schemes import Entity
from spacy_ner_archs.evaluation.counts import Bucket, entity_counts, no_counts
from spacy_ner_archs.evaluation.scores import Scores, scores_of
from spacy_ner_archs.evaluation.shown_sentences import entity_text, sentence_of
from spacy_ner_archs.evaluation.significance import f1_interval

#: Upper limits, and the names of what is within them.
Ranges = tuple[tuple[int | None, str], ...]

ENTITY_LENGTHS: Ranges = ((1, "1"), (2, "2"), (3, "3"), (None, "4 or more"))
SENTENCE_LENGTHS: Ranges = (
    (10, "up to 10"),
    (20, "11 to 20"),
    (40, "21 to 40"),
    (None, "more than 40"),
)


def slice_scores(
    examples: list[Example], names: set[str] | None, resamples: int
) -> dict[str, dict[str, Scores]]:
    """Of each way to divide the entities, the score of each part that has any."""
    ways: dict[str, tuple[Bucket, list[str]]] = {
        "tokens of the entity": (by_entity_length, [name for _, name in ENTITY_LENGTHS]),
        "tokens of the sentence": (by_sentence_length, [name for _, name in SENTENCE_LENGTHS]),
        "case of the sentence": (by_case, ["upper case", "other"]),
    }
    if names is not None:
        ways = {"name in the training data": (by_training(names), ["seen", "unseen"]), **ways}
    slices: dict[str, dict[str, Scores]] = {}
    for way, (bucket, order) in ways.items():
        counts = entity_counts(examples, bucket)
        slices[way] = {
            part: scores_of(
                counts[part].sum(axis=0), f1_interval(counts[part], resamples=resamples)
            )
            for part in order
            if part in counts
        }
    return slices


def fold_scores(examples: list[Example], folds: list[str], resamples: int) -> dict[str, Scores]:
    """The score of each fold. folds: of each example."""
    counts = sum(entity_counts(examples).values(), no_counts(examples))
    rows = {fold: counts[[each == fold for each in folds]] for fold in sorted(set(folds))}
    return {
        fold: scores_of(each.sum(axis=0), f1_interval(each, resamples=resamples))
        for fold, each in rows.items()
    }


def names_in(docs: Iterable[Doc]) -> set[str]:
    """The texts of all entities."""
    return {entity_text(doc, ent) for doc in docs for ent in doc.ents}


def by_training(names: set[str]) -> Bucket:
    """Whether an entity's text is that of an entity of the training data, whatever its label."""
    return lambda doc, entity: "seen" if entity_text(doc, entity) in names else "unseen"


def by_entity_length(doc: Doc, entity: Entity) -> str:
    return _range(entity.end - entity.start, ENTITY_LENGTHS)


def by_sentence_length(doc: Doc, entity: Entity) -> str:
    return _range(len(sentence_of(doc, entity)), SENTENCE_LENGTHS)


def by_case(doc: Doc, entity: Entity) -> str:
    return "upper case" if sentence_of(doc, entity).text.isupper() else "other"


def _range(n: int, ranges: Ranges) -> str:
    return next(name for limit, name in ranges if limit is None or n <= limit)
