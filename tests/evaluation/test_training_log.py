"""spaCy's console logger's file, as spaCy writes it."""

import json

import pytest
import spacy
from spacy.cli.init_config import init_config
from spacy.tokens import Doc, DocBin
from spacy.training.initialize import init_nlp
from spacy.training.loop import train

from spacy_ner_archs.evaluation.training_log import read_log


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Six steps of a training with a falling rate."""
    folder = tmp_path_factory.mktemp("log")
    doc = Doc(spacy.blank("en").vocab, words=["Ada", "ran"], ents=["B-PER", "O"])
    DocBin(docs=[doc] * 4).to_disk(folder / "corpus.spacy")
    config = init_config(pipeline=["ner"])
    config["paths"].update(train=str(folder / "corpus.spacy"), dev=str(folder / "corpus.spacy"))
    config["training"].update(
        max_steps=6,
        eval_frequency=2,
        logger={
            "@loggers": "spacy.ConsoleLogger.v3",
            "output_file": str(folder / "log.jsonl"),
            "console_output": False,
        },
    )
    config["training"]["optimizer"]["learn_rate"] = {
        "@schedules": "warmup_linear.v1",
        "initial_rate": 0.1,
        "warmup_steps": 2,
        "total_steps": 6,
    }
    train(init_nlp(config), folder)
    return folder


def test_points_are_those_of_the_training(folder):
    points = read_log(folder / "log.jsonl")
    rows = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert [point.step for point in points] == [0, 2, 4, 6]
    assert [point.epoch for point in points] == [row["epoch"] for row in rows]
    assert points[2].loss == pytest.approx(sum(rows[2]["losses"].values()) / 2)
    assert points[3].ents_f == pytest.approx(rows[3]["scores"]["ents_f"] / 100)
    rates = [point.learn_rate for point in points]
    assert rates == pytest.approx([0.0, 0.1, 0.05, 0.0])


def test_without_the_pipeline_there_are_no_rates(folder, tmp_path):
    (tmp_path / "log.jsonl").write_bytes((folder / "log.jsonl").read_bytes())
    assert {point.learn_rate for point in read_log(tmp_path / "log.jsonl")} == {None}


def test_a_training_that_was_killed_has_no_log_or_half_a_line(folder, tmp_path):
    log = tmp_path / "log.jsonl"
    assert read_log(log) == []
    log.touch()
    assert read_log(log) == []
    text = (folder / "log.jsonl").read_text()
    log.write_text(text[:-20])
    assert [point.step for point in read_log(log)] == [0, 2, 4]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = 1", r"line 1: no JSON; is it the file of"),
        ('{"step": 1}\n{"st\n{"step": 3}', r"line 2: no JSON"),
        ('{"step": 1}', r"line 1: no losses; is it the file of"),
        ('{"step": "1"}', r"line 1: no step"),
        ("[]", r"line 1: no step"),
        ('{"step": 1, "losses": {}, "epoch": 0}', r"line 1: no ents_f"),
    ],
)
def test_another_file_gets_a_line(tmp_path, text, message):
    (tmp_path / "log.jsonl").write_text(text)
    with pytest.raises(ValueError, match=message):
        read_log(tmp_path / "log.jsonl")
