"""The audit's page: valid, whole in itself, and in a browser, as a person decides on it."""

import json
import re
from collections import Counter

import html5lib
import pytest
from audited import JUDGED, ROWS, audit_of, judgement, tags_of, write_corpus

from spacy_ner_archs.auditing.correction import changes_of, corrected_corpus
from spacy_ner_archs.auditing.decision import read_decisions
from spacy_ner_archs.auditing.doubted_sentence import doubted_sentences
from spacy_ner_archs.reporting import audit_page as page_module
from spacy_ner_archs.reporting.audit_page import audit_page
from spacy_ner_archs.reporting.audit_summary import headline, pattern_lines

QUIET = [judgement() for _ in ROWS]
#: Most doubtful first.
DOUBTS = ["boundaries", "label", "missing", "spurious"]


def page_of(corpus, judged=JUDGED, **options):
    audit = audit_of(corpus, judged, **options)
    return audit_page("A <title> & more", audit, doubted_sentences(corpus.docs, audit.doubts))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return write_corpus(tmp_path_factory.mktemp("audit page") / "corpus.spacy")


@pytest.mark.parametrize("judged", [JUDGED, QUIET], ids=["doubts", "none"])
def test_it_is_valid_and_needs_no_network(corpus, judged):
    page = page_of(corpus, judged, labels=("LOC", "ORG", "PER"))
    html5lib.HTMLParser(strict=True).parse(page)
    ids = Counter(re.findall(r'\bid="([^"]+)"', page))
    assert {name for name, n in ids.items() if n > 1} == set()
    for target in re.findall(r'(?:href|src)="([^"]+)"', page):
        assert target.startswith("data:") or target.removeprefix("#").split("?")[0] in ids


def test_it_begins_with_what_is_doubted(corpus):
    audit = audit_of(corpus)
    assert headline(audit) == "4 doubts about 5 entities, 2 above 0.5"
    assert pattern_lines(audit) == [
        "1 LOC that probably are ORG with other boundaries, such as New York Times",
        "1 ORG that probably are PER, such as <b>Ann</b>",
        "1 ORG that probably are missing, such as Leeds",
        "1 LOC that probably are no entities, such as York",
    ]
    assert "Nothing is doubtful" in page_of(corpus, QUIET)
    assert "never doubted: LOC (3), ORG (1)" in " ".join(page_of(corpus, labels=["PER"]).split())


def test_texts_are_shown_and_not_obeyed(corpus):
    page = page_of(corpus)
    assert "A &lt;title&gt; &amp; more" in page
    assert "<b>Ann" not in page


def test_of_many_doubts_the_most_doubtful_are_shown(corpus, monkeypatch):
    monkeypatch.setattr(page_module, "MOST_SENTENCES", 3)
    page = page_of(corpus)
    assert page.count("<article") == 3
    assert "The 3 most doubtful of 4; doubts.jsonl has all" in page


@pytest.fixture(scope="module")
def address(corpus):
    file = corpus.path.with_name("audit.html")
    file.write_text(page_of(corpus), encoding="utf-8")
    return file.as_uri()


@pytest.fixture(params=["light", "dark"])
def page(request, browser, address):
    """Where it is dark, at a phone's width. It must not complain, nor be wider."""
    width = 390 if request.param == "dark" else 1280
    context = browser.new_context(
        viewport={"width": width, "height": 700}, color_scheme=request.param, accept_downloads=True
    )
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    yield page
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert complaints == []
    context.close()


def shown(page):
    return page.locator("#list li:visible > b").all_text_contents()


def decided(page):
    return page.locator("#decided").inner_text()


def saved(page):
    with page.expect_download() as download:
        page.get_by_role("button", name="Save decisions.jsonl").click()
    assert download.value.suggested_filename == "decisions.jsonl"
    return download.value.path()


def current(page):
    return page.evaluate("document.activeElement.querySelector('li b')?.textContent")


def test_doubts_are_decided_by_keys_kept_and_applied(page, corpus, tmp_path):
    for key in ("j", "a", "ArrowDown", "k", "r", "a"):
        page.keyboard.press(key)
    assert decided(page) == "2 accepted, 1 rejected, 1 open"
    assert current(page) == "spurious"
    page.reload()
    assert decided(page) == "2 accepted, 1 rejected, 1 open"
    rows = [json.loads(line) for line in saved(page).read_text().splitlines()]
    assert [(row["meta"]["kind"], row["answer"]) for row in rows] == [
        ("boundaries", "accept"),
        ("label", "reject"),
        ("missing", "accept"),
    ]
    changes = changes_of(corpus.docs, read_decisions(saved(page), corpus))
    assert tags_of(corrected_corpus(corpus, changes))[:3] == [
        ROWS[0][1],
        "B-ORG O O B-LOC O O",
        "B-ORG I-ORG I-ORG O -",
    ]


def test_the_last_decision_is_undone(page):
    for key in ("j", "r", "a", "u"):
        page.keyboard.press(key)
    assert decided(page) == "0 accepted, 1 rejected, 3 open"
    assert current(page) == "label"
    page.keyboard.press("u")
    assert decided(page) == "0 accepted, 0 rejected, 4 open"
    assert page.get_by_role("button", name="Save decisions.jsonl").is_disabled()


def test_doubts_are_decided_by_buttons(page):
    article = page.locator("#list article").nth(1)
    accept = article.get_by_role("button", name="Accept")
    accept.click()
    assert decided(page) == "1 accepted, 0 rejected, 3 open"
    assert accept.get_attribute("aria-pressed") == "true"
    article.get_by_role("button", name="Reject").click()
    assert decided(page) == "0 accepted, 1 rejected, 3 open"
    assert accept.get_attribute("aria-pressed") == "false"
    article.get_by_role("button", name="Undo").click()
    assert decided(page) == "0 accepted, 0 rejected, 4 open"
    assert current(page) == "label"


def test_doubts_are_filtered_and_sorted(page):
    assert shown(page) == DOUBTS
    page.get_by_label("missing", exact=True).check()
    assert shown(page) == ["missing"]
    assert page.locator("#shown").inner_text() == "1 of 4 doubts; filters: kind missing"
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_label("Search").fill("york")
    assert shown(page) == ["boundaries", "spurious"]
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_label("Order").select_option("as in the corpus")
    assert shown(page) == ["label", "missing", "spurious", "boundaries"]
    page.locator(".mistakes a", has_text="ORG that probably are PER").click()
    assert shown(page) == ["label"]


def test_keys_go_on_among_the_doubts_that_are_shown(page):
    page.get_by_label("Decision").select_option("none yet")
    page.get_by_label("Decision").evaluate("field => field.blur()")
    for key in ("j", "a", "a"):
        page.keyboard.press(key)
    assert shown(page) == ["missing", "spurious"]
    assert current(page) == "missing"
    page.get_by_label("Search").press_sequentially("aaru")
    assert decided(page) == "2 accepted, 0 rejected, 2 open"


def test_both_readings_are_marked_with_their_probabilities(page):
    article = page.locator("#list article").nth(2)
    marks = [" ".join(text.split()) for text in article.locator("mark").all_text_contents()]
    assert marks == ["Leeds no entity 0.20", "Leeds ORG 0.70"]
    assert "Elsewhere in the corpus: Leeds LOC 1" in article.inner_text()


def test_what_cannot_be_kept_is_told(browser, address):
    page = browser.new_page()
    page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    page.goto(address)
    assert page.get_by_role("alert").count() == 0
    page.keyboard.press("j")
    page.keyboard.press("a")
    assert "save them before you close" in page.get_by_role("alert").inner_text()
    assert decided(page) == "1 accepted, 0 rejected, 3 open"
    page.close()


def test_decisions_belong_to_their_corpus(browser, address, tmp_path):
    context = browser.new_context()
    first, other = context.new_page(), context.new_page()
    first.goto(address)
    first.keyboard.press("j")
    first.keyboard.press("a")
    changed = write_corpus(tmp_path / "changed.spacy", [("Ann", "B-PER", [0]), *ROWS[1:]])
    (tmp_path / "audit.html").write_text(page_of(changed, [judgement(), *JUDGED[1:]]))
    other.goto((tmp_path / "audit.html").as_uri())
    assert decided(other) == "0 accepted, 0 rejected, 3 open"
    context.close()


def test_right_to_left_text_is_shown_so(corpus):
    assert "direction: rtl" in page_of(corpus, direction="rtl")
