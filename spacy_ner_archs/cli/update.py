"""`python -m spacy ner update`"""

from pathlib import Path
from typing import Annotated, Any

import typer
from spacy.cli._util import parse_config_overrides
from spacy.language import Language
from spacy.training import Example
from wasabi import msg

from spacy_ner_archs.cli.failing import fail, failing
from spacy_ner_archs.cli.output_folder import refuse_nested
from spacy_ner_archs.cli.predicting import GpuOption, load, read, use_gpu
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.corpus.errors import ConversionError
from spacy_ner_archs.drafts import draft_of_folder, try_folder

#: Settings of a config in place of which the command has options.
OPTIONS = {
    "training.max_epochs": "--epochs",
    "training.optimizer.learn_rate": "--learn-rate",
    "training.dropout": "--dropout",
}
#: Those that it goes by, with what is in their sections.
SETTINGS = ("training.batcher", "training.optimizer", "training.seed")


def update_cli(
    context: typer.Context,
    model: Annotated[str, typer.Argument(help="Name of an installed pipeline, or its folder")],
    corpus: Annotated[Path, typer.Argument(help=".spacy file with new annotation")],
    output: Annotated[Path, typer.Argument(help="Folder of the new pipeline")],
    dev: Annotated[
        Path | None, typer.Option("--dev", help=".spacy file: keep the epoch that is best on it")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", help="A label that the corpus annotates; it leaves out others"),
    ] = None,
    epochs: Annotated[int, typer.Option("--epochs", min=1, help="Passes over the corpus")] = 10,
    learn_rate: Annotated[
        float | None,
        typer.Option(
            "--learn-rate",
            min=0.0,
            help="The highest; it rises and falls. By default 0.003, with a transformer 0.001",
        ),
    ] = None,
    dropout: Annotated[
        float, typer.Option("--dropout", min=0.0, max=0.99, help="While the pipeline learns")
    ] = 0.3,
    gpu_id: GpuOption = -1,
) -> None:
    """Go on training a pipeline, and keep what it knew.

    The tagger learns what the corpus annotates, new labels too. Where nothing is annotated, it
    learns to give the probabilities that it gave before. With --only MISC, tokens outside of
    entities can be entities with all labels but MISC. Batches, seed and all else are as in the
    pipeline's own training; other settings can follow, as for spacy train: --training.seed 1
    """
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.corpus.rejected_spans import INCORRECT
    from spacy_ner_archs.pipeline.change_settings import change_settings
    from spacy_ner_archs.pipeline.continue_training import (
        Schedule,
        continue_training,
        prepare,
        usual_learn_rate,
    )

    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        fail(f"{output}: exists already; give a new folder")
    with failing(str(output)):
        try_folder(output)
    use_gpu(gpu_id)
    pipeline = load(model)
    refuse_nested(output, model)
    nlp = pipeline.nlp
    _change(nlp, context.args)
    examples = read(pipeline, corpus)
    _annotated(examples, only or [], str(corpus))
    dev_examples = read(pipeline, dev) if dev is not None else None
    with failing(model):
        tagger = prepare(nlp, examples)
    if tagger.incorrect_spans_key is None:  # the key of the spans that convert reads as rejected
        change_settings(nlp, tagger.name, {"incorrect_spans_key": INCORRECT})
    rate = usual_learn_rate(tagger) if learn_rate is None else learn_rate
    try:
        with failing("the training failed"):
            scores = continue_training(
                nlp,
                examples,
                dev_examples,
                schedule=Schedule(epochs, rate, dropout),
                evaluated=_tell,
            )
    except KeyboardInterrupt:
        fail("stopped; nothing is written")
    nlp.meta["performance"] = scores
    with failing(str(output)), draft_of_folder(output) as draft:
        nlp.to_disk(draft)
    with printing():
        msg.good(f"Saved the pipeline to {output}")


def _change(nlp: Language, arguments: list[str]) -> None:
    """Set settings of the training."""
    from spacy_ner_archs.pipeline.continue_training import training_settings

    with failing("settings"):
        overrides = parse_config_overrides(arguments)
        for name, value in overrides.items():
            if name in OPTIONS:
                raise ValueError(f"{name}: give {OPTIONS[name]} instead")
            if ".".join(name.split(".")[:2]) not in SETTINGS:
                raise ValueError(f"{name}: only {', '.join(SETTINGS)} can be changed here")
            *sections, last = name.split(".")
            section: Any = nlp.config
            for key in sections:
                section = section.get(key, {})
            if last not in section:
                raise ValueError(f"the pipeline's config has no {name}")
            section[last] = value
        training_settings(nlp)


def _annotated(examples: list[Example], labels: list[str], corpus: str) -> None:
    from spacy_ner_archs.corpus.annotated_labels import check_only, set_annotated_labels

    try:
        check_only(labels, {ent.label_ for eg in examples for ent in eg.reference.ents}, corpus)
    except ConversionError as error:
        fail(str(error))
    for eg in examples if labels else []:
        set_annotated_labels(eg.reference, labels)


def _tell(epoch: int, loss: float, scores: dict[str, Any]) -> None:
    f1 = f", dev F1 {100 * (scores['ents_f'] or 0.0):.2f}" if scores else ""
    with printing():
        typer.echo(f"epoch {epoch}: loss {loss:.2f}{f1}")
