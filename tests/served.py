"""A service on the loopback, and texts that it fails on or waits with."""

from contextlib import contextmanager
from threading import Event, Thread

from spacy.language import Language

from spacy_ner_archs.serving.server import Server, bound_socket

#: Open unless a test shuts it: texts with the word "gate" wait for it.
GATE = Event()
#: Whether one waits.
AT_GATE = Event()


@Language.component("serving_test_gate")
def gate(doc):
    if "fails" in doc.text:
        raise ValueError("it fails,\nas it says")
    if "gate" in doc.text:
        AT_GATE.set()
        assert GATE.wait(10)
    return doc


@contextmanager
def running(app):
    """The address of a service, and its server."""
    bound, listening = bound_socket("127.0.0.1", 0), Event()
    server = Server(app, listening.set)
    thread = Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    assert listening.wait(10)
    try:
        yield f"http://127.0.0.1:{bound.getsockname()[1]}", server
    finally:
        server.should_exit = True
        thread.join(15)
        assert not thread.is_alive()
