"""`python -m spacy ner`: spaCy finds it by its `spacy_cli` entry point.

A command is a function in its own module, registered here. spaCy loads this module whenever any
of its commands starts, so that nothing here may import the layers or architectures.
"""

import typer
from spacy.cli._util import app

from spacy_ner_archs.cli.audit import audit_cli
from spacy_ner_archs.cli.calibrate import calibrate_cli
from spacy_ner_archs.cli.card import card_cli
from spacy_ner_archs.cli.compare import compare_cli
from spacy_ner_archs.cli.complete import complete_cli
from spacy_ner_archs.cli.convert import convert_cli
from spacy_ner_archs.cli.debug_data import debug_data_cli
from spacy_ner_archs.cli.ensemble import ensemble_cli
from spacy_ner_archs.cli.grid import grid_cli
from spacy_ner_archs.cli.init_config import init_config_cli
from spacy_ner_archs.cli.interrupts import terminated_as_interrupted
from spacy_ner_archs.cli.predict import predict_cli
from spacy_ner_archs.cli.push import push_cli
from spacy_ner_archs.cli.quantize import quantize_cli
from spacy_ner_archs.cli.report import report_cli
from spacy_ner_archs.cli.serve import serve_cli
from spacy_ner_archs.cli.suggest import suggest_cli
from spacy_ner_archs.cli.tune import tune_cli
from spacy_ner_archs.cli.update import update_cli

#: Commands that take settings of a config, as spacy train does.
OVERRIDES = {"allow_extra_args": True, "ignore_unknown_options": True}

ner = typer.Typer(
    name="ner", help="Corpora, experiments and reports for NER.", no_args_is_help=True
)


@ner.callback()
def begin(context: typer.Context) -> None:
    context.with_resource(terminated_as_interrupted())


ner.command("audit", context_settings=OVERRIDES)(audit_cli)
ner.command("calibrate")(calibrate_cli)
ner.command("card")(card_cli)
ner.command("compare")(compare_cli)
ner.command("complete")(complete_cli)
ner.command("convert", short_help="Convert a corpus to spaCy's format, or back to CoNLL text.")(
    convert_cli
)
ner.command("debug-data", context_settings=OVERRIDES)(debug_data_cli)
ner.command("ensemble")(ensemble_cli)
ner.command("grid", context_settings=OVERRIDES)(grid_cli)
ner.command("init-config")(init_config_cli)
ner.command("predict")(predict_cli)
ner.command("push")(push_cli)
ner.command("quantize")(quantize_cli)
ner.command("report")(report_cli)
ner.command("serve")(serve_cli)
ner.command("suggest")(suggest_cli)
ner.command("tune", context_settings=OVERRIDES)(tune_cli)
ner.command("update", context_settings=OVERRIDES)(update_cli)

app.add_typer(ner)
