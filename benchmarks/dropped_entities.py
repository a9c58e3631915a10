r"""How F1 falls when entities are missing in the training data.

    python benchmarks/dropped_entities.py drop corpus/train.spacy corpus/dropped --first 5000
    python -m spacy train configs/char_cnn_bilstm_crf.cfg --output training/dropped/crf-told/50 \
        --paths.train corpus/dropped/told-50.spacy --paths.dev corpus/dev.spacy \
        --paths.vectors vectors --training.max_epochs 10 --training.max_steps 0 \
        --training.patience 0 --training.eval_frequency 100 --training.batcher.size 1000
    python benchmarks/dropped_entities.py draw curves.svg training/dropped/*

`drop` writes three corpora for each share of the entities that is dropped, in %:

- told-N: where an entity of a doc was dropped, all other tokens of the doc are missing.
- untold-N: all other tokens are O, as in a corpus whose annotators overlooked entities.
- unknown-N: all other tokens are missing in all docs, for `entity_ratio`.

`draw` draws the F1 on dev of the best step of each training, that of FOLDER/N/model-best for each
N. A folder's name is that of its curve.
"""

import random
from pathlib import Path
from typing import Annotated

import srsly
import typer
from spacy import blank
from spacy.tokens import Doc, DocBin, Span

from spacy_ner_archs.drafts import replace_files
from spacy_ner_archs.reporting.f1_curves import Curve, F1AtShare, f1_curves

#: Of the entities, in %.
SHARES = (0, 25, 50, 75)

app = typer.Typer(add_completion=False)


@app.command()
def drop(
    train: Annotated[Path, typer.Argument(exists=True, help=".spacy file with all annotation")],
    output: Annotated[Path, typer.Argument(help="Folder of the corpora")],
    first: Annotated[int | None, typer.Option(help="Number of docs; all if not given")] = None,
    seed: Annotated[int, typer.Option()] = 0,
) -> None:
    """Write the corpora."""
    vocab = blank("xx").vocab
    docs = list(DocBin().from_disk(train).get_docs(vocab))[:first]
    output.mkdir(parents=True, exist_ok=True)
    for share in SHARES:
        rng = random.Random(seed)
        kept = [[ent for ent in doc.ents if rng.random() >= share / 100] for doc in docs]
        n_kept, n_all = (sum(map(len, ents)) for ents in (kept, [doc.ents for doc in docs]))
        corpora = {"told": DocBin(), "untold": DocBin(), "unknown": DocBin()}
        for doc, ents in zip(docs, kept, strict=True):
            is_complete = len(ents) == len(doc.ents)
            corpora["told"].add(annotated(doc, ents, "outside" if is_complete else "missing"))
            corpora["untold"].add(annotated(doc, ents, "outside"))
            corpora["unknown"].add(annotated(doc, ents, "missing"))
        replace_files(
            {
                output / f"{name}-{share}.spacy": corpus.to_bytes()
                for name, corpus in corpora.items()
            }
        )
        typer.echo(f"{share} %: {n_kept} of {n_all} entities are left")


def annotated(doc: Doc, ents: list[Span], rest: str) -> Doc:
    copy = doc.copy()
    copy.set_ents(ents, default=rest)
    return copy


@app.command()
def draw(
    output: Annotated[Path, typer.Argument(help="SVG file")],
    folders: Annotated[list[Path], typer.Argument(help="Each with a training for each share")],
) -> None:
    """Draw the curves, and print their points."""
    curves = {folder.name: curve(folder) for folder in folders}
    replace_files(
        {
            output: f1_curves(
                {name: [curve] for name, curve in curves.items()}, "entities dropped, %"
            )
        }
    )
    for name, points in curves.items():
        told = ", ".join(f"{point.share:.0%} {point.f1:.4f}" for point in points)
        typer.echo(f"{name}: {told}")


def curve(folder: Path) -> Curve:
    trainings = sorted(folder.glob("[0-9]*/model-best/meta.json"), key=share_of)
    if not trainings:
        raise typer.BadParameter(f"{folder}: no training in it, such as {folder}/50")
    return [
        F1AtShare(share_of(meta), srsly.read_json(meta)["performance"]["ents_f"])
        for meta in trainings
    ]


def share_of(meta: Path) -> float:
    return int(meta.parent.parent.name) / 100


if __name__ == "__main__":
    app()
