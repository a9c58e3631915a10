"""The project, run in a copy: from text to an installed pipeline."""

import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
import typer
import weasel.cli.run
from fresh_environment import make_environment, with_required
from packaging.utils import canonicalize_name
from spacy.cli._util import app
from typer.testing import CliRunner

import spacy_ner_archs.cli.main  # noqa: F401  (registers the commands)

ROOT = Path(__file__).parents[1]
NAME = "ner_of_the_test_suite"
PARTS = ["assets", "configs", "scripts", "project.yml", "README.md", "LICENSE"]
PACKAGE = ["spacy_ner_archs", "pyproject.toml", "setup.py"]
# as a variable of the project it begins with a space
SHORT = " --training.max_steps 60 --training.eval_frequency 30 --sizes.lstm_width 64"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    for part in PARTS + PACKAGE:
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, folder / part)
    return folder


@pytest.fixture(scope="module")
def run_here(project):
    """Run steps of the project. What they run of spaCy and of the project's scripts runs in this
    process, which has imported it already; the rest, as pip, in processes of its own."""
    site = project / "site"  # packages are installed to it, beside the environment's own
    site.mkdir()
    in_a_process = weasel.cli.run.run_command

    def run_command(command, *, capture):
        _, *args = command
        patch.setattr(sys, "argv", args)
        try:
            if args[:2] == ["-m", "spacy"]:
                typer.main.get_command(app).main(args[2:])
            elif args[0].startswith("scripts/"):
                runpy.run_path(args[0], run_name="__main__")
            else:
                in_a_process(command, capture=capture)
        except SystemExit as end:
            if end.code:
                raise

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(weasel.cli.run, "run_command", run_command)
        patch.setenv("NO_COLOR", "1")
        patch.setenv("PIP_TARGET", str(site))
        patch.setenv("PYTHONPATH", str(site), prepend=os.pathsep)
        patch.syspath_prepend(site)
        patch.chdir(project)
        yield lambda *args: CliRunner().invoke(app, ["project", "run", *args])


ALL = ["all", ".", "--vars.name", NAME, "--vars.train_options", SHORT]


@pytest.fixture(scope="module")
def installed(run_here):
    done = run_here(*ALL)
    assert done.exit_code == 0, done.output
    assert "Running command" in done.stdout
    return done.stdout


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
    again = run_here(*ALL)
    assert again.exit_code == 0, again.output
    assert again.stdout.count("nothing changed") == 7
    assert "Running command" not in again.stdout


def test_the_demo_says_what_its_score_is_worth_and_what_to_do_next(installed):
    demo = installed[installed.index("entity") :]
    assert demo.count(" gold  predicted") == 5
    assert "Text: Sample corpus (synthetic text)." in demo
    assert "F1: CoNLL-2003's test part, measured as assets/sample/README.md says" in demo
    assert f"metrics/{NAME}/report.html" in demo
    assert demo.rstrip().endswith(f"python -m spacy ner serve en_{NAME}")


@pytest.mark.usefixtures("installed")
def test_the_installed_pipeline_loads_without_an_import_or_network():
    code = (
        f"import spacy; nlp = spacy.load('en_{NAME}'); "
        "print(nlp.pipe_names, nlp.get_pipe('ner').labels)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd="/", capture_output=True, text=True)
    assert done.stdout.strip() == "['ner'] ('LOC', 'MISC', 'ORG', 'PER')", done.stderr


#: All that the use of a pipeline needs, besides what these require.
NEEDED = {"spacy", "thinc", "torch", "safetensors", "pytorch-crf", "numpy"}
SENTENCE = "Maria Fernandez joined Siemens in Munich."
SPANS = [(0, 2, "PER"), (3, 4, "ORG"), (5, 6, "LOC")]
USE = f"""
import json, spacy, spacy_ner_archs.evaluation.predict
from importlib.metadata import distributions
nlp = spacy.load("en_{NAME}")
(found,) = nlp.get_pipe("ner").span_probabilities([nlp({SENTENCE!r})], [{SPANS}])
print(json.dumps([sorted(d.metadata["Name"] for d in distributions()), found.tolist()]))
"""
RUN = """
import json, sys
from spacy.cli import app
from spacy.util import registry
from typer.testing import CliRunner
registry.cli.get_all()
for command in json.loads(sys.argv[1]):
    done = CliRunner().invoke(app, command)
    print(json.dumps([done.exit_code, done.output]))
"""


@pytest.fixture(scope="module")
def fresh_python(project, installed):
    """The Python of an environment that has what is needed, and the project's wheels."""
    python = make_environment(project / "fresh", with_required(NEEDED))
    find = ["--no-index", "--find-links", str(project / "packages")]
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", *find]
    # neither an index nor what PYTHONPATH shows
    settings = {"PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    done = subprocess.run([*pip, f"en_{NAME}"], env=settings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return python


def run_fresh(python, *args):
    done = subprocess.run([python, "-I", "-c", *args], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_pipeline_can_be_used_without_extras(project, fresh_python):
    ((names, found),) = run_fresh(fresh_python, USE)
    ours = {"spacy-ner-archs", f"en-{NAME.replace('_', '-')}"}
    assert {canonicalize_name(name) for name in names} == with_required(NEEDED) | ours
    nlp = spacy.load(project / f"training/{NAME}/model-best")
    (expected,) = nlp.get_pipe("ner").span_probabilities([nlp(SENTENCE)], [SPANS])
    assert found == pytest.approx(expected.tolist(), abs=1e-5)


def test_a_pipeline_can_be_trained_without_extras(project, fresh_python):
    config = str(project / "configs/bilstm_crf.cfg")
    train, dev = (str(project / f"corpus/{NAME}/{part}.spacy") for part in ("train", "dev"))
    corpus = ["--paths.train", train, "--paths.dev", dev]
    model = str(project / "without_extras")
    commands = [
        ["ner", "--help"],
        ["ner", "convert", str(project / "assets/sample/dev.conll"), f"{model}.spacy"],
        ["ner", "debug-data", config, *corpus],
        ["train", config, "--output", model, *corpus, *SHORT.replace("60", "2").split()],
        ["ner", "report", f"{model}/model-last", dev],
    ]
    done = run_fresh(fresh_python, RUN, json.dumps(commands))
    assert [code for code, _ in done] == [0, 0, 0, 0, 1], done
    advice = 'pip install "spacy-ner-archs[project]"'
    assert done[-1][1] == f"an extra for reports is missing: {advice}\n"


def test_a_corpus_may_lie_anywhere_and_has_a_folder_of_its_own(project, run_here):
    shutil.copytree(project / "assets/sample", project / "a folder")
    done = run_here("convert", ".", "--vars.corpus", "a folder", "--vars.name", "ner_other")
    assert done.exit_code == 0, done.output
    assert (project / "corpus/ner_other/train.spacy").is_file()


def test_a_corpus_of_one_file_is_split(project, run_here):
    (project / "one").mkdir()
    rows = [f"Sentence: {i},Rome,NNP,B-geo" for i in range(10)]
    (project / "one/gmb.csv").write_text("\n".join(["Sentence #,Word,POS,Tag", *rows]))
    args = ["convert", ".", "--vars.corpus", "one", "--vars.name", "ner_one"]
    done = run_here(*args, "--vars.convert_options", " --split 70,10,20")
    assert done.exit_code == 0, done.output
    assert (project / "corpus/ner_one/test.spacy").is_file()


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
        (["all", ".", "--vars.corpus", "assets/nowhere"], "assets/nowhere"),
        (
            ["all", ".", "--vars.corpus", "assets/gmb/about.yml"],
            "about.yml is no folder; name the one",
        ),
        (["all", ".", "--vars.corpus", "assets/conll2003"], "assets/conll2003/train.conll"),
        (
            [
                *("all", ".", "--vars.corpus", "assets/gmb"),
                *("--vars.convert_options", " --split 70,10,20"),
            ],
            "this one has none",
        ),
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


@pytest.mark.parametrize(
    ("name", "message"),
    [("my model", "name: 'my model' can't name a package"), ("en_ner", "leave en_ out")],
)
def test_a_name_that_pip_refuses_ends_the_first_step(run_here, name, message):
    done = run_here("all", ".", "--vars.name", name)
    assert done.exit_code != 0
    assert message in done.output
    assert done.output.count("Running command") == 1
