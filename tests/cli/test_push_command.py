"""`python -m spacy ner push`, against a hub on this machine."""

import shutil
import zipfile

import pytest
import spacy
import srsly
from typer.testing import CliRunner

pytest.importorskip("huggingface_hub", reason="the extra [hub] is not installed")
from fake_hub import LARGE, TOKEN, fake_hub
from huggingface_hub import constants
from huggingface_hub.utils import disable_progress_bars, enable_progress_bars, reset_sessions

from spacy_ner_archs.cli.main import ner

WHEEL = "en_letters-1.0-py3-none-any.whl"
NAME = "ada/en_letters"


@pytest.fixture
def hub(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "no token"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)  # as all tests are
    reset_sessions()
    disable_progress_bars()
    with fake_hub() as hub:
        monkeypatch.setattr(constants, "ENDPOINT", hub.url)
        yield hub
    enable_progress_bars()
    reset_sessions()


@pytest.fixture
def folder(tmp_path):
    """A pipeline with its card, its wheel beside it, and things that aren't a pipeline's."""
    nlp = spacy.blank("en", meta={"name": "letters", "version": "1.0", "license": "MIT"})
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler", name="names")
    ruler.add_patterns([{"label": "PER", "pattern": "Ada"}])
    nlp.to_disk(tmp_path / "model")
    (tmp_path / "model" / "README.md").write_text("# en_letters\n\nFinds Ada.\n")
    with zipfile.ZipFile(tmp_path / WHEEL, "w") as wheel:
        wheel.writestr("en_letters/__init__.py", "")
    nlp.to_disk(tmp_path / "no card")
    shutil.copytree(tmp_path / "model", tmp_path / "odd sources")
    meta = srsly.read_json(tmp_path / "model" / "meta.json")
    srsly.write_json(tmp_path / "odd sources" / "meta.json", {**meta, "sources": ["Letters"]})
    (tmp_path / "empty").mkdir()
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "config.cfg").touch()
    (tmp_path / "lists" / "meta.json").write_text("[]")
    return tmp_path


def run(*args):
    return CliRunner().invoke(ner, ["push", *map(str, args)])


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_pipeline_arrives_in_one_commit(hub, folder):
    model = folder / "model"
    before = contents(model)
    done = run(
        model, NAME, "--wheel", folder / WHEEL, "--message", "The first", "--dataset", "Letters"
    )
    assert done.exit_code == 0, done.output
    assert f"files to {hub.url}/{NAME}" in done.output
    assert hub.commits == ["The first"]
    arrived = dict(hub.repositories[NAME]["files"])
    assert arrived.pop(WHEEL) == (folder / WHEEL).read_bytes()
    card = arrived.pop("README.md").decode()
    assert card.startswith("---\n")
    assert card.endswith("---\n# en_letters\n\nFinds Ada.\n")
    assert arrived == {name: data for name, data in before.items() if name != "README.md"}
    assert any(len(data) > LARGE for data in arrived.values())
    assert contents(model) == before


def test_what_arrives_is_a_pipeline(hub, folder):
    assert run(folder / "model", NAME).exit_code == 0
    for name, data in hub.repositories[NAME]["files"].items():
        file = folder / "fetched" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    nlp = spacy.load(folder / "fetched")
    assert [(ent.text, ent.label_) for ent in nlp("Here is Ada.").ents] == [("Ada", "PER")]
    assert nlp.pipe_names == ["sentencizer", "names"]


def test_nothing_else_is_uploaded(hub, folder):
    stray = [
        "notes.txt",
        "old/model",
        ".0123.draft",
        "vocab/.0123.draft",
        ".cache/x",
        "names/.git/x",
    ]
    for name in stray:
        (folder / "model" / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / "model" / name).write_text("secret")
    done = run(folder / "model", NAME)
    assert done.exit_code == 0, done.output
    assert not hub.repositories[NAME]["files"].keys() & set(stray)
    assert all(name in done.output for name in stray)


def test_a_linked_folder_arrives(hub, folder):
    (folder / "model" / "vocab").rename(folder / "vocab elsewhere")
    (folder / "model" / "vocab").symlink_to(folder / "vocab elsewhere")
    assert run(folder / "model", NAME).exit_code == 0
    assert "vocab/strings.json" in hub.repositories[NAME]["files"]


def test_a_later_pipeline_takes_the_place_of_the_earlier_one(hub, folder):
    assert run(folder / "model", NAME, "--wheel", folder / WHEEL).exit_code == 0
    files = hub.repositories[NAME]["files"]
    files |= {"vocab/old": b"", "images/logo.png": b"", ".gitattributes": b"", "old.whl": b""}
    (folder / "model" / "LICENSE").write_text("MIT")
    assert run(folder / "model", NAME).exit_code == 0
    assert files.keys() - contents(folder / "model").keys() == {"images/logo.png", ".gitattributes"}
    assert files["LICENSE"] == b"MIT"
    assert hub.commits == ["en_letters 1.0"] * 2


def test_a_name_without_an_owner_is_the_users(hub, folder):
    done = run(folder / "model", "en_letters")
    assert done.exit_code == 0, done.output
    assert list(hub.repositories) == ["me/en_letters"]


@pytest.mark.parametrize(("options", "private"), [([], False), (["--private"], True)])
def test_who_sees_it(hub, folder, options, private):
    assert run(folder / "model", NAME, *options).exit_code == 0
    assert run(folder / "model", NAME, *options).exit_code == 0
    assert hub.repositories[NAME]["private"] is private


def test_private_means_private(hub, folder):
    hub.repositories[NAME] = {"private": False, "files": {}}
    done = run(folder / "model", NAME, "--private")
    assert done.exit_code == 1
    assert done.stderr.startswith(f"{NAME}: it is there already, and public")
    assert hub.repositories[NAME]["files"] == {}


def other_wheel(folder, name):
    (folder / WHEEL).rename(folder / name)
    return ["--wheel", folder / name]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (lambda folder: ["nowhere", NAME], "nowhere: no pipeline's folder"),
        (lambda folder: ["empty", NAME], "empty: no pipeline's folder"),
        (lambda folder: ["lists", NAME], "meta.json: not a pipeline's"),
        (lambda folder: ["odd sources", NAME], "meta.json: "),
        (lambda folder: ["no card", NAME], "write one with: python -m spacy ner card"),
        (lambda folder: ["model", "a/b/c"], "NAME: Repo id must be in the form"),
        (lambda folder: ["model", "no name"], "NAME: Repo id must use alphanumeric"),
        (lambda folder: ["model", NAME, "--wheel", "nowhere.whl"], "nowhere.whl: not a wheel"),
        (lambda folder: ["model", NAME, "--wheel", "model"], "--wheel"),
        (
            lambda folder: ["model", NAME, *other_wheel(folder, "en_notes-1.0-py3-none-any.whl")],
            "it is en-notes 1.0, and the pipeline is en_letters 1.0",
        ),
        (
            lambda folder: ["model", NAME, *other_wheel(folder, "en_letters-2.0-py3-none-any.whl")],
            "it is en-letters 2.0, and the pipeline is en_letters 1.0",
        ),
        (
            lambda folder: ["model", NAME, *other_wheel(folder, "en_letters-any-py3-none-any.whl")],
            "Invalid wheel filename (invalid version)",
        ),
    ],
)
def test_a_mistake_gets_one_line(hub, folder, monkeypatch, args, message):
    monkeypatch.chdir(folder)
    assert_one_line(hub, run(*args(folder)), message)
    assert hub.repositories == {}


@pytest.mark.parametrize(
    "card", ["---\na: [\n---\n", "---\n- a\n---\n", "---\nmodel-index: [{}]\n---\n"]
)
def test_front_matter_that_no_one_can_read_gets_one_line(hub, folder, card):
    (folder / "model" / "README.md").write_text(card)
    assert_one_line(hub, run(folder / "model", NAME), f"{folder / 'model' / 'README.md'}: ")
    assert hub.repositories == {}


@pytest.mark.parametrize(
    ("endpoint", "status", "answer", "message"),
    [
        ("/api/repos/create", 403, {"error": "Forbidden"}, "the token must not write there"),
        ("/api/repos/create", 400, {"error": "This name is taken"}, "This name is taken"),
        ("/api/models/", 500, {"error": "Out of order"}, "Out of order"),
        ("/commit/", 403, {"error": "Forbidden"}, "the token must not write there"),
        ("/commit/", 429, {"error": "Too many"}, "Too many"),
        (
            "/api/validate-yaml",
            400,
            {"errors": [{"message": '"license" must be one of mit'}]},
            'Invalid metadata in README.md. - "license" must be one of mit',
        ),
    ],
)
def test_what_the_hub_refuses_gets_one_line(hub, folder, endpoint, status, answer, message):
    hub.refused[endpoint] = (status, answer)
    assert_one_line(hub, run(folder / "model", NAME), f"{NAME}: {message}")


def test_a_wrong_token_gets_one_line(hub, folder, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "hf_wrong")
    assert_one_line(hub, run(folder / "model", NAME), f"{NAME}: the hub doesn't know this token")


def test_no_token_gets_one_line(hub, folder, monkeypatch):
    monkeypatch.delenv("HF_TOKEN")
    assert_one_line(hub, run(folder / "model", NAME), "no token of the Hugging Face hub: run")


def test_no_network_gets_one_line(hub, folder, monkeypatch):
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    assert_one_line(
        hub, run(folder / "model", NAME), f"{NAME}: no answer from http://127.0.0.1:9 ("
    )


def test_offline_mode_gets_one_line(hub, folder, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    reset_sessions()
    assert_one_line(hub, run(folder / "model", NAME), "`HF_HUB_OFFLINE`")


def assert_one_line(hub, done, message):
    assert done.exit_code == 1, done.output
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert hub.commits == []
