"""The report's page: valid, whole in itself, and quiet in a browser."""

import os
import re
import shutil
import subprocess
from collections import Counter
from functools import partial

import html5lib
import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import Example
from tagged import example, predictions, report_of

from spacy_ner_archs.evaluation.comparison import compare
from spacy_ner_archs.evaluation.training_log import Point
from spacy_ner_archs.reporting.html import comparison_page, report_page
from spacy_ner_archs.reporting.pictures import pictures_of

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=2000",
    "--dump-dom",
]
CASES = {
    "errors": [
        example("B-PER I-PER O B-LOC", "B-PER O O B-ORG", ["Ada", "<b>Lovelace", "&", '"Rome"']),
        example("B-A-1 O O", "O O B-<i>", ["x", "y", "z"]),
        example("B-LOC O", "B-LOC O", ["Rome", "fell"]),
    ],
    "no errors": [example("B-LOC O", "B-LOC O")],
    "no entities": [example("O O", "O O")],
    "many labels": [
        *(example(f"B-label{i:02} O", f"B-label{i - 1:02} O") for i in range(30)),
    ],
    "odd labels": [example(f"B-{odd} O", f"O B-{odd}") for odd in ("[/x]", "$\\b$", "_a", "*b*")],
}
RUNS = {
    "none": {},
    "one": {"a": [Point(0, 0, 0.0, 0.0, 0.0), Point(0, 10, 2.0, 0.5, 0.1)]},
    "two": {"a": [Point(0, 0, 0.0, 0.0, None)], "b": [Point(1, 10, 2.0, 0.5, 0.1)]},
}


def page_of(case="errors", runs="one"):
    report = report_of(CASES[case], {"Rome"}, RUNS[runs])
    return report_page("A <title> & more", report, pictures_of(report))


def comparison_of(case):
    perfect = [Example(eg.reference.copy(), eg.reference) for eg in CASES[case]]
    sides = (predictions(CASES[case], "a/<one>"), predictions(perfect, "other"))
    comparison = compare(*sides, resamples=20)
    return comparison_page("A & B", comparison)


PAGES = {
    **{f"{case}, {runs}": partial(page_of, case, runs) for case in CASES for runs in RUNS},
    **{f"comparison, {case}": partial(comparison_of, case) for case in CASES},
}


@pytest.mark.parametrize("page", PAGES)
def test_it_is_valid_and_needs_no_network(page):
    page = PAGES[page]()
    html5lib.HTMLParser(strict=True).parse(page)
    ids = Counter(re.findall(r'\bid="([^"]+)"', page))
    assert {name for name, n in ids.items() if n > 1} == set()
    targets = re.findall(r'(?:href|src)="([^"]+)"', page)
    assert targets
    for target in targets:
        assert target.startswith("data:") or target.removeprefix("#") in ids


def test_what_is_not_valid_is_found():
    with pytest.raises(html5lib.html5parser.ParseError):
        html5lib.HTMLParser(strict=True).parse(page_of().replace("</main>", "</p></main>"))


def test_right_to_left_text_is_shown_so():
    vocab = spacy.blank("he").vocab
    gold = Doc(vocab, words=["a", "b"], ents=["B-PER", "O"])
    report = report_of([Example(Doc(vocab, words=["a", "b"]), gold)])
    page = report_page("A", report, pictures_of(report))
    assert "direction: rtl" in page
    assert "direction: ltr" not in page


def test_texts_and_labels_are_shown_and_not_obeyed():
    page = page_of()
    assert "A &lt;title&gt; &amp; more" in page
    assert "&lt;b&gt;Lovelace" in page
    assert "<b>Lovelace" not in page
    assert "<i>" not in page


@pytest.mark.skipif(not BROWSER, reason="no Chromium to open the page in")
def test_a_browser_runs_it_without_complaint(tmp_path):
    shown, complaints = open_in_browser(tmp_path, page_of())
    assert complaints == []
    assert shown.count("<article>") == 2


@pytest.mark.skipif(not BROWSER, reason="no Chromium to open the page in")
def test_filters_hide_the_sentences_that_have_none_of_the_errors(tmp_path):
    click = """
    const box = document.querySelector("[value=boundary]");
    for (const each of document.querySelectorAll("[name=kind]")) each.checked = each === box;
    box.dispatchEvent(new Event("change", {bubbles: true}));
    </script>"""
    page = page_of()
    end = page.rindex("</script>")
    shown, complaints = open_in_browser(tmp_path, page[:end] + click + page[end + 9 :])
    assert complaints == []
    assert (shown.count("<article>"), shown.count('<article hidden="">')) == (1, 1)
    assert re.search(r'<li data-kind="type"[^>]* hidden', shown)
    assert not re.search(r'<li data-kind="boundary"[^>]* hidden', shown)
    assert "Sentences shown: 1" in shown


@pytest.mark.skipif(not BROWSER, reason="no Chromium to open the page in")
def test_a_complaint_would_be_seen(tmp_path):
    page = page_of().replace('"use strict";', '"use strict"; nonsense();')
    assert len(open_in_browser(tmp_path, page)[1]) == 1


def open_in_browser(folder, page):
    """The page after its scripts have run, and what the browser's console says."""
    (folder / "page.html").write_text(page, encoding="utf-8")
    done = subprocess.run(
        [BROWSER, *FLAGS, f"--user-data-dir={folder / 'profile'}", str(folder / "page.html")],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env={**os.environ, "HOME": str(folder)},
    )
    return done.stdout, [line for line in done.stderr.splitlines() if ":CONSOLE" in line]
