"""The report's page: valid, whole in itself, and quiet in a browser."""

import html
import json
import os
import re
import shutil
import subprocess
from collections import Counter
from functools import cache, partial

import html5lib
import pytest
import spacy
from spacy.tokens import Doc
from spacy.training import Example
from tagged import example, predictions, report_of

from spacy_ner_archs.corpus.schemes import Entity
from spacy_ner_archs.decoders.entity import Entity as ScoredEntity
from spacy_ner_archs.evaluation.comparison import compare
from spacy_ner_archs.evaluation.probabilities import Probabilities
from spacy_ner_archs.evaluation.training_log import Point
from spacy_ner_archs.reporting.annotation import annotation_task
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
#: Of the entities of each example of the case "errors".
KNOWN = [
    {Entity(0, 2, "PER"): 0.3, Entity(0, 1, "PER"): 0.6, Entity(3, 4, "ORG"): 0.99},
    {Entity(0, 1, "A-1"): 0.45, Entity(2, 3, "<i>"): 0.5},
    {Entity(0, 1, "LOC"): 0.9},
]
RUNS = {
    "none": {},
    "one": {"a": [Point(0, 0, 0.0, 0.0, 0.0), Point(0, 10, 2.0, 0.5, 0.1)]},
    "two": {"a": [Point(0, 0, 0.0, 0.0, None)], "b": [Point(1, 10, 2.0, 0.5, 0.1)]},
}


TRAIN = [example("B-LOC O", "O O", ["Rome", "Ada"]).reference]


@cache
def page_of(case, runs):
    report = report_of(CASES[case], TRAIN, RUNS[runs])
    return report_page("A <title> & more", report, pictures_of(report))


def errors_page():
    return page_of("errors", "one")


@cache
def page_with_probabilities(case):
    report = report_of(CASES[case], TRAIN, probabilities=probabilities(case))
    return report_page("A", report, pictures_of(report))


def probabilities(case):
    """All as in the case "errors", or of nothing."""
    known = KNOWN if case == "errors" else [{} for _ in CASES[case]]
    return [Probabilities([ScoredEntity(*e, p) for e, p in of.items()], of) for of in known]


def comparison_of(case):
    perfect = [Example(eg.reference.copy(), eg.reference) for eg in CASES[case]]
    first = predictions(CASES[case], "a/<one>", probabilities(case))
    sides = (first, predictions(perfect, "other"))
    comparison = compare(*sides, resamples=20)
    return comparison_page("A & B", comparison)


PAGES = {
    **{case: partial(page_of, case, "one") for case in CASES},
    **{f"runs, {runs}": partial(page_of, "errors", runs) for runs in RUNS},
    "probabilities": partial(page_with_probabilities, "errors"),
    "probabilities of nothing": partial(page_with_probabilities, "no entities"),
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
        html5lib.HTMLParser(strict=True).parse(errors_page().replace("</main>", "</p></main>"))


def test_right_to_left_text_is_shown_so():
    vocab = spacy.blank("he").vocab
    gold = Doc(vocab, words=["a", "b"], ents=["B-PER", "O"])
    report = report_of([Example(Doc(vocab, words=["a", "b"]), gold)])
    page = report_page("A", report, pictures_of(report))
    assert "direction: rtl" in page
    assert "direction: ltr" not in page


def test_texts_and_labels_are_shown_and_not_obeyed():
    page = errors_page()
    assert "A &lt;title&gt; &amp; more" in page
    assert "&lt;b&gt;Lovelace" in page
    assert "<b>Lovelace" not in page
    assert "<i>" not in page


@pytest.mark.skipif(not BROWSER, reason="no Chromium to open the page in")
def test_a_browser_runs_it_without_complaint(tmp_path):
    shown, complaints = open_in_browser(tmp_path, errors_page())
    assert complaints == []
    assert shown.count("<article") == 2


@pytest.mark.skipif(not BROWSER, reason="no Chromium to open the page in")
def test_filters_hide_the_sentences_that_have_none_of_the_errors(tmp_path):
    click = """
    const box = document.querySelector("[value=boundary]");
    for (const each of document.querySelectorAll("[name=kind]")) each.checked = each === box;
    box.dispatchEvent(new Event("change", {bubbles: true}));
    """
    shown, complaints = open_in_browser(tmp_path, then(errors_page(), click))
    assert complaints == []
    assert len(re.findall("<article(?![^>]* hidden)", shown)) == 1
    assert len(re.findall("<article[^>]* hidden", shown)) == 1
    assert re.search(r'<li data-kind="type"[^>]* hidden', shown)
    assert not re.search(r'<li data-kind="boundary"[^>]* hidden', shown)
    assert "Sentences shown: 1" in shown


@pytest.mark.skipif(not BROWSER, reason="no Chromium to open the page in")
def test_what_is_shown_is_sorted_and_saved_as_tasks(tmp_path):
    choose = """
    for (const box of document.querySelectorAll("[name=verdict]")) {
      box.checked = box.value === "close call" || box.value === "never seen";
    }
    filters.elements.order.value = "least";
    filters.dispatchEvent(new Event("change"));
    document.body.append(Object.assign(document.createElement("pre"), {textContent: lines()}));
    """
    shown, complaints = open_in_browser(tmp_path, then(page_with_probabilities("errors"), choose))
    assert complaints == []
    (pre,) = re.findall("<pre>(.*)</pre>", shown, re.DOTALL)
    numbers = re.findall(r'<article data-number="(\d)"', shown)
    texts = [json.loads(line.strip(","))["text"] for line in html.unescape(pre).splitlines()]
    assert (numbers, texts) == (["1", "0"], ["x y z", 'Ada <b>Lovelace & "Rome"'])


def test_a_task_has_characters_tokens_and_what_is_known():
    report = report_of(CASES["errors"], TRAIN, probabilities=probabilities("errors"))
    task = annotation_task(report.errors.sentences[0], "corpus.spacy")
    assert [task["text"][token["start"] : token["end"]] for token in task["tokens"]] == [
        token["text"] for token in task["tokens"]
    ]
    assert [token["ws"] for token in task["tokens"]] == [True, True, True, False]
    assert task["spans"][0] == {
        "start": 0,
        "end": 15,
        "token_start": 0,
        "token_end": 1,
        "label": "PER",
        "probability": 0.3,
    }
    assert [span["label"] for span in task["predicted"]] == ["PER", "ORG"]
    assert [(error["p_predicted"], error["verdict"]) for error in task["errors"]] == [
        (0.6, "close call"),
        (0.99, "gold probably wrong"),
    ]
    assert task["meta"] == {"source": "corpus.spacy", "doc": 0}


def then(page, script):
    """The page, with more at the end of its script."""
    end = page.rindex("</script>")
    return page[:end] + script + page[end:]


@pytest.mark.skipif(not BROWSER, reason="no Chromium to open the page in")
def test_a_complaint_would_be_seen(tmp_path):
    page = errors_page().replace('"use strict";', '"use strict"; nonsense();')
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
