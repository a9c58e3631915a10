"""What waits is computed together, in order, and what is cancelled is not."""

import asyncio
from threading import Event

import pytest

from spacy_ner_archs.serving.inference_queue import InferenceQueue, QueueFull
from spacy_ner_archs.serving.limits import Limits
from spacy_ner_archs.serving.metrics import Metrics
from spacy_ner_archs.serving.questions import Answer, Question


class Computing:
    """Notes the batches. The first one waits until it may go on."""

    def __init__(self):
        self.batches, self.may_go_on = [], Event()

    def __call__(self, questions):
        self.batches.append([question.texts[0] for question in questions])
        if len(self.batches) == 1:
            assert self.may_go_on.wait(10)
        return [self.answer(question) for question in questions]

    def answer(self, question):
        if question.texts[0] == "wrong":
            return ValueError("wrong")
        if question.texts[0] == "crash":
            raise MemoryError
        return Answer([{"entities": text} for text in question.texts], 1)


def run(steps, **limits):
    """Take these steps with a queue, whose thread is busy with a first text; the batches after."""
    computing, metrics = Computing(), Metrics()

    async def all_steps():
        queue = InferenceQueue(computing, Limits(**limits), metrics)
        first = queue.put(Question(["first"]))
        while not computing.batches:
            await asyncio.sleep(0)
        await steps(queue, computing.may_go_on.set)
        computing.may_go_on.set()
        await first
        queue.close()

    asyncio.run(asyncio.wait_for(all_steps(), 20))
    assert metrics.registry.get_sample_value("ner_waiting_texts") == 0
    return computing.batches[1:]


def put(queue, *texts):
    return [queue.put(Question([text])) for text in texts]


def test_what_waits_is_the_next_batch():
    async def steps(queue, go_on):
        waiting = put(queue, "a", "b", "c")
        go_on()
        found = await asyncio.gather(*waiting)
        assert [answer.results for answer in found] == [[{"entities": text}] for text in "abc"]
        await queue.put(Question(["d"]))

    assert run(steps) == [["a", "b", "c"], ["d"]]


def test_what_arrives_at_one_time_is_one_batch_though_the_thread_is_free():
    async def steps(queue, go_on):
        go_on()
        await queue.put(Question(["a"]))
        await asyncio.gather(*put(queue, "b", "c"))

    assert run(steps)[-1] == ["b", "c"]


@pytest.mark.parametrize("limits", [{"batch": 2}, {"chars": 2}])
def test_a_batch_has_a_largest_size(limits):
    async def steps(queue, go_on):
        waiting = put(queue, "a", "b", "c", "longer", "d")
        go_on()
        await asyncio.gather(*waiting)

    batches = run(steps, **limits)
    assert batches[0] == ["a", "b"]
    assert [text for batch in batches for text in batch] == ["a", "b", "c", "longer", "d"]


def test_what_is_cancelled_is_not_computed_and_makes_room():
    async def steps(queue, go_on):
        a, b = put(queue, "a", "b")
        a.cancel()
        await asyncio.sleep(0)
        (c,) = put(queue, "c")
        go_on()
        await asyncio.gather(b, c)

    assert run(steps, waiting=2) == [["b", "c"]]


def test_what_is_cancelled_while_it_is_computed_harms_no_other():
    async def steps(queue, go_on):
        a, b = put(queue, "a", "b")
        go_on()
        await b
        (c,) = put(queue, "c")
        c.cancel()
        (d,) = put(queue, "d")
        assert (await d).results == [{"entities": "d"}]
        await a

    assert run(steps)[0] == ["a", "b"]


def test_a_full_queue_takes_no_more_until_there_is_room():
    async def steps(queue, go_on):
        waiting = put(queue, "a", "b")
        with pytest.raises(QueueFull):
            queue.put(Question(["c"]))
        go_on()
        await asyncio.gather(*waiting)
        await queue.put(Question(["c"]))

    assert run(steps, waiting=2) == [["a", "b"], ["c"]]


def test_what_can_never_fit_is_taken_when_nothing_waits():
    async def steps(queue, go_on):
        go_on()
        assert len((await queue.put(Question(["a", "b", "c"]))).results) == 3

    assert run(steps, waiting=2) == [["a"]]


def test_an_error_is_that_of_one_question_and_a_crash_that_of_its_batch():
    async def steps(queue, go_on):
        wrong, right = put(queue, "wrong", "right")
        go_on()
        with pytest.raises(ValueError, match="wrong"):
            await wrong
        await right
        with pytest.raises(MemoryError):
            await queue.put(Question(["crash"]))
        await queue.put(Question(["after it"]))

    assert run(steps) == [["wrong", "right"], ["crash"], ["after it"]]
