r"""How much annotation a pipeline needs if the texts to annotate are suggested, and if not.

    python benchmarks/active_learning.py run configs/char_cnn_bilstm_crf.cfg \
        corpus/train.spacy corpus/dev.spacy training/active/entropy/0 --by entropy --seed 0
    python benchmarks/active_learning.py draw curves.svg training/active/entropy \
        training/active/random --whole 0.923
    python benchmarks/active_learning.py complete configs/char_cnn_bilstm_crf.cfg \
        corpus/train.spacy corpus/dev.spacy training/active/entropy/0

`run` simulates an annotator, who answers with the annotation of train. It begins with random docs.
After each batch of suggestions a pipeline learns from all answers so far, beginning with the
weights that it has. Each round is a line of OUTPUT/log.jsonl. A run that was stopped goes on with
the same command. With `--shares 100` it learns from all of train after the random docs, which gives
`--whole`. `draw` draws the runs of some folders, one of each seed, and prints the share of the
tokens with which each reaches 99 % of `--whole`.

`complete` is self-training: the pipeline of a run annotates the texts that are left where it is
sure, and a new pipeline learns from all texts. It adds a line to OUTPUT/completed.jsonl, and `draw`
draws it.
"""

import random
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any, NamedTuple

import srsly
import typer
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.util import load_config, load_model_from_config, minibatch, registry
from thinc.api import fix_random_seed

from spacy_ner_archs.auditing.completion import SureLimits, completions
from spacy_ner_archs.auditing.retag import retagged
from spacy_ner_archs.drafts import replace_files
from spacy_ner_archs.evaluation.predict import read_examples
from spacy_ner_archs.pipeline.find_tagger import find_tagger
from spacy_ner_archs.reporting.f1_curves import GOAL, Curve, F1AtShare, f1_curves, share_needed
from spacy_ner_archs.suggesting.choice import REPEATED, Option, by_gain
from spacy_ner_archs.suggesting.uncertainty import uncertainties_of

#: Of train's tokens, in %: what has been annotated after each round.
SHARES = "2,4,6,8,10,12,15,18,20,25,30,40"
#: File of `complete` in the folder of a run.
COMPLETED = "completed.jsonl"

app = typer.Typer(add_completion=False)


class Run(NamedTuple):
    """by: random or entropy. length_exponent, repeated: see `suggest`. epochs: of a round,
    or more where those are fewer batches."""

    by: str
    length_exponent: float
    repeated: float
    epochs: int
    least_batches: int
    learn_rate: float
    dropout: float
    seed: int


class Annotator(NamedTuple):
    """pool: all docs, with the annotation that is given when it is asked for."""

    nlp: Language
    pool: list[Example]
    run: Run

    def suggested(self, answered: Sequence[int], share: float) -> list[int]:
        """The next docs, until this share of the tokens has been annotated."""
        left = sorted(set(range(len(self.pool))) - set(answered))
        missing = share * n_tokens(self.pool) - n_tokens([self.pool[i] for i in answered])
        chosen = []
        for i in self._in_order(left):
            if missing <= 0:
                break
            chosen.append(i)
            missing -= len(self.pool[i].reference)
        return chosen

    def _in_order(self, left: list[int]) -> Iterator[int]:
        if self.run.by == "random":
            return iter(random.Random(self.run.seed + len(left)).sample(left, len(left)))
        tagger = find_tagger(self.nlp)
        uncertainties = chain.from_iterable(
            uncertainties_of(tagger, [blank(self.pool[i]) for i in some])
            for some in minibatch(left, 1000)
        )
        options = [
            Option(i, i, unsure.value(self.run.length_exponent), unsure.words)
            for i, unsure in zip(left, uncertainties, strict=True)
        ]
        return (option.item for option, _ in by_gain(options, self.run.repeated))


@app.command("run")
def simulate(
    config: Annotated[Path, typer.Argument(help="Of the pipeline")],
    train: Annotated[Path, typer.Argument(help=".spacy file, with the annotation that is given")],
    dev: Annotated[Path, typer.Argument(help=".spacy file that each round is measured on")],
    output: Annotated[Path, typer.Argument(help="Folder of the log and of what a stop would cost")],
    by: Annotated[str, typer.Option(help="entropy or random")] = "entropy",
    length_exponent: Annotated[float, typer.Option()] = 0.5,
    repeated: Annotated[float, typer.Option()] = REPEATED,
    shares: Annotated[str, typer.Option(help="Tokens after each round, in %")] = SHARES,
    seed_docs: Annotated[int, typer.Option(help="Random docs to begin with")] = 200,
    epochs: Annotated[int, typer.Option(help="Of each round, over all that was answered")] = 4,
    least_batches: Annotated[int, typer.Option(help="Of each round")] = 200,
    learn_rate: Annotated[float, typer.Option(help="High, as the rounds are short")] = 0.003,
    dropout: Annotated[float, typer.Option()] = 0.5,
    seed: Annotated[int, typer.Option()] = 0,
    vectors: Annotated[str | None, typer.Option(help="Word vectors: a pipeline's folder")] = None,
) -> None:
    """Write the F1 on dev after each round."""
    run = Run(by, length_exponent, repeated, epochs, least_batches, learn_rate, dropout, seed)
    nlp = pipeline(config, train, vectors, seed)
    annotator = Annotator(nlp, read_examples(nlp, train), run)
    of_dev = read_examples(nlp, dev)
    rounds = read_rounds(output, run)
    if rounds:
        find_tagger(nlp).from_bytes((output / "weights").read_bytes())
    budgets = [0.0, *map(float, shares.split(","))]
    for number in range(len(rounds), len(budgets)):
        fix_random_seed(1000 * seed + number)
        clock = [perf_counter()]
        answered = [i for chosen in rounds for i in chosen]
        rounds.append(
            annotator.suggested(answered, budgets[number] / 100)
            if rounds
            else random.Random(seed).sample(range(len(annotator.pool)), seed_docs)
        )
        clock.append(perf_counter())
        examples = [annotator.pool[i] for i in [*answered, *rounds[-1]]]
        learn(nlp, examples, run)
        clock.append(perf_counter())
        row = {
            "round": number,
            "docs": len(examples),
            "tokens": n_tokens(examples),
            "share": n_tokens(examples) / n_tokens(annotator.pool),
            "ents_f": nlp.evaluate(of_dev)["ents_f"],
            **seconds(clock),
            **run._asdict(),
        }
        keep(output, nlp, rounds, row)
        typer.echo(f"{by} {number}: {row['share']:.1%} of the tokens, F1 {row['ents_f']:.4f}")


@app.command()
def complete(
    config: Annotated[Path, typer.Argument(help="Of the pipeline")],
    train: Annotated[Path, typer.Argument(help="As of the run")],
    dev: Annotated[Path, typer.Argument(help="As of the run")],
    output: Annotated[Path, typer.Argument(help="Folder of a run")],
    epochs: Annotated[int, typer.Option(help="Of the new pipeline")] = 8,
    vectors: Annotated[str | None, typer.Option(help="Word vectors: a pipeline's folder")] = None,
) -> None:
    """Train on all texts, where those that nobody annotated have what the pipeline is sure of."""
    *_, last = srsly.read_jsonl(output / "log.jsonl")
    run = Run(**{name: last[name] for name in Run._fields})._replace(epochs=epochs, least_batches=0)
    nlp = pipeline(config, train, vectors, run.seed)
    find_tagger(nlp).from_bytes((output / "weights").read_bytes())
    pool = read_examples(nlp, train)
    answered = {i for chosen in srsly.read_json(output / "rounds.json") for i in chosen}
    docs = [known(example, i in answered) for i, example in enumerate(pool)]
    sure = completions(nlp, docs, SureLimits(wrong=0.0))  # an annotator is right
    completed = DocBin().from_bytes(retagged(DocBin(docs=docs), sure)).get_docs(nlp.vocab)
    examples = [Example(blank(each), doc) for each, doc in zip(pool, completed, strict=True)]
    new = pipeline(config, train, vectors, run.seed)
    fix_random_seed(run.seed)
    learn(new, examples, run)
    row = {"share": last["share"], "ents_f": new.evaluate(read_examples(new, dev))["ents_f"]}
    replace_files({output / COMPLETED: with_line(output / COMPLETED, row)})
    typer.echo(f"{row['share']:.1%} of the tokens, the rest completed: F1 {row['ents_f']:.4f}")


def known(example: Example, is_answered: bool) -> Doc:
    doc = example.reference.copy()
    if not is_answered:
        doc.set_ents([], default="missing")
    return doc


def n_tokens(examples: Sequence[Example]) -> int:
    return sum(len(example.reference) for example in examples)


def seconds(clock: Sequence[float]) -> dict[str, float]:
    start, suggested, trained = clock
    return {"seconds_to_suggest": suggested - start, "seconds_to_train": trained - suggested}


def pipeline(config: Path, train: Path, vectors: str | None, seed: int) -> Language:
    """Without weights of its own yet. Its words and characters are those of all texts, as nobody
    has to annotate them; its labels are known."""
    fix_random_seed(seed)
    overrides = {"paths.vectors": vectors} if vectors else {}
    nlp = load_model_from_config(load_config(config, overrides=overrides), auto_fill=True)
    examples = read_examples(nlp, train)
    labels = sorted({ent.label_ for example in examples for ent in example.reference.ents})
    name = next(name for name in nlp.pipe_names if nlp.get_pipe_meta(name).factory == "ner_tagger")
    nlp.config["initialize"]["components"] = {name: {"labels": labels}}
    unknown = [Example(blank(example), blank(example)) for example in examples]
    nlp.initialize(lambda: unknown)
    return nlp


def blank(example: Example) -> Doc:
    gold = example.reference
    return Doc(gold.vocab, [token.text for token in gold], [bool(t.whitespace_) for t in gold])


def learn(nlp: Language, examples: list[Example], run: Run) -> None:
    """The averages of a training are its result, and what the next begins with."""
    settings = registry.resolve(
        {
            "optimizer": nlp.config["training"]["optimizer"],
            "batcher": nlp.config["training"]["batcher"],
        }
    )
    optimizer, batcher = settings["optimizer"], settings["batcher"]
    optimizer.learn_rate = run.learn_rate
    n_epochs = n_batches = 0
    while n_epochs < run.epochs or n_batches < run.least_batches:
        random.shuffle(examples)
        for batch in batcher(examples):
            nlp.update(list(batch), sgd=optimizer, drop=run.dropout)
            n_batches += 1
        n_epochs += 1
    tagger = find_tagger(nlp)
    with nlp.use_params(optimizer.averages):
        weights = tagger.to_bytes()
    tagger.from_bytes(weights)


def read_rounds(output: Path, run: Run) -> list[list[int]]:
    """The numbers of the docs of each round that an earlier run has done, with the same options."""
    if not (output / "log.jsonl").exists():
        return []
    *_, last = srsly.read_jsonl(output / "log.jsonl")
    if any(last[name] != value for name, value in run._asdict().items()):
        raise typer.BadParameter(f"{output}: is of a run with other options; name another folder")
    return srsly.read_json(output / "rounds.json")  # type: ignore[return-value]


def keep(output: Path, nlp: Language, rounds: list[list[int]], row: dict[str, Any]) -> None:
    log = output / "log.jsonl"
    replace_files(
        {
            output / "rounds.json": srsly.json_dumps(rounds),
            output / "weights": find_tagger(nlp).to_bytes(),
            log: with_line(log, row),
        }
    )


def with_line(log: Path, row: dict[str, Any]) -> str:
    before = log.read_text() if log.exists() else ""
    return before + srsly.json_dumps(row) + "\n"


@app.command()
def draw(
    output: Annotated[Path, typer.Argument(help="SVG file")],
    folders: Annotated[list[Path], typer.Argument(help="Each with the outputs of some seeds")],
    whole: Annotated[float, typer.Option(help="F1 of a pipeline that has learned from all")],
) -> None:
    """Draw how F1 grows, and print what is needed."""
    runs = {folder.name: [curve(log) for log in logs_in(folder)] for folder in folders}
    for folder in folders:
        if completed := [curve(log) for log in logs_in(folder, COMPLETED)]:
            runs[f"{folder.name}, the rest completed"] = completed
    replace_files({output: f1_curves(runs, "tokens annotated, %", whole)})
    for name, curves in runs.items():
        shares = [share_needed(each, GOAL * whole) for each in curves]
        told = ", ".join("never" if share is None else f"{share:.1%}" for share in shares)
        typer.echo(f"{name}: {told} of the tokens")


def logs_in(folder: Path, name: str = "log.jsonl") -> list[Path]:
    return sorted(folder.glob(f"*/{name}"))


def curve(log: Path) -> Curve:
    return [F1AtShare(row["share"], row["ents_f"]) for row in srsly.read_jsonl(log)]


if __name__ == "__main__":
    app()
