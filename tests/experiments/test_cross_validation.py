"""A grid's runs, once for each fold."""

import pytest
import spacy
import srsly
from spacy.tokens import Doc, DocBin

from spacy_ner_archs.experiments.cross_validation import cross_validated
from spacy_ner_archs.experiments.fold_files import train_file
from spacy_ner_archs.experiments.grid import read_grid
from spacy_ner_archs.experiments.out_of_fold import read_cross_validation

CONFIG = "configs/bilstm.cfg"
AXES = {"dropout": {"low": {"training.dropout": 0.1}, "high": {"training.dropout": 0.9}}}


def write_docs(path, n_docs):
    vocab = spacy.blank("en").vocab
    docs = [
        Doc(vocab, words=["Ada", "saw", f"w{i}"], ents=["B-X", "O", "O"]) for i in range(n_docs)
    ]
    DocBin(docs=docs).to_disk(path)
    return str(path)


@pytest.fixture
def read(tmp_path, request, monkeypatch):
    """A function that makes a grid of two seeds, with other axes or settings."""
    monkeypatch.chdir(request.config.rootpath)
    paths = {
        f"paths.{part}": write_docs(tmp_path / f"{part}.spacy", n)
        for part, n in {"train": 6, "dev": 3}.items()
    }

    def read_it(axes=AXES, **settings):
        file = tmp_path / "grid.yml"
        settings = {name.replace("__", "."): value for name, value in settings.items()}
        described = {"config": CONFIG, "seeds": [0, 1], "axes": axes}
        srsly.write_yaml(file, {**described, "settings": {**paths, **settings}})
        return read_grid(file, {})

    return read_it


def test_each_cell_and_seed_has_all_folds(read, tmp_path):
    grid = cross_validated(read(), tmp_path / "out", 3, 0)
    assert [(*run.cell, run.seed, run.fold.number) for run in grid.runs] == [
        (dropout, seed, fold) for dropout in ("low", "high") for seed in (0, 1) for fold in range(3)
    ]
    last = grid.runs[-1]
    assert (last.name, str(last.folder)) == ("high, seed 1, fold 2", "high/seed-1/fold-2")
    file = train_file(tmp_path / "out" / "folds", 2)
    assert last.training_config.interpolate()["corpora"]["train"]["path"] == str(file)
    assert last.config["paths"]["train"] == str(tmp_path / "train.spacy")
    every = [read_cross_validation(tmp_path / "out" / run.folder.parent) for run in grid.runs]
    assert set(every) == {every[0]}  # the deal doesn't depend on the seed of the training
    assert every[0].pipelines == tuple(f"fold-{i}/model-best" for i in range(3))


def test_what_is_trained_is_not_told_by_the_output_folder(read, tmp_path):
    """Two ways to write it are one grid."""
    (tmp_path / "out").mkdir()
    one, other = (cross_validated(read(), tmp_path / out, 3, 0) for out in ("out", "out/../out"))
    assert [run.config.to_str() for run in one.runs] == [run.config.to_str() for run in other.runs]


@pytest.mark.parametrize(
    ("axes", "settings", "message"),
    [
        (AXES, {"paths__dev": "train.spacy"}, "low, seed 0, fold 0: dev is the training corpus"),
        (AXES, {"paths__dev": "copy.spacy"}, "would be chosen on the held-out fold"),
        (AXES, {"training__dev_corpus": "corpora.train"}, "would be chosen on the held-out fold"),
        (AXES, {"corpora__train__path": "train.spacy"}, "train_corpus doesn't read paths.train"),
        (AXES, {"paths__train": None}, "no paths.train in the config"),
        (AXES, {"paths__train": "corpus"}, "corpus: folds are made of a .spacy file"),
        (
            {"a": {"one": {}, "two": {"paths.train": "dev.spacy"}}},
            {},
            "paths.train must be the same in all cells",
        ),
        ({"a": {"Folds": {}}}, {}, "no cell can be called folds"),
    ],
)
def test_a_mistake_gets_one_line(read, tmp_path, axes, settings, message):
    (tmp_path / "copy.spacy").write_bytes((tmp_path / "train.spacy").read_bytes())
    settings = {
        name: str(tmp_path / value) if name.endswith(("path", "dev")) else value
        for name, value in settings.items()
    }
    with pytest.raises(ValueError, match=message) as caught:
        cross_validated(read(axes, **settings), tmp_path / "out", 3, 0)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_a_training_without_folds_is_no_fold(read, tmp_path):
    (tmp_path / "out" / "low" / "seed-0").mkdir(parents=True)
    (tmp_path / "out" / "low" / "seed-0" / "result.json").touch()
    with pytest.raises(ValueError, match="seed-0 has a training without folds"):
        cross_validated(read(), tmp_path / "out", 3, 0)
