"""A training that another process is quicker with."""

from pathlib import Path

import pytest
import srsly
from thinc.api import Config

from spacy_ner_archs.experiments.grid import Run
from spacy_ner_archs.experiments.training import train

RUN = Run(("cell",), 0, Config({"paths": {}, "training": {"seed": 0}}))


class Trained:
    """Stands in for `Processes`. meanwhile: called at the end of each training."""

    def __init__(self, meanwhile):
        self.meanwhile = meanwhile

    def run(self, arguments, output):
        work = Path(arguments[arguments.index("--output") + 1])
        performance = dict.fromkeys(("ents_p", "ents_r", "ents_f"), 0.5)
        (work / "model-best").mkdir()
        srsly.write_json(work / "model-best" / "meta.json", {"performance": performance})
        srsly.write_jsonl(work / "log.jsonl", [{"step": 7}])
        self.meanwhile()


def test_the_first_of_two_trainings_stays(tmp_path):
    def quicker():
        train(tmp_path / "run", RUN, -1, Trained(lambda: None))

    found = train(tmp_path / "run", RUN, -1, Trained(quicker))
    assert found == srsly.read_json(tmp_path / "run" / "result.json")  # to its seconds
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_what_is_no_training_is_not_taken_for_one(tmp_path):
    def other_files():
        (tmp_path / "run").mkdir()
        (tmp_path / "run" / "notes.txt").touch()

    with pytest.raises(OSError, match="run"):
        train(tmp_path / "run", RUN, -1, Trained(other_files))
    assert (tmp_path / "run" / "notes.txt").exists()
