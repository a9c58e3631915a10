"""Where a command may write a pipeline that it makes of another."""

from pathlib import Path

from spacy_ner_archs.cli.failing import fail


def refuse_nested(output: Path, model: str) -> None:
    source, target = resolved_folder(model), output.resolve()
    if source.is_relative_to(target) or target.is_relative_to(source):
        fail(f"{output}: one of it and {model} is inside the other; give another folder")


def resolved_folder(model: str) -> Path:
    """Of a pipeline, by name or folder."""
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.pipeline.folder import folder_of

    return folder_of(model).resolve()
