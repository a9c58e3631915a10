"""What the file of a search says."""

from pathlib import Path

import pytest
import srsly

pytest.importorskip("optuna", reason="the extra [tune] is not installed")
from spacy_ner_archs.experiments.search_space import read_space

ROOT = Path(__file__).parents[2]
CONFIG = str(ROOT / "configs" / "bilstm.cfg")
SPACE = {"training.dropout": {"low": 0.1, "high": 0.5}}


@pytest.fixture
def write(tmp_path):
    def write_search(described):
        srsly.write_yaml(tmp_path / "search.yml", described)
        return tmp_path / "search.yml"

    return write_search


def test_the_shipped_one_can_be_read(monkeypatch):
    monkeypatch.chdir(ROOT)
    search = read_space(ROOT / "grids" / "search.yml", {"training.max_steps": 5})
    assert search.settings["training.max_steps"] == 5
    kinds = {name: type(values).__name__ for name, values in search.space.items()}
    assert kinds["training.optimizer.learn_rate"] == "FloatDistribution"
    assert kinds["sizes.lstm_width"] == "IntDistribution"
    assert kinds["training.batcher.size"] == "CategoricalDistribution"


@pytest.mark.parametrize(
    ("described", "message"),
    [
        ({"space": SPACE}, "no config: FILE"),
        ([1], "the file must be a mapping"),
        ({"config": "nowhere.cfg", "space": SPACE}, "nowhere.cfg: no such config"),
        ({"config": CONFIG}, "space must be a mapping"),
        ({"config": CONFIG, "space": {}}, "space must name one setting"),
        ({"config": CONFIG, "space": SPACE, "trials": 3}, "unknown trials"),
        ({"config": CONFIG, "space": {"training.dropout": 0.3}}, "training.dropout must be a list"),
        ({"config": CONFIG, "space": {"training.dropout": {"low": 1}}}, "must be a list, or have"),
        (
            {"config": CONFIG, "space": {"training.dropout": {"low": 2, "high": 1}}},
            "must be a list",
        ),
        ({"config": CONFIG, "space": {"training.dropout": []}}, "must be a list"),
        ({"config": CONFIG, "space": {"training.drop": [1]}}, "has no training.drop"),
    ],
)
def test_a_mistake_gets_one_line(write, described, message):
    with pytest.raises(ValueError, match=message) as caught:
        read_space(write(described), {})
    assert "\n" not in str(caught.value)
