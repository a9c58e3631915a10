import os
import shutil
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import settings

# how long an example takes is the machine's matter
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

# each worker of pytest-xdist has a core; set before any test loads torch
os.environ.setdefault("OMP_NUM_THREADS", "1")
# no test fetches a model
os.environ["HF_HUB_OFFLINE"] = "1"
# the spinner of spaCy's commands is a process that can outlive a test
os.environ["WASABI_LOG_FRIENDLY"] = "1"

#: Begun first, so that no worker has one of them left when the others have done all.
LONGEST_FILES = (
    "test_project.py",
    "test_on_ray.py",
    "test_grid_command.py",
    "test_predict_command.py",
)

SHARED_DATA = Path(__file__).parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real corpora, which are not part of the project."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"real corpora are not at {SHARED_DATA}")
    return SHARED_DATA


@pytest.fixture(scope="session", autouse=True)
def english_without_exceptions():
    """A pipeline fills its tokenizer with English's 1,300 exceptions, which takes nine tenths of
    the time in which one is made or loaded. No test is about them."""
    from spacy.lang.en import English

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(English.Defaults, "tokenizer_exceptions", {})
        yield


@pytest.fixture(scope="session", autouse=True)
def entry_points_by_group():
    """Spares catalogue the search through all entry points of the environment, which it begins anew
    with each message that srsly packs, and each function that spaCy takes from a registry."""
    import catalogue

    found = SimpleNamespace(select=cache(catalogue.AVAILABLE_ENTRY_POINTS.select))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "AVAILABLE_ENTRY_POINTS", found)
        yield


@pytest.fixture(scope="module")
def browser():
    """Not for the whole session: while playwright runs, no other test can run an event loop."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="no playwright to drive a browser"
    )
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("no Chromium to open the page in")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def two_threads():
    """torch computes with two threads."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def bfloat16(monkeypatch):
    """The processor counts as one that is made for bfloat16, and computes in it, slowly."""
    import torch

    from spacy_ner_archs.torch_layers import precision

    monkeypatch.setattr(precision, "has_bfloat16", lambda device: True)
    with torch.backends.mkldnn.flags(enabled=False):
        yield


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name not in LONGEST_FILES)
