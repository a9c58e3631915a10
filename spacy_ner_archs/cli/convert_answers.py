"""`python -m spacy ner convert` for the files of annotation tools."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from wasabi import Printer

from spacy_ner_archs.cli.convert_tables import print_answers, print_saved_answers
from spacy_ner_archs.corpus.binary import seems_json
from spacy_ner_archs.corpus.errors import CorpusError
from spacy_ner_archs.corpus.files import UTF8, first_line, opened
from spacy_ner_archs.corpus.split import describe_shares

if TYPE_CHECKING:
    from spacy_ner_archs.annotators.reading.files import Tool

TOOLS = ("prodigy", "doccano", "label-studio")


class AnswerOptions(NamedTuple):
    """is_partial: None to go by the answers."""

    is_partial: bool | None
    incorrect_key: str
    repair: bool
    lang: str
    split: dict[str, float] | None
    seed: int
    only: list[str]


def are_answers(path: Path) -> bool:
    """Does a file seem to be an annotation tool's? Nothing is read of a pipe."""
    if not path.is_file():
        return False
    with opened(path) as file:
        try:
            return seems_json(first_line(path, file, UTF8))
        except CorpusError:  # it is no text
            return False


def convert_answers(path: Path, output: Path, tool: str | None, options: AnswerOptions) -> None:
    """Raises ConversionError, in one line, where nothing is written."""
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.annotators.convert import answer_docs, save_docs, tokenizer
    from spacy_ner_archs.annotators.docs import DocMaker
    from spacy_ner_archs.annotators.reading.files import read_answers

    is_complete = None if options.is_partial is None else not options.is_partial
    make_doc = tokenizer(options.lang)
    maker = DocMaker(make_doc, options.incorrect_key, is_complete, options.repair)
    read = read_answers(path, cast("Tool | None", tool))
    found = answer_docs(read, maker)
    saved = save_docs(found.docs, output, split=options.split, seed=options.seed, only=options.only)
    print_answers(read.tool, found)
    if options.split:
        Printer().info(f"Split: {describe_shares(options.split)}")
    print_saved_answers(saved, options.incorrect_key)
