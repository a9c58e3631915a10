"""What the options of commands that read texts say; a mistake in them ends it with a line."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from spacy_ner_archs.cli.failing import fail, failing

if TYPE_CHECKING:
    from spacy_ner_archs.decoders.selection import Threshold
    from spacy_ner_archs.inference.reading.files import Inputs
    from spacy_ner_archs.inference.reading.record import Record
    from spacy_ner_archs.inference.run import Output

PIPE = Path("-")
#: Of texts that failed; what is found in the others is written.
SOME_FAILED = 3


def check_options(input_format: str | None, numbers: dict[str, int | None]) -> None:
    from spacy_ner_archs.inference.reading.files import READERS

    if input_format is not None and input_format not in READERS:
        fail(f"--input-format {input_format}: give one of {', '.join(READERS)}")
    for name, value in numbers.items():
        if value is not None and value < 1:
            fail(f"--{name} {value}: give 1 or more")


def output_of(path: Path, format: str | None) -> "Output":
    from spacy_ner_archs.inference.run import Output
    from spacy_ner_archs.inference.writing.formats import FORMATS, format_of

    if format is not None and format not in FORMATS:
        fail(f"--output-format {format}: give one of {', '.join(FORMATS)}")
    if path == PIPE:
        return Output(path, format or "jsonl", is_folder=False)
    with failing("OUTPUT"):
        by_name = None if path.is_dir() else format_of(path)
    if format and by_name and FORMATS[format].ending != FORMATS[by_name].ending:
        fail(f"OUTPUT {path}: --output-format {format} doesn't end so")
    return Output(path, format or by_name or "jsonl", is_folder=by_name is None)


def parsed_threshold(options: list[str] | None) -> "Threshold | None":
    """A number, or one for each label that is named."""
    if not options:
        return None
    pairs = [option.rpartition("=") for option in options]
    if len(pairs) == 1 and not pairs[0][1]:
        return float(pairs[0][2])
    if any(not equals for _, equals, _ in pairs):
        raise ValueError("give one number, or LABEL=NUMBER for each label")
    return {label: float(number) for label, _, number in pairs}


def begun(read: "Inputs") -> Iterable["Record"]:
    """The records. A first one that can't be read tells of a wrong option, and not of a text."""
    from itertools import chain, islice

    records = iter(read)
    first = list(islice(records, 1))
    if not first:
        raise ValueError("there is no text in it")
    if first[0].error:
        raise ValueError(f"{first[0].place}: {first[0].error}")
    return chain(first, records)
