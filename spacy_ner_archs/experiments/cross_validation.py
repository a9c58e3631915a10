"""A grid whose trainings each leave one fold of the training corpus out."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import srsly
from thinc.api import Config
from weasel.util import get_checksum

from spacy_ner_archs.drafts import replace_files
from spacy_ner_archs.experiments.fold_files import DealtFiles, deal_into_files, train_file
from spacy_ner_archs.experiments.folds import check_number
from spacy_ner_archs.experiments.grid import Fold, Grid, Run
from spacy_ner_archs.experiments.out_of_fold import FOLDS_FILE, CrossValidation

#: Where the folds' files are, below the grid's own folder.
FOLDER = "folds"


def cross_validated(grid: Grid, output: Path, n_folds: int, seed: int) -> Grid:
    """A run for each fold in place of each run. The folds' files, and a `folds.json` for each cell
    and seed, are written into the output folder.

    seed: of the deal. Raises ValueError, in one line, for a corpus that can't be dealt, for cells
    with several corpora, and for configs with which the held-out fold would be seen in training.
    """
    check_number(n_folds)
    corpus = training_corpus(grid)
    folder = output / FOLDER
    if any(run.folder.parts[0].casefold() == FOLDER for run in grid.runs):
        raise ValueError(f"no cell can be called {FOLDER}: the folds' files are there")
    for run in grid.runs:
        if (output / run.folder / "result.json").is_file():
            raise ValueError(f"{output / run.folder} has a training without folds; move it away")
    folds = [Fold(i, train_file(folder, i)) for i in range(n_folds)]
    by_seed = [[run._replace(fold=fold) for fold in folds] for run in grid.runs]
    for first, *_ in by_seed:
        _check_corpora(first, corpus)
    dealt = deal_into_files(corpus, folder, n_folds, seed)
    described = {
        output / runs[0].folder_of_seed / FOLDS_FILE: _describe(dealt, runs) for runs in by_seed
    }
    replace_files(described)
    return grid._replace(runs=[run for runs in by_seed for run in runs])


def training_corpus(grid: Grid) -> Path:
    """The one `paths.train` of all runs."""
    corpora = {_paths(run.config).get("train") for run in grid.runs}
    if len(corpora) > 1:
        raise ValueError("paths.train must be the same in all cells: folds are dealt once")
    corpus = corpora.pop()
    if not corpus:
        raise ValueError("no paths.train in the config: folds are dealt of its corpus")
    return Path(corpus)


def _describe(dealt: DealtFiles, runs: list[Run]) -> str:
    """The `folds.json` of a cell and a seed."""
    pipelines = tuple(f"{run.folder.name}/model-best" for run in runs)
    about = CrossValidation(dealt.corpus, dealt.checksum, dealt.seed, dealt.fold_of_doc, pipelines)
    return srsly.json_dumps(asdict(about))


def _check_corpora(run: Run, corpus: Path) -> None:
    """Whether the training reads its fold's file, and chooses its best step on another corpus."""
    config = run.training_config.interpolate()
    assert run.fold is not None
    fold = str(run.fold.train)
    if fold not in _reader(config, "train_corpus"):
        raise ValueError(f"{run.name}: its training.train_corpus doesn't read paths.train")
    dev = _paths(config).get("dev")
    is_same = dev and Path(dev).is_file() and corpus.is_file()
    if fold in _reader(config, "dev_corpus") or (
        is_same and get_checksum(dev) == get_checksum(corpus)
    ):
        reason = "the best step would be chosen on the held-out fold; give another paths.dev"
        raise ValueError(f"{run.name}: dev is the training corpus, so {reason}")


def _reader(config: Config, name: str) -> str:
    """The section of a corpus, as text."""
    section: Any = config
    for key in config["training"][name].split("."):
        section = section.get(key, {})
    return str(section)


def _paths(config: Config) -> dict[str, Any]:
    return config.interpolate().get("paths", {})
