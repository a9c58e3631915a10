"""Means over seeds, on results that are written here."""

from pathlib import Path

from thinc.api import Config

from spacy_ner_archs.experiments.grid import Fold, Grid, Run
from spacy_ner_archs.reporting.grid_files import grid_csv, summary_table


def grid_of(seeds):
    return Grid(("a", "b"), [Run((cell, "x"), s, Config()) for cell in ("p", "q") for s in seeds])


def results_of(*scores, **others):
    return [
        {"dev": dict.fromkeys("prf", f1), "steps": 10, "seconds": 60.0 * i, **others}
        for i, f1 in enumerate(scores, 1)
    ]


def test_means_deviations_and_differences():
    table = summary_table(grid_of((0, 1, 2)), results_of(0.8, 0.9, 1.0, 0.7, 0.7, 0.85))
    assert table.header[:3] == ("a", "b", "dev F1")
    first, second = table.rows
    assert first == ("p", "x", "90.00 ± 10.00", "", "120")
    assert second[2] == "75.00 ± 8.66"
    # differences of -.1, -.2, -.15: mean -.15, standard error .05 / sqrt(3), t(2) = 4.303
    assert second[3] == "-15.00 (-27.42 to -2.58)"


def test_one_seed_has_no_deviation():
    table = summary_table(grid_of((0,)), results_of(0.8, 0.7, test=dict.fromkeys("prf", 0.5)))
    assert table.rows[1] == ("q", "x", "70.00", "50.00", "+0.00", "120")
    assert table.note == "F1 in %, one seed."


def test_the_file_has_a_line_for_each_run_and_no_times():
    text = grid_csv(grid_of((0, 1)), results_of(0.8, 0.9, 0.7, 0.6))
    assert text.splitlines()[:2] == [
        "a,b,seed,steps,dev_p,dev_r,dev_f",
        "p,x,0,10,0.800000,0.800000,0.800000",
    ]
    assert text == grid_csv(grid_of((0, 1)), results_of(0.8, 0.9, 0.7, 0.6, seconds=1.0))


def test_the_file_escapes_names():
    grid = Grid(("a",), [Run(("one, two",), 0, Config())])
    assert '"one, two",0,10' in grid_csv(grid, results_of(0.5))


def cross_validated(*scores):
    """A grid of two cells, two seeds and three folds, and its results; pooled: a point less."""
    folds = [Fold(i, Path(f"{i}.spacy")) for i in range(3)]
    runs = [Run((cell,), seed, Config(), f) for cell in "pq" for seed in (0, 1) for f in folds]
    results = results_of(*scores)
    for result in results:
        f1 = result["dev"]["f"]
        result.update(held_out=dict.fromkeys("prf", f1), pooled=dict.fromkeys("prf", f1 - 0.01))
    return Grid(("a",), runs), results


def test_folds_have_a_mean_of_their_own_and_a_corrected_interval():
    # differences of the folds, mean of the seeds: -.1, -.2, -.15
    first, second = [0.8, 0.9, 1.0] * 2, [0.75, 0.65, 0.80, 0.65, 0.75, 0.90]
    table = summary_table(*cross_validated(*first, *second))
    header = ("a", "dev F1", "held-out F1", "pooled F1", "held-out: difference to the first")
    assert table.header[:5] == header
    assert table.rows[0][2:4] == ("90.00 ± 8.94", "79.00 ± 0.00")
    # standard error .05 * sqrt(1/3 + 1/2), t(2) = 4.303
    assert table.rows[1][4] == "-15.00 (-34.64 to +4.64)"
    assert "over 3 folds and 2 seeds" in table.note


def test_the_file_has_a_line_for_each_fold():
    grid, results = cross_validated(*[0.8] * 12)
    rows = grid_csv(grid, results).splitlines()
    assert rows[0].startswith("a,seed,fold,steps,dev_p,dev_r,dev_f,held_out_p,")
    assert rows[0].endswith("held_out_f,pooled_p,pooled_r,pooled_f")
    assert [row.split(",")[:3] for row in rows[5:8]] == [
        ["p", "1", "1"],
        ["p", "1", "2"],
        ["q", "0", "0"],
    ]
    assert rows[1].endswith("0.800000,0.790000,0.790000,0.790000")
