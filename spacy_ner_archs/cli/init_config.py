"""`python -m spacy ner init-config`"""

from pathlib import Path
from typing import Annotated

import typer
from spacy.util import get_lang_class
from wasabi import msg

from spacy_ner_archs.cli.failing import fail, failing
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.drafts import replace_files
from spacy_ner_archs.packages import is_pipeline
from spacy_ner_archs.training.base_config import Choices, Decode, Embed, Encode, base_config

STDOUT = Path("-")


def init_config_cli(
    output: Annotated[
        Path,
        typer.Argument(metavar="OUTPUT", help="Config to write, or - for stdout", allow_dash=True),
    ],
    embed: Annotated[
        str,
        typer.Option(
            "--embed", help=f"What makes vectors of words, with commas: {', '.join(Embed)}"
        ),
    ] = "word,char-cnn",
    encode: Annotated[
        Encode, typer.Option("--encode", help="What lets a word see its context")
    ] = Encode.BILSTM,
    decode: Annotated[
        Decode, typer.Option("--decode", help="What makes tags of the vectors")
    ] = Decode.CRF,
    vectors: Annotated[
        str | None,
        typer.Option(
            "--vectors", help="Folder or package of word vectors, as spacy init vectors makes it"
        ),
    ] = None,
    encoder: Annotated[
        str | None,
        typer.Option(
            "--encoder",
            help="For --embed transformer: a folder, or a name on the Hugging Face hub  "
            "[default: bert-base-cased, but xlm-roberta-base where --lang isn't en]",
        ),
    ] = None,
    lang: Annotated[str, typer.Option("--lang", "-l", help="Language of the pipeline")] = "en",
    force: Annotated[
        bool, typer.Option("--force", "-F", help="Replace the output where it exists")
    ] = False,
) -> None:
    """Write a commented base config for spacy train.

    It has what differs from spaCy's defaults, which spacy train fills in, or
    spacy init fill-config. The default is a char-CNN-BiLSTM-CRF.
    """
    if output != STDOUT and output.exists() and not force:
        fail(f"{output} exists; give --force to replace it")
    if vectors is not None:
        _check_vectors(vectors)
    with failing("--lang"):
        get_lang_class(lang)
    try:
        choices = Choices(_embeddings(embed), encode, decode, lang, vectors, encoder)
    except ValueError as error:
        fail(str(error))
    config = base_config(choices)
    if output == STDOUT:
        with printing():
            typer.echo(config, nl=False)
        return
    with failing(str(output)):
        replace_files({output: config})
    with printing():
        msg.good(f"Saved {output}")
        msg.text(
            f"python -m spacy train {output} --output training/mine "
            "--paths.train train.spacy --paths.dev dev.spacy"
        )


def _check_vectors(name: str) -> None:
    """Fail where word vectors aren't there."""
    if not is_pipeline(name):
        fail(
            f"--vectors: no pipeline folder or package {name}; make a folder from a text file "
            "with: python -m spacy init vectors LANG FILE FOLDER"
        )


def _embeddings(names: str) -> list[Embed]:
    known = {str(embed): embed for embed in Embed}
    given = [name.strip() for name in names.split(",") if name.strip()]
    for name in given:
        if name not in known:
            raise ValueError(f"--embed {name}: give one or more of {', '.join(known)}")
    return [known[name] for name in given]
