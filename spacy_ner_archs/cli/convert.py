"""`python -m spacy ner convert`"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from wasabi import Printer

from spacy_ner_archs.corpus.convert import (
    Format,
    ReadCorpus,
    read_corpus,
    save_corpus,
    spacy_to_conll,
)
from spacy_ner_archs.corpus.docs import Counts, make_norm, parse_group
from spacy_ner_archs.corpus.errors import ConversionError
from spacy_ner_archs.corpus.folder import only_file, part_files
from spacy_ner_archs.corpus.layout import Columns
from spacy_ner_archs.corpus.rows import Token
from spacy_ner_archs.corpus.schemes import SCHEMES, Scheme, decode
from spacy_ner_archs.corpus.split import describe_shares, parse_split

Choice = TypeVar("Choice")

AUTO = "auto"
# of the first sentence, for the terminal
_N_WORDS = 20
_FORMATS: dict[str, Format | None] = {AUTO: None, "conll": "conll", "gmb": "gmb"}
_SCHEMES: dict[str, Scheme | None] = {AUTO: None, **{s: s for s in SCHEMES}, "bilou": "biluo"}


def convert_cli(
    ctx: typer.Context,
    input_path: Annotated[
        Path,
        typer.Argument(
            metavar="INPUT",
            help="CoNLL file, GMB CSV, .spacy file, or a folder with train.conll, dev.conll and "
            "test.conll",
        ),
    ],
    output: Annotated[
        Path,
        typer.Argument(
            metavar="OUTPUT",
            help=".spacy file to write; for a folder and with --split a folder; for a .spacy input "
            "a CoNLL file",
        ),
    ],
    format: Annotated[
        str, typer.Option("--format", "-f", help="auto (by the first line), conll or gmb")
    ] = AUTO,
    scheme: Annotated[
        str,
        typer.Option(
            "--scheme",
            "-s",
            help="Tag scheme: auto (by the tags), iob1, iob2, bioes, biluo or bilou. For a .spacy "
            "input the scheme to write, iob2 by default",
        ),
    ] = AUTO,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="Read tags that the scheme doesn't allow as conlleval does, take byte order marks "
            "away from the starts of lines, and count both, instead of refusing the file",
        ),
    ] = False,
    group: Annotated[
        str | None,
        typer.Option(
            "--group",
            "-g",
            help="What becomes one Doc: document, sentence, or a number of sentences, never across "
            "documents. A file without -DOCSTART- lines is one document. Default: document if the "
            "file has such lines, otherwise sentence",
        ),
    ] = None,
    split: Annotated[
        str | None,
        typer.Option(
            "--split",
            help="Deal out to train.spacy, dev.spacy and test.spacy, as in 70,10,20 (80,20 for no "
            "test). Only the ratio of the shares matters. Whole documents if the file has "
            "-DOCSTART- lines, otherwise Docs",
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="For --split")] = 0,
    word_column: Annotated[
        int | None,
        typer.Option("--word-column", help="From 1, or from the end with -1  [default: 1]"),
    ] = None,
    tag_column: Annotated[
        int | None,
        typer.Option(
            "--tag-column",
            help="Column of the entity tags  [default: -1]",
        ),
    ] = None,
    pos_column: Annotated[
        int | None,
        typer.Option(
            "--pos-column",
            help="Column kept as token.tag_, 0 for none  [default: 2 of three or more, unless it "
            "holds entity tags]",
        ),
    ] = None,
    comment_prefix: Annotated[
        str | None,
        typer.Option(
            "--comment-prefix",
            help="Skip lines that start so, as in '#'. Off by default: '#' is a word, too",
        ),
    ] = None,
    encoding: Annotated[
        str | None,
        typer.Option(
            "--encoding", "-e", help="Default: utf-8-sig; for GMB, utf-8-sig and then latin-1"
        ),
    ] = None,
    lang: Annotated[
        str, typer.Option("--lang", "-l", help="Language of the vocabulary that makes the Docs")
    ] = "en",
) -> None:
    """Convert a corpus with entity tags to spaCy's format, or a .spacy file back to CoNLL text.

    CoNLL: a token a line, in two or more columns separated by tabs or, if the first token line
    has no tab, by spaces; a blank line after a sentence; -DOCSTART- lines before documents. GMB:
    CSV with the header Sentence #,Word,POS,Tag. Of a folder, train.conll, dev.conll and test.conll
    are converted; with --split its only .conll or .csv file.

    A file is converted exactly or refused with its line and the reason. Where its columns are
    ambiguous, the refusal names the options. A refusal leaves an existing output as it was. A tag
    of a single dash means that nobody annotated the token, and stays missing.
    """
    try:
        chosen_format = _choose("--format", format, _FORMATS)
        chosen_scheme = _choose("--scheme", scheme, _SCHEMES)
        if input_path.suffix == ".spacy":
            _refuse_others(ctx, {"input_path", "output", "scheme"})
            n_docs = spacy_to_conll(input_path, output, chosen_scheme or "iob2")
            Printer().good(f"Saved {n_docs} docs to {output}")
            return
        n_sents = None if group is None else parse_group(group)
        shares = None if split is None else parse_split(split)
        norm = make_norm(lang)
        corpora = {
            target: read_corpus(
                file,
                format=chosen_format,
                encoding=encoding,
                columns=_columns(word_column, tag_column, pos_column),
                comment_prefix=comment_prefix,
                scheme=chosen_scheme,
                repair=repair,
            )
            for target, file in _files(input_path, output, split=shares is not None).items()
        }
        saved: dict[Path, Counts] = {}
        for target, corpus in corpora.items():
            saved |= save_corpus(corpus, target, norm, n_sents=n_sents, split=shares, seed=seed)
    except ConversionError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for target, corpus in corpora.items():
        if len(corpora) > 1:
            Printer().divider(target.name)
        _print_input(corpus)
    if shares:
        Printer().info(f"Split: {describe_shares(shares)}")
    _print_saved(saved)


def _files(source: Path, output: Path, *, split: bool) -> dict[Path, Path]:
    """The files to read, by what is written of them."""
    if not source.is_dir():
        return {output: source}
    if split:
        return {output: only_file(source)}
    if output.suffix == ".spacy":
        raise ConversionError(f"{output}: of a folder a folder is made; name one")
    return {output / f"{part}.spacy": path for part, path in part_files(source).items()}


def _choose(option: str, value: str, choices: Mapping[str, Choice]) -> Choice:
    try:
        return choices[value.lower()]
    except KeyError:
        raise ConversionError(f"{option} {value}: give one of {', '.join(choices)}") from None


def _refuse_others(ctx: typer.Context, known: set[str]) -> None:
    for name in ctx.params:
        source = ctx.get_parameter_source(name)
        if name not in known and source and source.name != "DEFAULT":
            option = f"--{name.replace('_', '-')}"
            raise ConversionError(f"{option} is not for .spacy files; leave it out")


def _columns(word: int | None, tag: int | None, pos: int | None) -> Columns | None:
    given = {"word": word, "tag": tag, "pos": pos}
    chosen = {name: column for name, column in given.items() if column is not None}
    return Columns(**chosen) if chosen else None


def _print_input(corpus: ReadCorpus) -> None:
    msg = Printer()
    columns, tags = corpus.columns, corpus.sentences.tags
    pos = f"part of speech {columns.pos}" if columns.pos else "no part of speech"
    msg.info(f"Format: {corpus.format}, {corpus.encoding}")
    msg.info(f"Columns: word {columns.word}, tag {columns.tag}, {pos}")
    msg.info(f"First sentence: {_show(corpus.sentences[0])}")
    msg.info(f"Tag scheme: {tags.scheme.upper()}")
    if tags.repaired:
        msg.warn(f"Repaired tags: {tags.repaired}")
    if corpus.marks:
        msg.warn(f"Byte order marks taken away: {corpus.marks}")


def _show(sentence: list[Token]) -> str:
    """The sentence with its entities in brackets, cut where it is long."""
    words = [token.word for token in sentence]
    for entity in decode(token.tag for token in sentence):
        words[entity.start] = f"[{words[entity.start]}"
        words[entity.end - 1] += f" {entity.label}]"
    cut = words[:_N_WORDS]
    return " ".join(cut) + " ..." * (len(cut) < len(words))


def _print_saved(saved: dict[Path, Counts]) -> None:
    msg = Printer()
    entities = sum((counts.entities for counts in saved.values()), Counter[str]())
    missing = sum(counts.missing for counts in saved.values())
    if not entities:
        msg.warn("No entities, so nothing told the tag scheme")
    if missing:
        msg.warn(f"Tokens without annotation (-): {missing}")
    rows = [
        (
            path.name,
            c.docs,
            "not marked" if c.documents is None else c.documents,
            c.sentences,
            c.tokens,
            c.entities.total(),
        )
        for path, c in saved.items()
    ]
    header = ("File", "Docs", "Documents", "Sentences", "Tokens", "Entities")
    msg.table(rows, header=header, divider=True, aligns=("l", *"r" * 5))
    if entities:
        names = [path.name for path in saved]
        labels = [
            (label, *(c.entities[label] for c in saved.values())) for label in sorted(entities)
        ]
        msg.table(labels, header=("Label", *names), divider=True, aligns=("l", *"r" * len(names)))
    for path in saved:
        msg.good(f"Saved {path}")
