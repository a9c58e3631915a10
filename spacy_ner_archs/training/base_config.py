"""Base configs: the settings of a training that aren't defaults, with a comment for each choice."""

import json
import re
import shlex
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

TEMPLATES = Path(__file__).parent / "templates"


class Embed(StrEnum):
    """What makes vectors of words; several stand side by side."""

    WORD = "word"
    CHAR_CNN = "char-cnn"
    CHAR_LSTM = "char-lstm"
    TRANSFORMER = "transformer"


class Encode(StrEnum):
    """What lets a word see its context."""

    NONE = "none"
    BILSTM = "bilstm"
    CNN = "cnn"
    CNN_BILSTM = "cnn-bilstm"
    IDCNN = "idcnn"


class Decode(StrEnum):
    """What makes tags of the vectors."""

    CRF = "crf"
    SOFTMAX = "softmax"


@dataclass(frozen=True)
class Choices:
    """What a base config is written for.

    vectors (str | None): Folder or package of word vectors.
    encoder (str | None): A transformer's folder, or its name on the Hugging Face hub. None for
        bert-base-cased, and for other languages than English xlm-roberta-base.
    RAISES (ValueError): In one line, for choices that don't go together.
    """

    embed: Collection[Embed]
    encode: Encode
    decode: Decode
    lang: str = "en"
    vectors: str | None = None
    encoder: str | None = None

    def __post_init__(self) -> None:
        if not self.embed:
            raise ValueError(f"--embed needs at least one of {', '.join(Embed)}")
        if {Embed.CHAR_CNN, Embed.CHAR_LSTM} <= set(self.embed):
            raise ValueError("--embed: char-cnn and char-lstm both read characters; take one")
        if self.vectors is not None and Embed.WORD not in self.embed:
            raise ValueError("--vectors are for --embed word; add it, or leave them out")
        if self.encoder is not None and Embed.TRANSFORMER not in self.embed:
            raise ValueError("--encoder is for --embed transformer; add it, or leave it out")


def base_config(choices: Choices) -> str:
    """The text of a base config."""
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    embed = [part for part in Embed if part in choices.embed]
    text = templates.get_template("base_config.cfg.jinja").render(
        options=_options(choices, embed),
        embed=embed,
        encode=choices.encode,
        decode=choices.decode,
        lang=json.dumps(choices.lang),
        vectors=json.dumps(choices.vectors),
        encoder=json.dumps(choices.encoder or _default_encoder(choices.lang)),
    )
    return re.sub(r"\n{3,}", "\n\n", text.strip()) + "\n"


def _options(choices: Choices, embed: list[Embed]) -> str:
    """Those of the command that writes the same file."""
    options = ["--embed", ",".join(embed), "--encode", choices.encode, "--decode", choices.decode]
    options += ["--lang", choices.lang] if choices.lang != "en" else []
    options += ["--vectors", choices.vectors] if choices.vectors is not None else []
    options += ["--encoder", choices.encoder] if choices.encoder is not None else []
    return shlex.join(options)


def _default_encoder(lang: str) -> str:
    return "bert-base-cased" if lang == "en" else "xlm-roberta-base"
