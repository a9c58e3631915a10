"""The service over HTTP, on the loopback."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor
from time import monotonic, sleep

import httpx
import pytest
from served import AT_GATE, running

from spacy_ner_archs.inference.predictor import Settings
from spacy_ner_archs.serving.app import make_app
from spacy_ner_archs.serving.limits import Limits
from spacy_ner_archs.serving.questions import Question, answer

CLIENT = httpx.Client(timeout=20)
WHOLE = {"text": "We saw Ada .", "threshold": 0.2, "min_score": 0.01, "n_best": 2}


def post(address, content):
    return CLIENT.post(f"{address}/entities", json=content)


def metric(address, name):
    """Its value, or 0 where nothing has been counted."""
    lines = CLIENT.get(f"{address}/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith(f"{name} "))


def until(condition):
    end = monotonic() + 10
    while not condition():
        assert monotonic() < end
        sleep(0.005)


def test_one_text_has_the_rows_that_it_has_alone(nlp, service):
    done = post(service, WHOLE)
    (alone,) = answer(nlp, [Question([WHOLE["text"]], Settings(0.2, 0.01), 2)])
    assert (done.status_code, done.json()) == (200, alone.results[0])
    assert done.json()["entities"][0]["text"] == "Ada"


def test_several_texts_are_answered_in_their_order_and_one_may_fail(service):
    done = post(service, {"texts": ["We saw Ada .", "it fails", "", "\N{PILL} We saw Rome ."]})
    ada, failed, empty, rome = done.json()["results"]
    assert failed == {"error": "ValueError: it fails, as it says"}
    assert empty == {"entities": []}
    assert [(row["start"], row["text"]) for row in ada["entities"]] == [(7, "Ada")]
    assert [(row["start"], row["text"]) for row in rome["entities"]] == [(9, "Rome")]


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ('{"text": 1}', 422, "text: Input should be a valid string"),
        ('{"texts": ["a", 1]}', 422, "texts: 1: Input should be a valid string"),
        ("{", 422, "Invalid JSON"),
        ("", 422, "Invalid JSON"),
        ("{}", 422, "give text or texts"),
        ('{"text": "a", "texts": []}', 422, "give text or texts"),
        ('{"txt": "a"}', 422, "txt: Extra inputs are not permitted"),
        ('{"text": "\\ud800"}', 422, "Invalid JSON"),
        (b'{"text": "\xff"}', 422, "Invalid JSON"),
        (
            '{"text": "a", "threshold": 2}',
            422,
            "threshold: Input should be less than or equal to 1",
        ),
        ('{"text": "a", "threshold": {"PER": -1}}', 422, "threshold: PER: Input should be greater"),
        ('{"text": "a", "threshold": {"XX": 0}}', 422, "XX, and the labels are LOC, PER"),
        ('{"text": "a", "threshold": NaN}', 422, "threshold"),
        ('{"text": "a", "min_score": 0}', 422, "min_score: Input should be greater than 0"),
        ('{"text": "a", "n_best": 101}', 422, "n_best: Input should be less than or equal to 100"),
        ('{"text": "it fails"}', 422, "ValueError: it fails, as it says"),
        (json.dumps({"texts": ["a"] * 257}), 413, "257 texts; send at most 256 in a request"),
        (json.dumps({"text": "a" * 100_001}), 413, "100001 characters; send at most 100000"),
        (b" " * 1_300_000, 413, "more than 1265536 bytes"),
    ],
)
def test_a_refusal_is_one_line(service, body, status, detail):
    done = CLIENT.post(f"{service}/entities", content=body)
    assert done.status_code == status
    assert list(done.json()) == ["detail"]
    assert detail in done.json()["detail"]
    assert "\n" not in done.json()["detail"]


@pytest.mark.parametrize(("path", "status"), [("/entities", 405), ("/docs", 404), ("/x", 404)])
def test_what_is_not_there(service, path, status):
    done = CLIENT.get(service + path)
    assert (done.status_code, list(done.json())) == (status, ["detail"])


def test_requests_that_wait_are_computed_together_and_each_gets_its_own(service, shut_gate):
    texts = ["We saw Ada .", "We saw Rome .", "The Nile ."] * 10
    alone = [post(service, {"text": text}).json()["entities"] for text in texts[:3]]
    n_batches = metric(service, "ner_batch_texts_count")
    with ThreadPoolExecutor(31) as clients:
        first = clients.submit(post, service, {"text": "the gate"})
        assert AT_GATE.wait(10)
        others = [
            clients.submit(post, service, {"text": text, "threshold": 0.5 if i % 2 else None})
            for i, text in enumerate(texts)
        ]
        until(lambda: metric(service, "ner_waiting_texts") >= len(texts))
        shut_gate.set()
        assert first.result().status_code == 200
    for i, done in enumerate(others):
        found = done.result().json()["entities"]
        assert [row["text"] for row in found] == [row["text"] for row in alone[i % 3]]
    assert metric(service, "ner_batch_texts_count") == n_batches + 2


def test_a_client_that_leaves_is_dropped_from_the_queue(service, shut_gate):
    n_texts = metric(service, "ner_texts_total")
    with ThreadPoolExecutor(2) as clients:
        busy = clients.submit(post, service, {"text": "the gate"})
        assert AT_GATE.wait(10)
        leaving = connected(service)
        body = json.dumps({"text": "never computed"}).encode()
        head = f"POST /entities HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        leaving.sendall(head.encode() + body)
        until(lambda: metric(service, "ner_waiting_texts") == 1)
        leaving.close()
        until(lambda: metric(service, "ner_waiting_texts") == 0)
        after = clients.submit(post, service, {"text": "We saw Ada ."})
        shut_gate.set()
        assert (busy.result().status_code, after.result().status_code) == (200, 200)
    assert metric(service, "ner_texts_total") == n_texts + 2


def test_a_full_queue_is_status_503_and_ending_answers_what_waits(nlp, shut_gate):
    app = make_app(nlp, "tiny", Limits(waiting=1))
    with running(app) as (address, server), ThreadPoolExecutor(3) as clients:
        first = clients.submit(post, address, {"text": "the gate"})
        assert AT_GATE.wait(10)
        second = clients.submit(post, address, {"text": "We saw Ada ."})
        until(lambda: metric(address, "ner_waiting_texts") == 1)
        refused = post(address, {"text": "We saw Rome ."})
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
        assert refused.json() == {"detail": "too many texts wait; try again"}
        server.should_exit = True  # as Ctrl-C does
        until(lambda: not can_connect(address))
        shut_gate.set()
        assert (first.result().status_code, second.result().status_code) == (200, 200)


def connected(address):
    url = httpx.URL(address)
    return socket.create_connection((url.host, url.port))


def can_connect(address):
    try:
        connected(address).close()
    except OSError:
        return False
    return True


def test_the_pipeline_tells_of_itself(nlp, service):
    about = CLIENT.get(f"{service}/model").json()
    assert (about["name"], about["labels"], about["probabilities"]) == (
        "tiny",
        ["LOC", "PER"],
        True,
    )
    assert about["meta"]["lang"] == nlp.meta["lang"]
    assert {"spacy", "torch", "spacy-ner-archs"} <= about["versions"].keys()
    assert CLIENT.get(f"{service}/health").json() == {"status": "ok"}


def test_metrics_count_requests_texts_and_words(service):
    requests = 'ner_requests_total{path="/entities",status="200"}'
    names = (requests, "ner_texts_total", "ner_words_total", "ner_failed_texts_total")
    before = [metric(service, name) for name in names]
    post(service, {"texts": ["We saw Ada .", "it fails", "two words"]})
    assert [metric(service, name) - n for name, n in zip(names, before, strict=True)] == [
        1,
        3,
        6,
        1,
    ]
    assert metric(service, 'ner_requests_total{path="other",status="404"}') > 0


def test_the_examples_of_the_description_are_answered(service):
    operation = CLIENT.get(f"{service}/openapi.json").json()["paths"]["/entities"]["post"]
    content = operation["requestBody"]["content"]["application/json"]
    for example in content["examples"].values():
        assert example["value"].keys() <= content["schema"]["properties"].keys()
        assert post(service, example["value"]).status_code == 200
    assert operation["responses"].keys() == {"200", "413", "422", "503"}
