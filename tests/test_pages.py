"""README and docs/ say nothing that isn't so: each command and its options, each config, name and
link exists. Nothing is run here; the blocks of the tutorial are run when the pages are built."""

import configparser
import inspect
import json
import re
import tomllib
from importlib.metadata import distribution
from itertools import dropwhile, pairwise

import pytest
import srsly
import typer
import yaml
from pages import (
    LINK,
    PAGES,
    ROOT,
    anchors_of,
    blocks_of,
    codes_in,
    commands_of,
    name_of,
    prose_of,
    rows_of,
)
from spacy.cli._util import app, parse_config_overrides
from spacy.util import load_config

import spacy_ner_archs.cli.main  # noqa: F401  (registers the commands)

SPACY = typer.main.get_command(app)
PROJECT = yaml.safe_load((ROOT / "project.yml").read_text())
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CONFIGS = {path.stem: path for path in (ROOT / "configs").glob("*.cfg")}
ENTRY_POINTS = {
    entry.name.removeprefix("spacy-ner-archs."): entry
    for entry in distribution("spacy-ner-archs").entry_points
    if entry.name.startswith("spacy-ner-archs.")
}

#: Where commands that begin so are run, or why they aren't.
WHERE_RUN = {
    "python -m spacy ner audit": "tests/cli/test_audit_command.py",
    "python -m spacy ner calibrate": "tests/cli/test_calibrate_command.py",
    "python -m spacy ner card": "tests/cli/test_card_command.py",
    "python -m spacy ner compare": "tests/cli/test_compare_command.py",
    "python -m spacy ner complete": "tests/cli/test_complete_command.py",
    "python -m spacy ner convert": "tests/cli/test_convert_command.py",
    "python -m spacy ner debug-data": "tests/cli/test_debug_data_command.py",
    "python -m spacy ner ensemble": "tests/pipeline/test_ensemble.py",
    "python -m spacy ner grid": "tests/cli/test_grid_command.py",
    "python -m spacy ner init-config": "tests/cli/test_init_config_command.py",
    "python -m spacy ner predict": "tests/cli/test_predict_command.py",
    "python -m spacy ner push": "tests/cli/test_push_command.py",
    "python -m spacy ner quantize": "tests/pipeline/test_quantize.py",
    "python -m spacy ner report": "tests/cli/test_report_command.py",
    "python -m spacy ner serve": "tests/cli/test_serve_command.py",
    "python -m spacy ner suggest": "tests/cli/test_suggest_command.py",
    "python -m spacy ner tune": "tests/cli/test_tune_command.py",
    "python -m spacy ner update": "tests/cli/test_update_command.py",
    "python -m spacy project run": "tests/test_project.py",
    "python -m spacy train": "tests/test_project.py",
    "python -m spacy package": "tests/test_project.py",
    "python -m spacy find-threshold": "tests/pipeline/test_find_threshold.py",
    "python -m spacy init vectors": "spaCy's own",
    "python -m spacy download": "a network",
    "python -m spacy project assets": "a network",
    "python benchmarks/": "a corpus, a trained pipeline and minutes",
    "make": "it is what CI runs",
    "python -m http.server": "it runs until it is stopped",
    "sed": "make docs runs it",
    "typer": "make docs runs it",
    "grep": "make docs runs it",
    "mkdir": "nothing of ours",
    "pip": "a network",
    "prodigy": "a licence",
    "hf auth": "an account",
    "curl": "a running service",
    "docker": "a running Docker",
    "ray": "several machines",
}
#: Configs that the reader makes: a shipped one that takes the same settings.
MADE_BY_THE_READER = {
    "wandb.cfg": "bilstm_crf",
    "mlflow.cfg": "bilstm_crf",
    "mine.cfg": "char_cnn_bilstm_crf",
    "training/search/best.cfg": "char_cnn_bilstm_crf",
}

of_each_page = pytest.mark.parametrize("page", PAGES, ids=name_of)


def without_environment(words):
    return list(dropwhile(re.compile(r"[A-Z_]+=").match, words))


def row_of(words):
    text = " ".join(without_environment(words))
    return max((row for row in WHERE_RUN if text.startswith(row)), key=len, default=None)


@of_each_page
def test_a_command_is_run_or_the_table_says_why_not(page):
    assert all(map(row_of, commands_of(page))), [
        words for words in commands_of(page) if not row_of(words)
    ]


def test_the_table_of_what_is_run_is_true():
    used = {row_of(words) for page in PAGES for words in commands_of(page)}
    assert used == set(WHERE_RUN)
    for command, where in WHERE_RUN.items():
        if where.startswith("tests/"):
            name = command.split()[-1].replace("-", ".")  # a function has _ for it
            assert re.search(rf"\b{name}\b", (ROOT / where).read_text()), where


def spacys(page):
    """The words behind `python -m spacy` of each such command."""
    plain = map(without_environment, commands_of(page))
    return [words[3:] for words in plain if words[:3] == ["python", "-m", "spacy"]]


@of_each_page
def test_a_command_of_spacy_has_its_options(page):
    for words in spacys(page):
        command, args = SPACY, words
        while hasattr(command, "commands") and args:
            command, args = command.commands[args[0]], args[1:]
        options = {
            name for param in command.params for name in [*param.opts, *param.secondary_opts]
        }
        given = {arg for arg in args if re.match(r"--?[a-z]", arg)} - {"--help"}
        unknown = given - options
        assert all("." in option for option in unknown), words
        assert not unknown or command.context_settings.get("ignore_unknown_options"), words
        if words[0] == "ner" and args and "--help" not in args:  # all arguments, and no others
            context = command.make_context(words[1], list(args))
            assert len(context.args) == 2 * len(unknown), words


def settings_of(words):
    """The config that a command takes, and the settings that it changes."""
    settings = [
        part
        for i, word in enumerate(words)
        if re.match(r"--(?!vars\b)[a-z]\w*\.", word)
        for part in words[i : i + 2]
    ]
    if words[:2] in (["ner", "grid"], ["ner", "tune"]):
        return yaml.safe_load((ROOT / words[2]).read_text())["config"], settings
    return next((word for word in words if word.endswith(".cfg")), None), settings


def takes(config, settings):
    try:
        load_config(config, overrides=parse_config_overrides(settings, env_var=None))
    except ValueError:
        return False
    return True


@of_each_page
def test_a_config_is_there_and_has_the_settings(page):
    for words in spacys(page):
        config, settings = settings_of(words)
        if config == "configs/CONFIG.cfg":
            assert any(takes(path, settings) for path in CONFIGS.values()), settings
        elif config is not None:
            made = MADE_BY_THE_READER.get(config)
            path = CONFIGS[made] if made else ROOT / config
            assert path.is_file(), config
            assert takes(path, settings), (config, settings)


@of_each_page
def test_a_setting_in_the_text_is_of_a_config(page):
    for code in codes_in(prose_of(page)):
        words = code.split()
        if code.startswith("--vars."):
            assert words[0].removeprefix("--vars.") in PROJECT["vars"], code
        elif re.match(r"--[a-z]\w*\.", code):
            settings = words if len(words) > 1 else [*words, "0"]
            assert any(takes(path, settings) for path in CONFIGS.values()), code


@of_each_page
def test_the_project_has_the_steps_and_variables(page):
    steps = {step["name"] for step in PROJECT["commands"]} | set(PROJECT["workflows"])
    runs = [words for words in commands_of(page) if words[-1:] and "project run" in " ".join(words)]
    for words in runs:
        plain = without_environment(words)
        assert plain[5] in steps, words
        given = {
            word.removeprefix("--vars."): value
            for word, value in pairwise(plain)
            if word.startswith("--vars.")
        }
        assert set(given) <= set(PROJECT["vars"]), words
        config = CONFIGS[given.get("config", PROJECT["vars"]["config"])]
        if words[0].startswith("SPACY_CONFIG_OVERRIDES="):
            assert takes(config, words[0].partition("=")[2].split()), words


@of_each_page
def test_a_script_target_or_extra_is_there(page):
    for words in map(without_environment, commands_of(page)):
        if words[0] == "make":
            assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text(), re.M), words
        elif words[0] == "python" and words[1].endswith(".py"):
            source = (ROOT / words[1]).read_text()
            for option in (word for word in words if word.startswith("--")):
                assert option.removeprefix("--").replace("-", "_") in source, words
        elif words[0] == "pip":
            found = re.findall(r"(?:\.|spacy-ner-archs)\[(\w+)\]", " ".join(words))
            assert set(found) <= set(PYPROJECT["project"]["optional-dependencies"]), words


@of_each_page
def test_links_lead_somewhere(page):
    for target, anchor in LINK.findall(prose_of(page)):
        if target.startswith(("http:", "https:")):
            continue
        path = (page.parent / target).resolve() if target else page
        assert path.exists(), target
        is_made = "exec=" in path.read_text() if anchor else False
        if anchor and not is_made:  # make docs checks those of headings that it makes
            assert anchor.removeprefix("#") in anchors_of(path), f"{target}{anchor}"


@of_each_page
def test_a_block_can_be_read(page):
    readers = {
        "python": lambda code: compile(code, name_of(page), "exec"),
        "ini": configparser.ConfigParser(interpolation=None).read_string,
        "json": json.loads,
        "yaml": srsly.yaml_loads,
    }
    for block in blocks_of(page):
        assert block.language in {*readers, "bash"}
        if block.language in readers:
            readers[block.language](block.code)


@of_each_page
def test_a_registered_name_is_registered(page):
    names = re.findall(r"spacy-ner-archs\.(\w+\.v\d+)", page.read_text())
    assert set(names) <= set(ENTRY_POINTS)


ARCHITECTURES = ROOT / "docs" / "architectures.md"
#: Of a section of architectures.md
TABLES = [
    "### Embeddings",
    "### Encoders",
    "### Taggers",
    "### Transformers { #transformer-parts }",
    "### Optimizer, pooling and augmenters",
]
ARGUMENT = re.compile(r"`(\w+|\*)`(?: = `?([^,`]+)`?)?")


def documented():
    """The arguments of each registered function, and the defaults that are told."""
    found = {}
    for section in TABLES:
        names = []
        for name_cell, argument_cell, _ in rows_of(ARCHITECTURES, section):
            names = re.findall(r"\w+\.v\d+", name_cell) or names
            for name in names:
                found.setdefault(name, {}).update(ARGUMENT.findall(argument_cell))
    return found


def test_architectures_have_the_arguments_that_the_page_gives():
    found = documented()
    callbacks = {"collect_vocab.v1", "require_transformers.v1", "PlainNames.v1"}
    assert set(found) == set(ENTRY_POINTS) - callbacks
    for name, arguments in found.items():
        parameters = inspect.signature(ENTRY_POINTS[name].load()).parameters
        names = {
            "*" if parameter.kind is parameter.VAR_POSITIONAL else parameter.name
            for parameter in parameters.values()
        }
        assert set(arguments) == names - {"nO"}, name  # the page has it above the table
        for argument, told in arguments.items():
            if told:
                default = parameters[argument].default
                assert json.loads(told) == default or told == "{}", f"{name}: {argument}"


def test_the_table_of_configs_is_whole():
    rows = rows_of(ARCHITECTURES, "## Which config")
    assert {codes_in(row[0])[0] for row in rows} == set(CONFIGS)


def test_the_page_of_the_project_has_what_the_project_has():
    page = ROOT / "docs" / "project.md"
    workflows = {codes_in(row[0])[0]: codes_in(row[1]) for row in rows_of(page, "## Workflows")}
    assert workflows == PROJECT["workflows"]
    steps = [codes_in(row[0])[0] for row in rows_of(page, "## Steps")]
    assert steps == [step["name"] for step in PROJECT["commands"]]
    variables = {codes_in(row[0])[0]: codes_in(row[1]) for row in rows_of(page, "## Variables")}
    assert set(variables) == set(PROJECT["vars"])
    for name, default in variables.items():
        if default and name != "name":
            value = PROJECT["vars"][name]
            assert default[0] == ("null" if value is None else str(value)), name
    assets = {codes_in(row[0])[0] for row in rows_of(page, "## Assets")}
    assert assets == {asset["dest"] for asset in PROJECT["assets"]}


def test_every_block_of_the_tutorial_is_run():
    blocks = blocks_of(ROOT / "docs" / "tutorial.md")
    assert [block.code for block in blocks if "exec=" not in block.options] == [
        'pip install ".[project]"\n'
    ]
