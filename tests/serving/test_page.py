"""The service's page in a browser, as a person uses it."""

import random
import re
from importlib.resources import files

import html5lib
import httpx
import pytest

from spacy_ner_archs.decoders.entity import Entity
from spacy_ner_archs.decoders.selection import select
from spacy_ner_archs.reporting.marked_sentences import LABEL_COLOURS

TEXT = "\N{PILL} We saw Ada . We saw the Nile and Paris ."
PAGE = files("spacy_ner_archs.serving") / "page"


@pytest.fixture(params=["light", "dark"])
def page(request, browser, service):
    """At a phone's width where it is dark. It must not complain."""
    width = 375 if request.param == "dark" else 1000
    page = browser.new_page(viewport={"width": width, "height": 700}, color_scheme=request.param)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda failed: complaints.append(failed.url))
    page.goto(service)
    yield page
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert complaints == []
    page.close()


def marks(page):
    return page.locator("#entities mark").all_inner_texts()


def expected(service, **settings):
    """The marks of the service's own answer."""
    found = httpx.post(f"{service}/entities", json={"text": TEXT, **settings}).json()["entities"]
    return [f"{row['text']} {row['label']} {row['probability']:.2f}" for row in found]


def wait_for_marks(page, wanted):
    """Each letter that is typed is asked about: the answers to the first ones are others."""
    for _ in range(200):
        if marks(page) == wanted:
            return
        page.wait_for_timeout(50)
    assert marks(page) == wanted


def test_entities_by_threshold_their_candidates_and_other_annotations(page, service):
    page.get_by_label("Text").press_sequentially(TEXT)
    wait_for_marks(page, expected(service))
    assert page.locator("#status").inner_text().startswith(f"{len(marks(page))} entit")

    slider = page.get_by_label("Threshold", exact=True)
    shown = []
    for key, threshold in (("End", 0.99), ("ArrowLeft", 0.98), ("Home", 0.01)):
        slider.press(key)
        assert page.locator("#value").inner_text() == f"{threshold:.2f}"
        assert marks(page) == expected(service, threshold=threshold)
        shown.append(marks(page))
    assert shown[0] != shown[2]
    assert page.get_by_label("by their probability").is_checked()
    page.get_by_label("as the pipeline sets them").check()
    assert marks(page) == expected(service)

    tip, ada = page.get_by_role("tooltip"), page.locator("#entities mark").first
    ada.hover()
    assert "Ada PER" in tip.inner_text()
    page.keyboard.press("Escape")
    assert tip.is_hidden()
    page.get_by_role("link").focus()
    for _ in range(12):  # text, choice, slider, and the places before it
        page.keyboard.press("Tab")
        if ada.evaluate("mark => mark === document.activeElement"):
            break
    assert "Ada PER" in tip.inner_text()
    assert ada.get_attribute("aria-describedby") == tip.get_attribute("id")

    annotations = page.locator("#n-best li")
    assert annotations.count() == 5
    assert "Ada PER" in annotations.first.inner_text().replace("\n", " ")
    assert "with" in annotations.nth(1).inner_text()

    page.get_by_label("Text").fill("")
    page.locator("#found").wait_for(state="hidden")


def test_the_threshold_chooses_as_the_pipeline_does(browser, service):
    draw = random.Random(0)
    page = browser.new_page()
    page.goto(service)
    for _ in range(30):
        starts = sorted(draw.randrange(12) for _ in range(draw.randrange(12)))
        candidates = [
            Entity(start, start + draw.randint(1, 4), "A", round(draw.random(), 3))
            for start in starts
        ]
        threshold = draw.choice([0.01, 0.2, 0.5, 0.9])
        rows = [{"start": c.start, "end": c.end, "probability": c.score} for c in candidates]
        selected = page.evaluate(
            "([rows, threshold]) => select(rows, threshold)", [rows, threshold]
        )
        assert [(row["start"], row["end"], row["probability"]) for row in selected] == [
            (entity.start, entity.end, entity.score) for entity in select(candidates, threshold)
        ]
    page.close()


def test_a_text_that_is_refused_is_told_of(browser, service):
    page = browser.new_page()
    page.goto(service)
    page.get_by_label("Text").fill("it fails")
    page.locator("#status.wrong").wait_for()
    assert page.locator("#status").inner_text() == "ValueError: it fails, as it says"
    page.close()


def test_its_html_is_valid_and_loads_nothing_from_elsewhere(service):
    done = httpx.get(service)
    html5lib.HTMLParser(strict=True).parse(done.text)
    assert "default-src 'none'" in done.headers["Content-Security-Policy"]
    for file in PAGE.iterdir():
        assert "//" not in file.read_text().replace("// ", "")


def test_all_know_how_many_colours_of_labels_there_are():
    css = (files("spacy_ner_archs") / "pages" / "common.css").read_text()
    assert len(re.findall(r"^\.label-\d+ ", css, re.MULTILINE)) == LABEL_COLOURS
    assert f"--label-colours: {LABEL_COLOURS};" in css
