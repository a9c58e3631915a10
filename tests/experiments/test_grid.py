"""What a grid's file says."""

from pathlib import Path

import pytest
import srsly
from spacy.util import load_config

from spacy_ner_archs.experiments.grid import read_grid

ROOT = Path(__file__).parents[2]
CONFIG = str(ROOT / "configs" / "bilstm.cfg")
GRIDS = sorted(path for path in (ROOT / "grids").glob("*.yml") if path.stem != "search")
ENCODE = "components.ner.model.tok2vec.encode"
AXES = {"dropout": {"low": {"training.dropout": 0.1}, "high": {"training.dropout": 0.9}}}


@pytest.fixture
def write(tmp_path):
    def write_grid(described):
        srsly.write_yaml(tmp_path / "grid.yml", described)
        return tmp_path / "grid.yml"

    return write_grid


def test_each_value_meets_each_other_and_each_seed(write):
    decoders = {
        "softmax": {},
        "CRF": {
            "components.ner.model": {
                **load_config(CONFIG)["components"]["ner"]["model"],
                "@architectures": "spacy-ner-archs.CRFTagger.v1",
            }
        },
    }
    file = write(
        {
            "config": CONFIG,
            "seeds": [3, 5],
            "settings": {"training.dropout": 0.5},
            "axes": {**AXES, "the decoder": decoders},
        }
    )
    grid = read_grid(file, {"training.max_steps": 7})
    assert grid.axes == ("dropout", "the decoder")
    assert [(*run.cell, run.seed) for run in grid.runs] == [
        (dropout, decoder, seed)
        for dropout in ("low", "high")
        for decoder in ("softmax", "CRF")
        for seed in (3, 5)
    ]
    last = grid.runs[-1]
    assert str(last.folder) == "high-CRF/seed-5"
    config = last.config.interpolate()
    assert config["training"]["dropout"] == 0.9
    assert config["training"]["max_steps"] == 7
    assert config["training"]["seed"] == 5
    assert config["components"]["ner"]["model"]["@architectures"].endswith("CRFTagger.v1")


def test_cells_do_not_share_what_the_file_says_once(write):
    described = {"@architectures": "spacy-ner-archs.BiLSTMEncoder.v1", "width": 8, "depth": 1}
    axes = {
        "encoder": {"BiLSTM": {ENCODE: described}},
        "depth": {"one": {}, "two": {f"{ENCODE}.depth": 2}},
    }
    one, two = read_grid(write({"config": CONFIG, "axes": axes}), {}).runs
    encoders = [run.config["components"]["ner"]["model"]["tok2vec"]["encode"] for run in (one, two)]
    assert [encoder["depth"] for encoder in encoders] == [1, 2]


def test_settings_that_the_grid_sets_itself_are_refused(write):
    file = write({"config": CONFIG, "axes": AXES})
    for setting in ("training.dropout", "system.seed", "training.seed"):
        with pytest.raises(ValueError, match=f"{setting} is set by the grid itself"):
            read_grid(file, {setting: 1})


@pytest.mark.parametrize("file", GRIDS, ids=lambda p: p.stem)
def test_shipped_grids_can_be_read(file, monkeypatch):
    monkeypatch.chdir(ROOT)
    n_runs = {"ablation": 4 * 3, "tuning": 27, "ncrfpp": 18}
    assert len(read_grid(file, {"paths.train": "train.spacy"}).runs) == n_runs[file.stem]


@pytest.mark.parametrize(
    ("described", "message"),
    [
        ({"config": CONFIG}, "axes must be a mapping"),
        ({"config": CONFIG, "axes": {}}, "axes must name one axis"),
        ({"axes": AXES}, "low: no config"),
        ({"config": "nowhere.cfg", "axes": AXES}, "nowhere.cfg: no such config"),
        ({"config": CONFIG, "axes": {"a": {}}}, "each one value or more"),
        ({"config": CONFIG, "axes": {"a": {"x y": {}, "X_y": {}}}}, "must differ in letters"),
        ({"config": CONFIG, "axes": {"a": {1: {}}}}, "axes: a: put 1 into quotes"),
        ({"config": CONFIG, "axes": {"a": [1]}}, "axes: a must be a mapping"),
        ({"config": CONFIG, "axes": {"a": {"b": 1}}}, "axes: a: b must be a mapping"),
        ({"config": CONFIG, "axes": AXES, "seed": 1}, "unknown seed; it can have"),
        ({"config": CONFIG, "axes": AXES, "seeds": 1}, "seeds must be a list"),
        ({"config": CONFIG, "axes": AXES, "seeds": [1, 1]}, "must differ"),
        ({"config": CONFIG, "axes": AXES, "settings": {"training.drop": 1}}, "no training.drop"),
        ({"config": CONFIG, "axes": {"a": {"b": {"a.b.c": 1}}}}, "has no a.b.c"),
        (
            {"config": CONFIG, "axes": {"a": {"b": {"components.ner.model.tok2vec": {"x": 1}}}}},
            "^b: ",
        ),
        (
            {"config": CONFIG, "axes": {"a": {"b": {"system.seed": 1}}}},
            "system.seed is set by the grid itself",
        ),
        (
            {"config": CONFIG, "axes": AXES, "settings": {"training.seed": 1}},
            "training.seed is set by the grid itself",
        ),
        ({"config": CONFIG, "axes": {**AXES, "other": AXES["dropout"]}}, "two axes set training"),
        (
            {
                "config": CONFIG,
                "settings": {f"{ENCODE}.depth": 2},
                "axes": {"a": {"b": {ENCODE: {"@architectures": "spacy-ner-archs.BiLSTM.v1"}}}},
            },
            f"{ENCODE} is set as a whole, and {ENCODE}.depth would be lost",
        ),
        (["a list"], "the file must be a mapping"),
    ],
)
def test_a_mistake_gets_one_line(write, described, message):
    with pytest.raises(ValueError, match=message) as caught:
        read_grid(write(described), {})
    assert "\n" not in str(caught.value)


def test_what_is_not_yaml_gets_one_line(tmp_path):
    (tmp_path / "grid.yml").write_text("a: [1")
    with pytest.raises(ValueError, match=r"^not a YAML file: [^\n]+$"):
        read_grid(tmp_path / "grid.yml", {})
