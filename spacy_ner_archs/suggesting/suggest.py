"""A stream of texts to the tasks that would teach a pipeline most."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count, islice

from spacy.language import Language
from spacy.tokens import Doc

from spacy_ner_archs.annotators.task import Task
from spacy_ner_archs.inference.reading.record import Record
from spacy_ner_archs.inference.shards import cut
from spacy_ner_archs.inference.texts import annotate
from spacy_ner_archs.pipeline.find_tagger import find_tagger
from spacy_ner_archs.pipeline.memory import forget_words, memory_zone
from spacy_ner_archs.suggesting.choice import REPEATED, Option, Shortlist, by_gain
from spacy_ner_archs.suggesting.question import Asker, Question
from spacy_ner_archs.suggesting.uncertainty import DIGITS

#: Texts that are computed at a time.
PIECE = 1000
#: Options on the shortlist, for each that is wanted.
SPARE = 10

#: A place, and a doc or the reason why there is none.
Placed = tuple[str, Doc | None, str | None]


@dataclass
class Suggester:
    """Chooses tasks from texts.

    ask: makes the questions. n: how many tasks. repeated: see `by_gain`. exclude: texts that are
    left out. n_texts, n_excluded: that were read, and left out. failed: places of texts that can't
    be read, with the reasons.
    """

    nlp: Language
    ask: Asker
    n: int
    repeated: float = REPEATED
    exclude: frozenset[str] = frozenset()
    n_texts: int = 0
    n_excluded: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Raises ValueError for a pipeline without an `ner_tagger`."""
        self.tagger = find_tagger(self.nlp)

    def __call__(self, records: Iterable[Record]) -> list[Task]:
        """The tasks, the best first, each of which has its gain as its score, in nats. The texts
        are read once, and few of them are held."""
        shortlist: Shortlist[Task] = Shortlist(SPARE * self.n)
        numbers = count()
        with self.nlp.select_pipes(disable=self._not_needed()):
            for piece in cut(records, PIECE):
                forget_words(self.nlp)
                with memory_zone(self.nlp):
                    for source, question in self._questions(piece):
                        self._offer(shortlist, next(numbers), source, question)
        best = islice(by_gain(shortlist, self.repeated), self.n)
        return [_scored(option.item, gain) for option, gain in best]

    def _not_needed(self) -> list[str]:
        """The tagger, which is asked for more than entities, and what comes after it."""
        pipes = [pipe for _, pipe in self.nlp.pipeline]
        return self.nlp.pipe_names[pipes.index(self.tagger) :]

    def _questions(self, records: list[Record]) -> Iterator[tuple[str, Question]]:
        placed = [(r.place, doc) for r, doc in self._docs(records) if self._is_wanted(doc)]
        asked = self.ask(self.tagger, [doc for _, doc in placed])
        for (place, _), questions in zip(placed, asked, strict=True):
            yield from ((place, question) for question in questions)

    def _docs(self, records: list[Record]) -> Iterator[tuple[Record, Doc]]:
        """Those that have a doc; the others are appended to `failed`."""
        annotated = annotate(self.nlp, [r.text for r in records if r.text is not None], None)
        for record in records:
            self.n_texts += 1
            doc, error = (None, record.error) if record.text is None else next(annotated)
            if doc is None:
                self.failed.append((record.place, str(error)))
            else:
                yield record, doc

    def _is_wanted(self, doc: Doc) -> bool:
        is_excluded = doc.text in self.exclude
        self.n_excluded += is_excluded
        return len(doc) > 0 and not is_excluded

    def _offer(
        self, shortlist: Shortlist[Task], number: int, source: str, question: Question
    ) -> None:
        if question.value > 0:
            shortlist.add(
                question.key,
                question.value,
                lambda: Option(question.task(source), number, question.value, question.doubts),
            )


def _scored(task: Task, gain: float) -> Task:
    return replace(task, meta={**task.meta, "score": round(gain, DIGITS)})
