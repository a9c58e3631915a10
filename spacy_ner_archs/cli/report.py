"""`python -m spacy ner report`"""

from pathlib import Path
from typing import Annotated, Any

import srsly
import typer
from spacy.cli._util import setup_gpu
from spacy.language import Language
from spacy.training import Example
from spacy.util import load_model
from wasabi import Printer

from spacy_ner_archs.cli.failing import fail, failing
from spacy_ner_archs.corpus.schemes import SCHEMES


def report_cli(
    model: Annotated[str, typer.Argument(help="Name of an installed pipeline, or its folder")],
    corpus: Annotated[Path, typer.Argument(help=".spacy file with entities")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="JSON file to write the scores to")
    ] = None,
    tags: Annotated[
        str | None,
        typer.Option("--tags", help=f"Score each token's tag, too, in {', '.join(SCHEMES)}"),
    ] = None,
    gpu_id: Annotated[int, typer.Option("--gpu-id", "-g", help="GPU, or -1 for the CPU")] = -1,
) -> None:
    """Score a pipeline's entities on a corpus.

    Entities are scored strictly, by spaCy's scorer, and seqeval must agree, where all tokens are
    annotated and are the pipeline's own. Where the corpus was converted from CoNLL or GMB text,
    the pipeline gets its tokens.
    """
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.evaluation.entities import entity_scores, scorers_agree
    from spacy_ner_archs.evaluation.predict import predict, read_examples
    from spacy_ner_archs.evaluation.tags import tag_scores

    if tags is not None and tags not in SCHEMES:
        fail(f"--tags {tags}: give one of {', '.join(SCHEMES)}")
    if not corpus.is_file():
        fail(f"{corpus}: no such file; convert a corpus with: python -m spacy ner convert")
    if corpus.suffix != ".spacy":
        fail(f"{corpus}: not a .spacy file; make one with: python -m spacy ner convert")
    with failing(f"--gpu-id {gpu_id}"):
        setup_gpu(gpu_id)
    with failing(model):
        nlp = load_model(model)
    with failing(f"{corpus}: not a .spacy file that this pipeline can read"):
        examples = read_examples(nlp, corpus)
    if not any(eg.reference.has_annotation("ENT_IOB") for eg in examples):
        fail(f"{corpus}: no entity annotation in it; is it the right file?")
    if output is not None:
        with failing(f"--output {output}"):
            output.parent.mkdir(parents=True, exist_ok=True)
            output.open("a").close()
    with failing(f"{model}: can't predict"):
        words_per_second = predict(nlp, examples)
    _warn_of_labels(nlp, examples)
    scores = {**entity_scores(examples), "words_per_second": round(words_per_second)}
    _print_entities(scores)
    if tags is not None:
        scores["tags"] = tag_scores(examples, tags)  # type: ignore[arg-type]
        _print_tags(scores["tags"])
    if output is not None:
        srsly.write_json(output, scores)
    if not scorers_agree(scores):
        fail(f"spaCy's F1 {scores['ents_f']} and seqeval's {scores['seqeval_f']} differ")


def _warn_of_labels(nlp: Language, examples: list[Example]) -> None:
    """A score of 0 can have a plain reason."""
    wanted = {ent.label_ for eg in examples for ent in eg.reference.ents}
    known = {label for labels in nlp.pipe_labels.values() for label in labels}
    if wanted and not wanted & known:
        has = f"it has {', '.join(sorted(known))}" if known else "it has no labels at all"
        typer.echo(
            f"The pipeline knows none of the corpus's labels ({', '.join(sorted(wanted))}): {has}",
            err=True,
        )


def _print_entities(scores: dict[str, Any]) -> None:
    total = {"p": scores["ents_p"], "r": scores["ents_r"], "f": scores["ents_f"]}
    rows = [_row(label, prf) for label, prf in scores["ents_per_type"].items()]
    rows.append(_row("all", {**total, "support": scores["support"]}))
    _print_table("Entity", rows)
    if scores["seqeval_f"] is None:
        typer.echo("seqeval: not compared (missing annotation, or other tokens)")
    typer.echo(f"Words/s: {scores['words_per_second']:,}\n")


def _print_tags(scores: dict[str, Any]) -> None:
    _print_table("Tag", [_row(tag, prf) for tag, prf in scores["per_tag"].items()])
    typer.echo(f"Accuracy: {scores['accuracy']:.4f}   Macro F1: {scores['macro_f']:.4f}\n")


def _row(name: str, prf: dict[str, Any]) -> tuple[str, ...]:
    return (name, *(f"{100 * prf[key]:.2f}" for key in "prf"), str(prf["support"]))


def _print_table(name: str, rows: list[tuple[str, ...]]) -> None:
    header = (name, "P", "R", "F1", "Support")
    Printer().table(rows, header=header, divider=True, aligns=("l", *"r" * 4))
