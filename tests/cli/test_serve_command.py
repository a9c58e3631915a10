"""`python -m spacy ner serve`"""

import os
import socket
import subprocess
import sys

import httpx
import pytest
import spacy
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner


def run(*args):
    return CliRunner().invoke(ner, ["serve", *map(str, args)])


def refused(done, reason):
    assert done.exit_code == 1
    assert reason in done.stderr
    assert len(done.stderr.splitlines()) == 1
    return True


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serve") / "blank"
    spacy.blank("en").to_disk(folder)
    return folder


def test_a_pipeline_that_is_not_there(tmp_path):
    assert refused(run(tmp_path / "nowhere", "--port", 0), "nowhere: ")


def test_a_pipeline_that_is_not_trained(tmp_path):
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger")
    nlp.to_disk(tmp_path / "model")
    assert refused(run(tmp_path / "model", "--port", 0), "model: can't predict: ")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--host", "no such host"], "--host no such host --port 0: "),
        ([], "--host 127.0.0.1 --port"),
    ],
)
def test_an_address_that_can_not_be_had(blank, options, reason):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = 0 if options else taken.getsockname()[1]
        assert refused(run(blank, "--port", port, *options), reason)


def test_it_answers_until_it_is_told_to_end(blank):
    command = [sys.executable, "-m", "spacy", "ner", "serve", str(blank), "--port", "0"]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(
        command, **streams, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    ) as process:
        line = next(line for line in process.stdout if " answers at " in line)
        address = line.split()[-3]
        done = httpx.post(f"{address}/entities", json={"text": "A secret text"}, timeout=20)
        assert done.json() == {"entities": []}
        process.terminate()
        rest = process.communicate(timeout=20)
    assert process.returncode == 0
    assert rest == ("", "")
