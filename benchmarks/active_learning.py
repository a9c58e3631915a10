r"""How much annotation a pipeline needs if the texts to annotate are suggested, and if not.

    python benchmarks/active_learning.py configs/char_cnn_bilstm_crf.cfg \
        corpus/train.spacy corpus/dev.spacy training/active/entropy-0 --by entropy --seed 0

A simulated annotator answers with the annotation of train. It begins with random docs, and a
pipeline learns from all that has been answered after each batch of suggestions, beginning with the
weights it has. Each round is a line of OUTPUT/log.jsonl; a run that was stopped goes on with the
same command. `--shares 100` trains on all: what the others are compared with.
"""

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any, NamedTuple

import srsly
import typer
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import load_config, load_model_from_config, registry
from thinc.api import fix_random_seed

from spacy_ner_archs.drafts import replace_files
from spacy_ner_archs.evaluation.predict import read_examples
from spacy_ner_archs.pipeline.find_tagger import find_tagger
from spacy_ner_archs.suggesting.choice import REPEATED, Option, by_gain
from spacy_ner_archs.suggesting.doubt import doubts_of

#: Of train's tokens, in %: what has been annotated after each round.
SHARES = "2,4,6,8,10,12,15,18,20,25,30,40"


class Run(NamedTuple):
    """by: random or entropy. length_exponent, repeated: see `suggest`. epochs: of a round,
    or more where those are fewer batches."""

    by: str
    length_exponent: float
    repeated: float
    epochs: int
    least_batches: int
    dropout: float
    seed: int


def main(
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
    dropout: Annotated[float, typer.Option()] = 0.5,
    seed: Annotated[int, typer.Option()] = 0,
    vectors: Annotated[str | None, typer.Option(help="Word vectors: a pipeline's folder")] = None,
) -> None:
    """Write the F1 on dev after each round."""
    run = Run(by, length_exponent, repeated, epochs, least_batches, dropout, seed)
    nlp = pipeline(config, train, vectors, seed)
    pool = read_examples(nlp, train)
    of_dev = read_examples(nlp, dev)
    total = sum(len(example.reference) for example in pool)
    rounds = read_rounds(output)
    if rounds:
        find_tagger(nlp).from_bytes((output / "weights").read_bytes())
    budgets = [0.0, *(float(share) * total / 100 for share in shares.split(","))]
    for number in range(len(rounds), len(budgets)):
        start = perf_counter()
        fix_random_seed(1000 * seed + number)
        answered = [i for chosen in rounds for i in chosen]
        if number == 0:
            chosen = random.Random(seed).sample(range(len(pool)), seed_docs)
        else:
            chosen = suggested(nlp, pool, answered, budgets[number], run)
        suggested_at = perf_counter()
        rounds.append(chosen)
        examples = [pool[i] for i in [*answered, *chosen]]
        learn(nlp, examples, run)
        trained_at = perf_counter()
        scores = nlp.evaluate(of_dev)
        tokens = sum(len(example.reference) for example in examples)
        row = {
            "round": number,
            "docs": len(examples),
            "tokens": tokens,
            "share": tokens / total,
            **{name: scores[name] for name in ("ents_f", "ents_p", "ents_r")},
            "seconds_to_suggest": round(suggested_at - start, 1),
            "seconds_to_train": round(trained_at - suggested_at, 1),
            **run._asdict(),
        }
        keep(output, nlp, rounds, row)
        typer.echo(f"{by} {number}: {row['share']:.1%} of the tokens, F1 {row['ents_f']:.4f}")


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


def suggested(
    nlp: Language, pool: Sequence[Example], answered: Sequence[int], budget: float, run: Run
) -> list[int]:
    """The next docs, until as many tokens have been annotated as the budget says."""
    known = set(answered)
    left = [i for i in range(len(pool)) if i not in known]
    n_tokens = sum(len(pool[i].reference) for i in answered)
    chosen: list[int] = []
    for i in ordered(nlp, pool, left, run):
        if n_tokens >= budget:
            break
        chosen.append(i)
        n_tokens += len(pool[i].reference)
    return chosen


def ordered(nlp: Language, pool: Sequence[Example], left: list[int], run: Run) -> Iterator[int]:
    if run.by == "random":
        return iter(random.Random(run.seed + len(left)).sample(left, len(left)))
    tagger = find_tagger(nlp)
    options = [
        Option(i, i, doubt.entropy / max(doubt.n_tokens, 1) ** run.length_exponent, doubt.words)
        for start in range(0, len(left), 1000)
        for i, doubt in zip(
            left[start : start + 1000],
            doubts_of(tagger, [blank(pool[i]) for i in left[start : start + 1000]]),
            strict=True,
        )
    ]
    return (option.item for option, _ in by_gain(options, run.repeated))


def learn(nlp: Language, examples: list[Example], run: Run) -> None:
    """The averages of a training are its result, and what the next begins with."""
    settings = registry.resolve(
        {
            "optimizer": nlp.config["training"]["optimizer"],
            "batcher": nlp.config["training"]["batcher"],
        }
    )
    optimizer, batcher = settings["optimizer"], settings["batcher"]
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


def read_rounds(output: Path) -> list[list[int]]:
    """The numbers of the docs of each round that an earlier run has done."""
    path = output / "rounds.json"
    return srsly.read_json(path) if path.exists() else []  # type: ignore[return-value]


def keep(output: Path, nlp: Language, rounds: list[list[int]], row: dict[str, Any]) -> None:
    log = output / "log.jsonl"
    before = log.read_text() if log.exists() else ""
    replace_files(
        {
            output / "rounds.json": srsly.json_dumps(rounds),
            output / "weights": find_tagger(nlp).to_bytes(),
            log: before + srsly.json_dumps(row) + "\n",
        }
    )


if __name__ == "__main__":
    typer.run(main)
