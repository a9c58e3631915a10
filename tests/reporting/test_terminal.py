"""Tables in a terminal of 80 columns."""

from tagged import example, report_of

from spacy_ner_archs.reporting.tables import error_table
from spacy_ner_archs.reporting.terminal import print_table


def test_many_labels_are_readable(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    names = [f"WORK_OF_ART_{i:02}" for i in range(18)]
    report = report_of([example(f"B-{name}", "O") for name in names])
    print_table(error_table(report))
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    shown = [line.split() for line in lines]
    assert [row for row in shown if row[:1] == ["WORK_OF_ART_17"]] == [
        ["WORK_OF_ART_17", "0", "0", "0", "1", "0", "1"]
    ]
    assert ["all", "0", "0", "0", "18", "0", "18"] in shown
