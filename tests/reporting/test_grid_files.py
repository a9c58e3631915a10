"""Means over seeds, on results that are written here."""

from thinc.api import Config

from spacy_ner_archs.experiments.grid import Grid, Run
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
