"""The project, run in a copy: from text to an installed pipeline."""

import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from spacy.cli._util import app
from typer.testing import CliRunner

import spacy_ner_archs.cli.main  # noqa: F401  (registers the commands)

ROOT = Path(__file__).parents[1]
NAME = "ner_of_the_test_suite"
PARTS = ["assets", "configs", "scripts", "project.yml"]
SHORT = "--training.max_steps 60 --training.eval_frequency 30 --sizes.lstm_width 64"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, folder / part)
    return folder


@pytest.fixture(scope="module")
def site(project):
    """A folder that packages are installed to, beside those of the tests' own environment."""
    return project / "site"


def run(command, folder, site):
    """Run Python as a user does."""
    path = os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH")]))
    settings = {"SPACY_CONFIG_OVERRIDES": SHORT, "NO_COLOR": "1"}
    settings |= {"PIP_TARGET": str(site), "PYTHONPATH": path}
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
    )


def output_of(done):
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def installed(project, site):
    done = run(["-m", "spacy", "project", "run", "all", ".", "--vars.name", NAME], project, site)
    assert done.returncode == 0, output_of(done)
    assert "Running command" in done.stdout
    return done


@pytest.fixture
def run_here(project, monkeypatch):
    """Run a command of the project, and what it runs, in this process."""

    def run_command(command, *, capture):
        _, *args = command
        monkeypatch.setattr(sys, "argv", args)
        try:
            if args[:2] == ["-m", "spacy"]:
                typer.main.get_command(app).main(args[2:])
            runpy.run_path(args[0], run_name="__main__")
        except SystemExit as end:
            if end.code:
                raise

    monkeypatch.setattr("weasel.cli.run.run_command", run_command)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.chdir(project)
    return lambda *args: CliRunner().invoke(app, ["project", "run", *args])


@pytest.mark.usefixtures("installed")
def test_all_runs_from_text_to_an_installed_pipeline_and_then_skips(project, run_here):
    assert (project / f"packages/en_{NAME}-0.1.0-py3-none-any.whl").is_file()
    page = (project / f"demo/en_{NAME}.html").read_text(encoding="utf-8")
    assert "<mark" in page
    assert page.count(">gold</h2>") == page.count(">predicted</h2>") == 5
    meta = (project / f"packages/en_{NAME}-0.1.0/setup.py").read_text()
    requirements = (project / f"packages/en_{NAME}-0.1.0/meta.json").read_text()
    assert "entry_points" in meta
    assert "spacy-ner-archs>=" in requirements
    again = run_here("all", ".", "--vars.name", NAME)
    assert again.exit_code == 0, again.output
    assert again.stdout.count("nothing changed") == 7
    assert "Running command" not in again.stdout


@pytest.mark.usefixtures("installed")
def test_the_installed_pipeline_loads_without_an_import_or_network(site):
    code = (
        f"import spacy; nlp = spacy.load('en_{NAME}'); "
        "print(nlp.pipe_names, nlp.get_pipe('ner').labels)"
    )
    done = run(["-c", code], "/", site)
    assert done.stdout.strip() == "['ner'] ('LOC', 'MISC', 'ORG', 'PER')", done.stderr


def test_a_corpus_may_lie_anywhere_and_has_a_folder_of_its_own(project, run_here):
    shutil.copytree(project / "assets/sample", project / "a folder")
    done = run_here("convert", ".", "--vars.corpus", "a folder", "--vars.name", "ner_other")
    assert done.exit_code == 0, done.output
    assert (project / "corpus/ner_other/train.spacy").is_file()


def test_a_corpus_whose_columns_are_ambiguous_takes_options(project, run_here):
    text = "# id\thttp://example.org\n1\tAnn\tB-PER\tO\n2\tsees\tO\tB-X\n"
    (project / "columns").mkdir()
    for name in ("train", "dev", "test"):
        (project / f"columns/{name}.conll").write_text(text)
    args = ["convert", ".", "--vars.corpus", "columns", "--vars.name", "ner_columns"]
    refused = run_here(*args)
    assert refused.exit_code != 0
    assert "--comment-prefix '#' --word-column 2 --tag-column 3 or 4" in refused.output
    # without the space it would be the next option
    options = " --comment-prefix '#' --word-column 2 --tag-column 3"
    done = run_here(*args, "--vars.convert_options", options)
    assert done.exit_code == 0, done.output
    assert "First sentence: [Ann PER] sees" in done.output


@pytest.fixture(scope="module")
def converted(project):
    """Files where training looks for a corpus; none of them is read."""
    folder = project / "corpus" / "ner_mistakes"
    folder.mkdir(parents=True)
    for name in ("train", "dev", "test"):
        (folder / f"{name}.spacy").touch()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nonsense", "."], "Can't find command or workflow 'nonsense'"),
        (["all", ".", "--vars.corpus", "assets/nowhere"], "assets/nowhere/train.conll"),
        (["train", ".", "--vars.config", "nonsense"], "configs/nonsense.cfg"),
        (["all", ".", "--varz.config", "bilstm"], "not a section value"),
        (
            ["train", ".", "--vars.gpu_id", "x"],
            "argument --gpu-id: invalid int value: 'x'",
        ),
        (
            ["train", ".", "--vars.gpu_id", "99"],
            "gpu_id: GPU 99 can't be used",
        ),
        (
            ["train", ".", "--vars.seed", "x"],
            "argument --seed: invalid int value: 'x'",
        ),
        (
            ["train", ".", "--vars.vectors", "nowhere"],
            "vectors: no pipeline folder or package",
        ),
        (
            [
                *("train", ".", "--vars.config", "transformer"),
                *("--vars.encoder", "nowhere"),
            ],
            "encoder nowhere: neither a folder with an encoder nor a model that could be fetched",
        ),
        (["conll2003", "."], "assets/conll2003/train.conll"),
        (["gmb", "."], "assets/gmb/ner_dataset.csv"),
        (["vectors", "."], "assets/vectors/glove.6B.100d.txt"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
@pytest.mark.usefixtures("converted")
def test_a_mistake_gets_a_line_and_no_traceback(run_here, args, message):
    done = run_here(*args, "--vars.name", "ner_mistakes")
    assert done.exit_code != 0
    assert isinstance(done.exception, SystemExit)
    assert message in " ".join(done.output.split())


def test_the_readme_has_the_projects_table(project):
    shutil.copy(ROOT / "README.md", project / "README.md")
    output = ["--output", str(project / "README.md")]
    done = CliRunner().invoke(app, ["project", "document", str(project), *output])
    assert done.exit_code == 0, done.output
    assert (project / "README.md").read_text() == (ROOT / "README.md").read_text()
