"""The extras: what is told where one is missing."""

import sys
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner
from spacy_ner_archs.extras import MODULES, require_extra

EXTRAS = tomllib.loads((Path(__file__).parents[1] / "pyproject.toml").read_text())["project"][
    "optional-dependencies"
]
ANY = ["any", "any"]


@pytest.mark.parametrize("extra", MODULES)
def test_an_extra_can_be_installed_and_its_absence_is_told(extra, monkeypatch):
    assert extra in EXTRAS
    for module in MODULES[extra]:
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, module, None)  # an import of it fails
            with pytest.raises(ImportError, match=rf'pip install "spacy-ner-archs\[{extra}\]"$'):
                require_extra(extra, "a test")


@pytest.mark.parametrize(
    ("command", "module", "extra"),
    [
        (["calibrate", *ANY], "scipy", "project"),
        (["card", *ANY], "scipy", "project"),
        (["compare", *ANY, "any"], "scipy", "project"),
        (["grid", *ANY], "matplotlib", "project"),
        (["push", *ANY], "huggingface_hub", "hub"),
        (["quantize", *ANY], "onnxruntime", "onnx"),
        (["report", *ANY], "seqeval", "project"),
        (["serve", "any"], "fastapi", "serve"),
        (["tune", *ANY], "optuna", "tune"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else value,
)
def test_a_command_without_its_extra_is_one_line(command, module, extra, monkeypatch):
    monkeypatch.setitem(sys.modules, module, None)
    done = CliRunner().invoke(ner, command)
    assert (done.exit_code, done.output.count("\n")) == (1, 1)
    assert f'pip install "spacy-ner-archs[{extra}]"' in done.output
