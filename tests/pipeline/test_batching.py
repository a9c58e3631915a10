"""Docs go through a component in batches, and with two threads one batch is read ahead."""

import time

import pytest
import torch
from spacy.tokens import Doc
from tagger_table import TAGGERS, ents, make_nlp, train

from spacy_ner_archs.pipeline import batching
from spacy_ner_archs.pipeline.batching import one_ahead, start_batches


@pytest.fixture(scope="module")
def nlp():
    nlp, examples, optimizer = make_nlp(TAGGERS["CharCNNBiLSTMCRF.v1"])
    train(nlp, examples, optimizer, 20)
    return nlp


def start(log):
    """Logs what is started and what is waited for."""

    def start_item(item):
        log.append(f"start {item}")
        return lambda: log.append(f"wait {item}")

    return start_item


def test_the_next_item_is_started_before_one_is_given():
    log = []
    for wait_for in one_ahead(start(log), "abc"):
        wait_for()
    assert log == ["start a", "start b", "wait a", "start c", "wait b", "wait c"]


def test_an_item_that_cannot_be_read_is_raised_after_those_before_it():
    def items():
        yield "a"
        yield "b"
        raise OSError("gone")

    log = []
    given = one_ahead(start(log), items())
    for _ in range(2):
        next(given)()
    with pytest.raises(OSError, match="gone"):
        next(given)
    assert log == ["start a", "start b", "wait a", "wait b"]


def test_what_was_started_has_ended_when_it_is_closed():
    log = []
    given = one_ahead(start(log), "abc")
    next(given)
    given.close()
    assert log == ["start a", "start b", "wait b"]


@pytest.mark.parametrize("at_once", [False, True])
def test_results_are_in_the_docs_order_and_empty_docs_get_theirs(nlp, at_once):
    docs = [Doc(nlp.vocab, words=["a"] * n) for n in (3, 0, 600, 1, 0, 3)]
    found = start_batches(
        lambda batch: [len(docs[i]) for i in batch], docs, lambda: "empty", at_once=at_once
    )()
    assert found == [3, "empty", 600, 1, "empty", 3]


@pytest.fixture(params=[1, 2])
def threads(request):
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


def docs_of(nlp, n):
    return [Doc(nlp.vocab, words=["Paris", "Hilton", "likes", "Paris"]) for _ in range(n)]


def test_docs_before_a_failure_of_the_stream_are_given(nlp, threads):
    """As in spaCy's components, those of a batch that couldn't be filled are lost."""

    def stream():
        yield from docs_of(nlp, 5)
        raise OSError("gone")

    pipe = nlp.get_pipe("ner").pipe(stream(), batch_size=2)
    given = [next(pipe) for _ in range(4)]
    assert all(doc.has_annotation("ENT_IOB") for doc in given)
    with pytest.raises(OSError, match="gone"):
        next(pipe)


def test_a_doc_that_fails_goes_to_the_handler_and_the_others_on(nlp, threads, monkeypatch):
    tagger, failed = nlp.get_pipe("ner"), []
    docs = docs_of(nlp, 7)
    bad = docs[3]
    predict = tagger.model.predict

    def failing(batch):
        if bad in list(batch):
            raise ArithmeticError("this doc")
        return predict(batch)

    monkeypatch.setattr(type(tagger.model), "predict", lambda model, batch: failing(batch))
    monkeypatch.setattr(tagger, "get_error_handler", lambda: handler)

    def handler(name, component, docs, error):
        failed.extend(docs)

    given = list(tagger.pipe(docs, batch_size=3))
    assert failed == [bad]
    assert given == [doc for doc in docs if doc is not bad]


def test_a_reader_that_stops_leaves_no_thread_at_work(nlp, threads, monkeypatch):
    model, events = nlp.get_pipe("ner").model, []
    predict = model.predict

    def slow(_, batch):
        events.append("begun")
        time.sleep(0.05)
        found = predict(batch)
        events.append("ended")
        return found

    monkeypatch.setattr(type(model), "predict", slow)
    stream = nlp.get_pipe("ner").pipe(iter(docs_of(nlp, 40)), batch_size=4)
    next(stream)
    stream.close()
    assert events.count("ended") == events.count("begun") == threads


def test_entities_do_not_depend_on_the_batch(nlp, threads):
    docs = docs_of(nlp, 30)
    expected = ents(map(nlp, docs_of(nlp, 1))) * 30
    for size in (1, 7, 100):
        assert ents(nlp.pipe((doc.copy() for doc in docs), batch_size=size)) == expected


def test_one_thread_has_no_more_batches_than_it_needs(monkeypatch):
    batches = []
    monkeypatch.setattr(batching, "number_of_threads", lambda: 1)
    docs = [range(n) for n in (20, 19, 18, 17) * 16]  # 1,184 tokens
    start_batches(lambda batch: batches.append(batch) or batch, docs, int, at_once=True)()
    assert len(batches) == 1
