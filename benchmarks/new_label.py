r"""What `ner update` keeps and learns when a label is new.

    python benchmarks/new_label.py make corpus/train.spacy corpus/new-label
    python -m spacy train configs/char_cnn_bilstm_crf.cfg --output training/MISC/old \
        --paths.train corpus/new-label/MISC/old.spacy --paths.dev corpus/dev.spacy \
        --paths.vectors vectors --training.max_epochs 8 --training.max_steps 0 \
        --training.patience 0 --training.eval_frequency 100000 --training.batcher.size 1000
    python -m spacy ner update training/MISC/old/model-last corpus/new-label/MISC/new.spacy \
        training/MISC/updated --only MISC
    python benchmarks/new_label.py score corpus/dev.spacy training/MISC/updated \
        training/MISC/old/model-last training/joint/model-last --label MISC

`make` deals the documents into two halves, and writes two corpora for each label:

- LABEL/old.spacy: the first half, with all other labels. The label's entities are O.
- LABEL/new.spacy: the second half, with this label alone.

A training of all labels with the same settings, on corpus/train.spacy, is what `score` compares
with.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import spacy
import typer
from spacy.scorer import PRFScore
from spacy.tokens import Doc, DocBin

from spacy_ner_archs.drafts import replace_files
from spacy_ner_archs.experiments.folds import deal

app = typer.Typer(add_completion=False)


@app.command()
def make(
    train: Annotated[Path, typer.Argument(exists=True, help=".spacy file with all labels")],
    output: Annotated[Path, typer.Argument(help="Folder of the corpora")],
    seed: Annotated[int, typer.Option(help="Of the halves")] = 0,
) -> None:
    """Write the corpora."""
    docs = read(train)
    halves = deal(docs, 2, seed)
    old, new = ([doc for doc, half in zip(docs, halves, strict=True) if half == i] for i in (0, 1))
    labels = labels_of(docs)
    for label in sorted(labels):
        folder = output / label
        folder.mkdir(parents=True, exist_ok=True)
        replace_files(
            {
                folder / "old.spacy": annotated(old, labels - {label}),
                folder / "new.spacy": annotated(new, {label}),
            }
        )
        typer.echo(f"{folder}: {len(old)} and {len(new)} docs")


@app.command()
def score(
    dev: Annotated[Path, typer.Argument(exists=True, help=".spacy file with all labels")],
    updated: Annotated[Path, typer.Argument(help="The pipeline with the new label")],
    old: Annotated[Path, typer.Argument(help="The one without it")],
    joint: Annotated[Path, typer.Argument(help="One that learned all labels together")],
    label: Annotated[str, typer.Option(help="The new label")],
) -> None:
    """Print the strict F1 of the old labels before and after, and of the new one."""
    docs = read(dev)
    others = labels_of(docs) - {label}
    before, after = f1(old, docs, others), f1(updated, docs, others)
    new, together = f1(updated, docs, {label}), f1(joint, docs, {label})
    typer.echo(
        f"{label}: old labels before {before:.2f}, after {after:.2f}; new label {new:.2f}, "
        f"learned together {together:.2f} ({new / together:.1%})"
    )


def read(path: Path) -> list[Doc]:
    return list(DocBin().from_disk(path).get_docs(spacy.blank("xx").vocab))


def labels_of(docs: Iterable[Doc]) -> set[str]:
    return {ent.label_ for doc in docs for ent in doc.ents}


def annotated(docs: Iterable[Doc], labels: set[str]) -> bytes:
    """The bytes of a .spacy file in which the docs have these labels only."""
    corpus = DocBin()
    for doc in docs:
        copy = doc.copy()
        copy.set_ents([ent for ent in copy.ents if ent.label_ in labels], default="outside")
        corpus.add(copy)
    return corpus.to_bytes()


def f1(pipeline: Path, docs: list[Doc], labels: set[str]) -> float:
    nlp = spacy.load(pipeline)
    scored = PRFScore()
    predicted = nlp.pipe(Doc(nlp.vocab, [token.text for token in doc]) for doc in docs)
    for guess, gold in zip(predicted, docs, strict=True):
        scored.score_set(entities(guess, labels), entities(gold, labels))
    return 100 * scored.fscore


def entities(doc: Doc, labels: set[str]) -> set[tuple[int, int, str]]:
    return {(ent.start, ent.end, ent.label_) for ent in doc.ents if ent.label_ in labels}


if __name__ == "__main__":
    app()
