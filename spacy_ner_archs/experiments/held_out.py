"""The scores of a cross-validated run on the parts that were held out."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import srsly
from weasel.util import get_checksum

from spacy_ner_archs.drafts import replace_files
from spacy_ner_archs.experiments.cross_validation import training_corpus
from spacy_ner_archs.experiments.grid import Grid
from spacy_ner_archs.experiments.processes import Processes

Result = dict[str, Any]


def with_held_out(
    grid: Grid, output: Path, results: list[Result], *, n_jobs: int, gpu_id: int
) -> list[Result]:
    """Results of trainings with two more scores, p, r and f each. held_out: of the pipeline on its
    own fold. pooled: of all folds' predictions together, the same for all folds of a cell and seed.

    Raises CommandError where the scoring fails.
    """
    corpus = training_corpus(grid)
    folders = list(dict.fromkeys(run.folder_of_seed for run in grid.runs))
    with ThreadPoolExecutor(n_jobs) as pool, Processes(n_jobs) as processes:
        # the processes are left first, so that the pool has nothing to wait for
        scored = pool.map(lambda each: _score(output / each, corpus, gpu_id, processes), folders)
        scores = dict(zip(folders, scored, strict=True))
    return [
        {
            **result,
            "held_out": scores[run.folder_of_seed]["folds"][run.folder.name],
            "pooled": scores[run.folder_of_seed]["pooled"],
        }
        for run, result in zip(grid.runs, results, strict=True)
    ]


def _score(folder: Path, corpus: Path, gpu_id: int, processes: Processes) -> Result:
    """The scores of each fold, by the name of its folder, and of all together; scored once."""
    data = {
        "corpus": get_checksum(corpus),
        **{file.parent.name: get_checksum(file) for file in folder.glob("fold-*/result.json")},
    }
    file = folder / "held_out.json"
    if file.is_file():
        known: Any = srsly.read_json(file)
        if known["data"] == data:
            return known
    command = ["ner", "report", str(folder), str(corpus), "--gpu-id", str(gpu_id)]
    processes.run([*command, "--output", str(folder / "report")], folder / "output.txt")
    report: Any = srsly.read_json(folder / "report" / "report.json")
    scores = {
        "folds": {name: _prf(fold) for name, fold in report["slices"]["fold"].items()},
        "pooled": _prf(report, "ents_"),
        "data": data,
    }
    replace_files({file: srsly.json_dumps(scores, indent=2)})
    return scores


def _prf(scores: Result, prefix: str = "") -> dict[str, float]:
    return {key: scores[f"{prefix}{key}"] for key in "prf"}
