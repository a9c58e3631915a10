"""The report's page: valid, whole in itself, and in a browser, as a person uses it."""

import json
import re
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
#: The errors of the second sentence of the case "errors".
LAST = ["1 missed x", "2 spurious z"]
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
        assert target.startswith("data:") or target.removeprefix("#").split("?")[0] in ids


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
        "score": 0.3,
    }
    assert [span["label"] for span in task["predicted"]] == ["PER", "ORG"]
    assert [(error["p_predicted"], error["verdict"]) for error in task["errors"]] == [
        (0.6, "close call"),
        (0.99, "gold probably wrong"),
    ]
    assert task["meta"] == {"source": "corpus.spacy", "doc": 0}


@pytest.fixture(scope="module")
def addresses(tmp_path_factory):
    """Of files of some pages, by their names."""
    folder = tmp_path_factory.mktemp("pages")
    pages = ("errors", "probabilities", "many labels", "comparison, errors")
    for name in pages:
        (folder / f"{name}.html").write_text(PAGES[name](), encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in pages}


@pytest.fixture(params=["light", "dark"])
def opened(request, browser, addresses):
    """Opens pages, at a phone's width where it is dark. They must not complain, nor be wider."""
    width = 390 if request.param == "dark" else 1280
    page = browser.new_page(viewport={"width": width, "height": 700}, color_scheme=request.param)
    complaints = complaints_of(page)

    def open_page(name, state=""):
        page.goto(addresses[name] + state)
        return page

    yield open_page
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert complaints == []
    page.close()


def complaints_of(page):
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda failed: complaints.append(failed.url))
    return complaints


def shown_errors(page):
    """Without labels and verdicts."""
    return [text.split(":")[0] for text in texts_of(page.locator("#list li:visible"))]


def texts_of(located):
    """Whether they are on the screen or not."""
    return [" ".join(text.split()) for text in located.all_text_contents()]


def test_a_count_leads_to_its_sentences_and_back(opened):
    page = opened("errors")
    assert shown_errors(page) == ["1 boundary Ada <b>Lovelace", '2 type "Rome"', *LAST]
    cell = page.get_by_role("link", name="1, gold LOC, predicted ORG")
    cell.focus()
    page.keyboard.press("Enter")
    page.locator("#list article:visible").nth(1).wait_for(state="hidden")  # filters follow the hash
    assert shown_errors(page) == ['2 type "Rome"']
    assert page.evaluate("document.activeElement.id") == "sentences-title"
    assert page.locator("#list article:visible").count() == 1
    status = page.locator("#shown")
    assert status.inner_text() == (
        "1 of 4 errors, 1 of 2 sentences; filters: gold LOC, predicted ORG"
    )
    page.reload()
    assert page.get_by_role("combobox", name="Predicted").input_value() == "ORG"
    assert len(shown_errors(page)) == 1
    page.get_by_role("button", name="Clear filters").click()
    assert len(shown_errors(page)) == 4
    assert status.inner_text() == "4 errors, 2 sentences"
    page.go_back()
    page.go_forward()
    assert page.url.endswith("#sentences")


@pytest.mark.parametrize(
    ("link", "errors"),
    [
        ("#errors tr:has-text('Lovelace') a", ["1 boundary Ada <b>Lovelace"]),
        (".mistakes a >> nth=0", ["1 boundary Ada <b>Lovelace"]),
        ("#errors a[href*='kind=spurious'] >> nth=0", ["2 spurious z"]),
        ("#errors a[href='#sentences?kind=missed']", ["1 missed x"]),
    ],
)
def test_all_counts_of_errors_are_links(opened, link, errors):
    page = opened("errors")
    page.locator(link).click()
    assert shown_errors(page) == errors


def test_sentences_are_searched_and_errors_filtered(opened):
    page = opened("errors")
    search = page.get_by_label("Search")
    search.fill("LOVELACE &")
    assert len(shown_errors(page)) == 2
    assert "search=LOVELACE" in page.url
    page.get_by_label("type").check()
    assert shown_errors(page) == ['2 type "Rome"']
    page.get_by_label("boundary").check()
    assert len(shown_errors(page)) == 2
    search.fill("nowhere")
    assert page.get_by_text("No sentence fits").is_visible()
    assert page.locator("#list article:visible").count() == 0


def test_what_is_shown_is_sorted_and_saved_as_tasks(opened):
    page = opened("probabilities", "#sentences?verdict=close+call&verdict=never+seen&order=least")
    saved = [json.loads(line)["text"] for line in page.evaluate("lines()")]
    assert saved == ["x y z", 'Ada <b>Lovelace & "Rome"']
    page.get_by_label("Order").select_option("most confident errors first")
    assert [json.loads(line)["text"] for line in page.evaluate("lines()")] == saved[::-1]


def test_wrong_entities_are_marked_and_told(opened):
    page = opened("errors")
    marks = texts_of(page.locator("article").nth(1).locator("mark"))
    assert marks == ["1 x A-1", "z no entity", "x not predicted", "2 z <i>: not in the corpus"]
    page = opened("comparison, errors")
    marks = texts_of(page.locator("article").first.locator("mark.wrong, mark.absent"))
    assert marks == ["Ada PER 0.60: wrong", '"Rome" ORG 0.99: wrong']


def test_a_comparison_is_filtered_by_its_pipelines_names(opened):
    page = opened("comparison, errors")
    sentences = page.locator("#list article:visible").count()
    assert sentences == 2
    page.get_by_role("combobox", name="Right").select_option("other")
    assert page.locator("#shown").inner_text().endswith("filters: right other")
    page.get_by_role("combobox", name="Right").select_option("<one>")
    assert page.locator("#list article:visible").count() == 0


def test_a_wide_table_says_that_it_scrolls(opened):
    page = opened("many labels")
    box = page.get_by_role("region", name="Confusion of entities")
    assert box.evaluate("box => box.scrollWidth > box.clientWidth && box.tabIndex === 0")
    assert box.locator("+ .hint").is_visible()
    assert page.locator(".scroll[data-title='Speed and size'] + .hint").is_hidden()


def test_a_complaint_would_be_seen(browser, tmp_path):
    page = browser.new_page()
    complaints = complaints_of(page)
    script = errors_page().replace('"use strict";', '"use strict"; nonsense();')
    (tmp_path / "page.html").write_text(script, encoding="utf-8")
    page.goto((tmp_path / "page.html").as_uri())
    assert len(complaints) == 1
    page.close()
