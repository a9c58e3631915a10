"""`python -m spacy ner convert`"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from wasabi import Printer

from spacy_ner_archs.cli.convert_answers import (
    TOOLS,
    AnswerOptions,
    are_answers,
    convert_answers,
)
from spacy_ner_archs.cli.convert_tables import print_input, print_saved
from spacy_ner_archs.corpus.convert import Format, read_corpus, save_corpus, spacy_to_conll
from spacy_ner_archs.corpus.docs import Counts, make_norm, parse_group
from spacy_ner_archs.corpus.errors import ConversionError
from spacy_ner_archs.corpus.folder import only_file, part_files
from spacy_ner_archs.corpus.layout import Columns
from spacy_ner_archs.corpus.schemes import SCHEMES, Scheme
from spacy_ner_archs.corpus.split import describe_shares, parse_split

Choice = TypeVar("Choice")

AUTO = "auto"
_FORMATS: dict[str, Format | None] = {AUTO: None, "conll": "conll", "gmb": "gmb"}
_ANSWERS = {AUTO: None, **{tool: tool for tool in TOOLS}}
_SCHEMES: dict[str, Scheme | None] = {AUTO: None, **{s: s for s in SCHEMES}, "bilou": "biluo"}
_SPACY_OPTIONS = {"input_path", "output", "scheme"}
_ANSWERS_ONLY = {"incorrect_key"}
_OF_BOTH = {"input_path", "output", "format", "repair", "split", "seed", "lang", "only", "partial"}


def convert_cli(
    ctx: typer.Context,
    input_path: Annotated[
        Path,
        typer.Argument(
            metavar="INPUT",
            help="CoNLL file, GMB CSV, JSONL or JSON of an annotation tool, .spacy file, or a "
            "folder with train.conll, dev.conll and test.conll",
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
        str,
        typer.Option(
            "--format",
            "-f",
            help="auto (by the first line), conll, gmb, prodigy, doccano or label-studio",
        ),
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
            "away from the starts of lines, expand spans to tokens, and count all that, instead of "
            "refusing the file",
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
        str,
        typer.Option("--lang", "-l", help="Language of the vocabulary and tokenizer for the Docs"),
    ] = "en",
    only: Annotated[
        list[str] | None,
        typer.Option(
            "--only",
            help="A label that the file annotates, where it annotates no others: tokens outside of "
            "entities may have other labels. Repeatable",
        ),
    ] = None,
    partial: Annotated[
        bool | None,
        typer.Option(
            "--partial/--complete",
            help="Are tokens outside of annotated entities unknown, or O? Default: O, but unknown "
            "where an annotator was asked yes or no",
        ),
    ] = None,
    incorrect_key: Annotated[
        str,
        typer.Option(
            "--incorrect-key", help="Of an annotation tool: key of doc.spans for rejected spans"
        ),
    ] = "incorrect_spans",
) -> None:
    """Convert a corpus with entity tags to spaCy's format, or a .spacy file back to CoNLL text.

    CoNLL: a token a line, in two or more columns separated by tabs or, if the first token line
    has no tab, by spaces; a blank line after a sentence; -DOCSTART- lines before documents. GMB:
    CSV with the header Sentence #,Word,POS,Tag. Of a folder, train.conll, dev.conll and test.conll
    are converted; with --split its only .conll or .csv file.

    JSONL of Prodigy or doccano, and JSON of Label Studio: the answers to a text are one Doc.
    Rejected spans go to doc.spans, for the setting incorrect_spans_key of ner_tagger.

    A file is converted exactly or refused with its line and the reason. Where its columns are
    ambiguous, the refusal names the options. A refusal leaves an existing output as it was. A tag
    of a single dash means that nobody annotated the token, and stays missing.
    """
    try:
        chosen = _choose("--format", format, {**_FORMATS, **_ANSWERS})
        chosen_scheme = _choose("--scheme", scheme, _SCHEMES)
        shares = None if split is None else parse_split(split)
        if input_path.suffix == ".spacy":
            _refuse_others(ctx, _SPACY_OPTIONS, "is not for .spacy files")
            n_docs, n_more = spacy_to_conll(input_path, output, chosen_scheme or "iob2")
            Printer().good(f"Saved {n_docs} docs to {output}")
            if n_more:
                Printer().warn(
                    f"{n_more} of them have rejected spans, or annotate some labels only; CoNLL "
                    "text can't tell that"
                )
            return
        if chosen in TOOLS or (chosen is None and are_answers(input_path)):
            known = _OF_BOTH | _ANSWERS_ONLY
            _refuse_others(ctx, known, "is not for files of annotation tools")
            options = AnswerOptions(partial, incorrect_key, repair, lang, shares, seed, only or [])
            convert_answers(input_path, output, chosen, options)
            return
        _refuse_others(
            ctx, ctx.params.keys() - _ANSWERS_ONLY, "is for files of annotation tools only"
        )
        n_sents = None if group is None else parse_group(group)
        norm = make_norm(lang)
        corpora = {
            target: read_corpus(
                file,
                format=_FORMATS[chosen or AUTO],
                encoding=encoding,
                columns=_columns(word_column, tag_column, pos_column),
                comment_prefix=comment_prefix,
                scheme=chosen_scheme,
                repair=repair,
                is_partial=bool(partial),
            )
            for target, file in _files(input_path, output, split=shares is not None).items()
        }
        saved: dict[Path, Counts] = {}
        for target, corpus in corpora.items():
            saved |= save_corpus(
                corpus, target, norm, n_sents=n_sents, split=shares, seed=seed, only=only or []
            )
    except ConversionError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    for target, corpus in corpora.items():
        if len(corpora) > 1:
            Printer().divider(target.name)
        print_input(corpus)
    if shares:
        Printer().info(f"Split: {describe_shares(shares)}")
    print_saved(saved)


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


def _refuse_others(ctx: typer.Context, known: set[str], reason: str) -> None:
    """Refuse options that say nothing of an input."""
    for name in ctx.params:
        source = ctx.get_parameter_source(name)
        if name not in known and source and source.name != "DEFAULT":
            option = f"--{name.replace('_', '-')}"
            if name == "partial" and ctx.params[name] is False:
                option = "--complete"
            raise ConversionError(f"{option} {reason}; leave it out")


def _columns(word: int | None, tag: int | None, pos: int | None) -> Columns | None:
    given = {"word": word, "tag": tag, "pos": pos}
    chosen = {name: column for name, column in given.items() if column is not None}
    return Columns(**chosen) if chosen else None
