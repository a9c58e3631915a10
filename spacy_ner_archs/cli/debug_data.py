"""`python -m spacy ner debug-data`"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer
from spacy.cli._util import parse_config_overrides
from spacy.cli.debug_data import debug_data
from spacy.util import load_config
from wasabi import msg

from spacy_ner_archs.cli.failing import fail, failing

if TYPE_CHECKING:
    from spacy.training import Example

#: What is wrong with an entity, by the names of `describe_entities`.
PROBLEMS = {
    "across_sentences": "cross the start of a sentence",
    "in_white_space": "begin or end in white space",
    "misaligned": "don't begin and end where the pipeline's tokens do",
}


def debug_data_cli(
    context: typer.Context,
    config: Annotated[Path, typer.Argument(help="Config of the training")],
    verbose: Annotated[
        bool, typer.Option("--verbose", "-V", help="Print explanations, and more counts")
    ] = False,
) -> None:
    """Check the training and dev data of a config, before training.

    Settings can follow, as for spacy train: --paths.train corpus/train.spacy --paths.dev
    corpus/dev.spacy. The checks are those of spacy debug data, which has none of entities for an
    ner_tagger, and the labels, names and boundaries of both parts.
    """
    with failing("settings"):
        overrides = parse_config_overrides(context.args)
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.evaluation.training_data import read_parts, with_spacys_ner

    with failing(str(config)):
        checked = with_spacys_ner(load_config(config, overrides=overrides, interpolate=True))
        train, dev = read_parts(checked)
    for name, part in (("training", train), ("dev", dev)):
        if not part:
            fail(f"{config}: the {name} data has no docs; give .spacy files that have some")
    _print_entities(train, dev)
    with failing(str(config)), TemporaryDirectory() as folder:
        checked.to_disk(Path(folder) / "config.cfg")
        debug_data(Path(folder) / "config.cfg", verbose=verbose, no_format=False, silent=False)


def _print_entities(train: list["Example"], dev: list["Example"]) -> None:
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.evaluation.slices import names_in
    from spacy_ner_archs.evaluation.training_data import describe_entities

    names = names_in(eg.reference for eg in train)
    of_train, of_dev = parts = [describe_entities(part, names) for part in (train, dev)]
    msg.divider("Entities")
    labels = sorted(of_train["labels"] | of_dev["labels"])
    rows = [(label, *(part["labels"].get(label, 0) for part in parts)) for label in labels]
    total = ("all", *(part["entities"] for part in parts))
    msg.table([*rows, total], header=("Label", "Train", "Dev"), aligns=("l", "r", "r"))
    for name, part in (("training", of_train), ("dev", of_dev)):
        for key, problem in PROBLEMS.items():
            show = msg.warn if part[key] else msg.good
            show(f"Entities of the {name} data that {problem}: {part[key]}")
    if new := sorted(of_dev["labels"].keys() - of_train["labels"].keys()):
        msg.warn(f"Labels of the dev data that the training data doesn't have: {', '.join(new)}")
    share = of_dev["unseen"] / max(of_dev["entities"], 1)
    msg.info(
        "Entities of the dev data with a text that no entity of the training data has: "
        f"{of_dev['unseen']} ({share:.0%})"
    )
