"""Small networks compute in threads that have one torch thread each."""

import subprocess
import sys
import time
from multiprocessing import get_context
from threading import Barrier, Thread, current_thread, main_thread

import pytest
import torch

from spacy_ner_archs.torch_layers.bilstm import BiLSTM
from spacy_ner_archs.torch_layers.threads import at_once, in_one_thread, map_in_threads

pytestmark = pytest.mark.usefixtures("two_threads")


def torch_threads_of_a_new_thread():
    seen = []
    thread = Thread(target=lambda: seen.append(torch.get_num_threads()))
    thread.start()
    thread.join()
    return seen[0]


def test_the_function_has_one_torch_thread_and_its_caller_as_many_as_before():
    assert in_one_thread(torch.get_num_threads) == 1
    assert in_one_thread(lambda: in_one_thread(torch.get_num_threads)) == 1
    assert torch.get_num_threads() == 2
    assert torch_threads_of_a_new_thread() == 2


def test_with_one_torch_thread_nothing_changes_threads():
    torch.set_num_threads(1)
    assert in_one_thread(current_thread) is current_thread()
    assert map_in_threads(lambda _: current_thread(), range(3)) == [current_thread()] * 3


def test_several_items_are_computed_at_once():
    both_are_here = Barrier(2, timeout=30)
    waited = map_in_threads(lambda item: (both_are_here.wait(), item)[1], range(8))
    assert waited == list(range(8))


def test_an_error_reaches_the_caller_and_leaves_all_threads_idle():
    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            map_in_threads(lambda item: 1 // item, [1, 0, 2])
    both_are_here = Barrier(2, timeout=30)
    map_in_threads(lambda _: both_are_here.wait(), range(2))


def test_parts_are_computed_at_once_where_a_thread_is_idle():
    both_are_here = Barrier(2, timeout=30)
    grad_modes = []

    def part(X):
        both_are_here.wait()
        grad_modes.append(torch.is_grad_enabled())
        return X + 1

    def whole():
        with torch.no_grad():
            return at_once((part, torch.zeros(1)), (part, torch.ones(1)))

    assert torch.cat(in_one_thread(whole)).tolist() == [1.0, 2.0]
    assert grad_modes == [False, False]
    assert [Y.item() for Y in at_once((torch.neg, torch.ones(1)))] == [-1.0]


def test_gradients_are_those_of_one_thread():
    lstm = BiLSTM(nI=5, nO=8, depth=2)
    X = torch.randn(12, 5)

    def gradients():
        leaf = X.clone().requires_grad_()
        with torch.enable_grad():
            lstm(leaf, [7, 4, 1]).pow(2).sum().backward()
        found = [leaf.grad, *(weights.grad for weights in lstm.parameters())]
        lstm.zero_grad()
        return found

    expected = gradients()
    for _ in range(20):
        for ours, alone in zip(in_one_thread(gradients), expected, strict=True):
            torch.testing.assert_close(ours, alone)


def test_a_graph_of_parts_has_gradients_outside_of_the_threads_too():
    X = torch.ones(2, requires_grad=True)

    def double():
        with torch.enable_grad():
            return sum(at_once((torch.mul, X, torch.tensor(2.0)), (torch.square, X)))

    in_one_thread(double).sum().backward()
    assert X.grad.tolist() == [4.0, 4.0]


def compute_in_child(queue):
    threads = map_in_threads(lambda _: torch.get_num_threads(), range(2))
    queue.put((threads, torch.get_num_threads(), current_thread() is main_thread()))


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_another_process_has_threads_of_its_own(method):
    in_one_thread(torch.get_num_threads)  # this process has its threads already
    context = get_context(method)
    queue = context.Queue()
    process = context.Process(target=compute_in_child, args=(queue,))
    process.start()
    threads, of_torch, is_main = queue.get(timeout=60)
    process.join()
    assert (threads, is_main) == ([1, 1], True)
    assert of_torch == 1 or method == "spawn"


def test_networks_work_after_the_main_thread_has_ended():
    code = """
import threading, time, torch
from spacy_ner_archs.torch_layers.threads import in_one_thread
torch.set_num_threads(2)
in_one_thread(torch.get_num_threads)
def late():
    threading.main_thread().join()
    time.sleep(0.1)
    print([in_one_thread(lambda i=i: i) for i in range(5)])
threading.Thread(target=late).start()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("[0, 1, 2, 3, 4]\n", "")


def test_nothing_goes_on_when_the_caller_has_got_an_error():
    ended = []

    def compute(item):
        if item == 0:
            raise ZeroDivisionError
        time.sleep(0.05)
        ended.append(item)

    with pytest.raises(ZeroDivisionError):
        map_in_threads(compute, range(40))
    before = list(ended)
    assert len(before) < 39
    time.sleep(0.2)
    assert ended == before


def test_a_thread_that_cannot_be_started_leaves_torch_as_it_was(monkeypatch):
    start, left = Thread.start, [1]

    def refused(thread):
        if thread.name.startswith("one-torch-thread"):
            if not left[0]:
                raise RuntimeError("can't start new thread")
            left[0] -= 1
        start(thread)

    torch.set_num_threads(3)  # another number than that of the threads that are there
    monkeypatch.setattr(Thread, "start", refused)
    with pytest.raises(RuntimeError, match="can't start new thread"):
        in_one_thread(torch.get_num_threads)
    monkeypatch.undo()
    assert torch.get_num_threads() == torch_threads_of_a_new_thread() == 3
    assert in_one_thread(torch.get_num_threads) == 1
