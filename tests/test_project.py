"""The project, run in a copy: from text to an installed pipeline."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAME = "ner_of_the_test_suite"
PARTS = ["assets", "configs", "scripts", "project.yml"]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    for part in PARTS:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, folder / part)
    yield folder
    uninstall = [sys.executable, "-m", "pip", "uninstall", "--yes", "--quiet", f"en_{NAME}"]
    subprocess.run(uninstall, check=False)


def run(folder, *args, **env):
    command = [sys.executable, "-m", "spacy", "project", "run", *args]
    short = "--training.max_steps 120 --training.eval_frequency 60"
    environment = {**os.environ, "SPACY_CONFIG_OVERRIDES": short, **env}
    environment["NO_COLOR"] = "1"
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)


def output_of(done):
    return done.stdout + done.stderr


def test_all_runs_from_text_to_an_installed_pipeline_and_then_skips(project):
    done = run(project, "all", ".", "--vars.name", NAME)
    assert done.returncode == 0, output_of(done)
    assert (project / f"packages/en_{NAME}-0.1.0-py3-none-any.whl").is_file()
    page = (project / f"demo/en_{NAME}.html").read_text(encoding="utf-8")
    assert "<mark" in page
    assert page.count(">gold</h2>") == page.count(">predicted</h2>") == 5
    meta = (project / f"packages/en_{NAME}-0.1.0/setup.py").read_text()
    requirements = (project / f"packages/en_{NAME}-0.1.0/meta.json").read_text()
    assert "entry_points" in meta
    assert "spacy-ner-archs>=" in requirements
    again = run(project, "all", ".", "--vars.name", NAME)
    assert again.returncode == 0, output_of(again)
    assert again.stdout.count("nothing changed") == 7
    assert "Running command" not in again.stdout


def test_the_installed_pipeline_loads_without_an_import_or_network(project):
    code = (
        f"import spacy; nlp = spacy.load('en_{NAME}'); "
        "print(nlp.pipe_names, nlp.get_pipe('ner').labels)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd="/", capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "['ner'] ('LOC', 'MISC', 'ORG', 'PER')", done.stderr


def test_a_corpus_may_lie_anywhere_and_has_a_folder_of_its_own(project):
    shutil.copytree(project / "assets/sample", project / "a folder")
    done = run(project, "convert", ".", "--vars.corpus", "a folder", "--vars.name", "ner_other")
    assert done.returncode == 0, output_of(done)
    assert (project / "corpus/ner_other/train.spacy").is_file()


def test_a_corpus_whose_columns_are_ambiguous_takes_options(project):
    text = "# id\thttp://example.org\n1\tAnn\tB-PER\tO\n2\tsees\tO\tB-X\n"
    (project / "columns").mkdir()
    for name in ("train", "dev", "test"):
        (project / f"columns/{name}.conll").write_text(text)
    args = ["convert", ".", "--vars.corpus", "columns", "--vars.name", "ner_columns"]
    refused = run(project, *args)
    assert refused.returncode != 0
    assert "--comment-prefix '#' --word-column 2 --tag-column 3 or 4" in output_of(refused)
    # without the space it would be the next option
    options = " --comment-prefix '#' --word-column 2 --tag-column 3"
    done = run(project, *args, "--vars.convert_options", options)
    assert done.returncode == 0, output_of(done)
    assert "First sentence: [Ann PER] sees" in output_of(done)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["nonsense", "."], "Can't find command or workflow 'nonsense'"),
        (["all", ".", "--vars.corpus", "assets/nowhere"], "assets/nowhere/train.conll"),
        (["all", ".", "--vars.config", "nonsense", "--vars.name", NAME], "configs/nonsense.cfg"),
        (["all", ".", "--varz.config", "bilstm"], "not a section value"),
        (
            ["train", ".", "--vars.name", NAME, "--vars.gpu_id", "x"],
            "argument --gpu-id: invalid int value: 'x'",
        ),
        (
            ["train", ".", "--vars.name", NAME, "--vars.gpu_id", "99"],
            "gpu_id: GPU 99 can't be used",
        ),
        (
            ["train", ".", "--vars.name", NAME, "--vars.seed", "x"],
            "argument --seed: invalid int value: 'x'",
        ),
        (
            ["train", ".", "--vars.name", NAME, "--vars.vectors", "nowhere"],
            "vectors: no pipeline folder or package",
        ),
        (
            [
                *("train", ".", "--vars.name", NAME, "--vars.config", "transformer"),
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
def test_a_mistake_gets_a_line_and_no_traceback(project, args, message):
    done = run(project, *args)
    assert done.returncode != 0
    assert message in " ".join(output_of(done).split())
    assert "Traceback" not in output_of(done)


def test_the_readme_has_the_projects_table(project, tmp_path):
    shutil.copy(ROOT / "README.md", project / "README.md")
    command = [sys.executable, "-m", "spacy", "project", "document", ".", "--output", "README.md"]
    subprocess.run(command, cwd=project, capture_output=True, check=True)
    assert (project / "README.md").read_text() == (ROOT / "README.md").read_text()
