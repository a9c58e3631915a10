from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, cast

import numpy as np
import srsly
from spacy.tokens import Doc
from thinc.api import Model, deserialize_attr, serialize_attr

#: Words whose sub-words are remembered.
CACHE_SIZE = 200_000


class Subwords(NamedTuple):
    """Sub-words of one word: their ids [n] and their text."""

    ids: np.ndarray
    strings: list[str]

    def first(self, n: int) -> "Subwords":
        return self if len(self.ids) <= n else Subwords(self.ids[:n], self.strings[:n])


class SubwordTokenizer:
    """Splits words into a transformer's sub-words, each word by itself, as in the usual training
    on CoNLL: what a word becomes doesn't depend on its neighbours or the space between them.

    files: contents of the files of a Hugging Face tokenizer, by name. settings: arguments of its
    `from_pretrained` that the config has; the files are stored, the settings aren't.
    """

    def __init__(self, files: dict[str, bytes], settings: dict[str, Any]):
        self.files = files
        self.settings = settings
        self._cache: dict[str, Subwords] = {}

    @classmethod
    def from_pretrained(cls, name: str, settings: dict[str, Any]) -> "SubwordTokenizer":
        """The tokenizer of a folder, or of a model on the Hugging Face hub."""
        from transformers import AutoTokenizer

        # without a space before it, a byte-level tokenizer reads a word as the end of another
        tokenizer = AutoTokenizer.from_pretrained(name, **{"add_prefix_space": True, **settings})
        with TemporaryDirectory() as folder:
            tokenizer.save_pretrained(folder)
            files = {path.name: path.read_bytes() for path in Path(folder).iterdir()}
        return cls(files, settings)

    @cached_property
    def _tokenizer(self) -> Any:
        from transformers import AutoTokenizer

        with TemporaryDirectory() as folder:
            for name, content in self.files.items():
                if Path(name).name != name:
                    raise ValueError(f"a tokenizer's file can't be called {name}")
                (Path(folder) / name).write_bytes(content)
            here = {key: value for key, value in self.settings.items() if key != "subfolder"}
            return AutoTokenizer.from_pretrained(folder, **here)

    @property
    def pad_id(self) -> int:
        return self._tokenizer.pad_token_id or 0

    @property
    def max_length(self) -> int:
        """Sub-words of a sequence, the special ones included; a huge number where unknown."""
        return self._tokenizer.model_max_length

    @cached_property
    def _space(self) -> str:
        """What makes a word at the start the same as in the middle. Some byte-level tokenizers
        don't heed add_prefix_space, and take a word without a space for the end of another."""
        first, second, both = (
            self._tokenizer(text, add_special_tokens=False)["input_ids"]
            for text in ("a", "b", "a b")
        )
        return "" if first + second == both else " "

    @cached_property
    def special_ids(self) -> tuple[np.ndarray, np.ndarray]:
        """Those that come before and behind a sequence."""
        bare = self._tokenizer("a", add_special_tokens=False)["input_ids"]
        full = self._tokenizer("a")["input_ids"]
        start = next(i for i in range(len(full)) if full[i : i + len(bare)] == bare)
        before, behind = full[:start], full[start + len(bare) :]
        return np.array(before, dtype="int64"), np.array(behind, dtype="int64")

    def split_docs(self, docs: list[Doc], max_subwords: int) -> list[list[Subwords]]:
        """Sub-words of each doc's words, of each the first max_subwords. White space and the like
        have none, with some tokenizers."""
        texts = [[token.text for token in doc] for doc in docs]
        cache = self._cache  # another thread may begin a new one meanwhile
        new = {text for doc in texts for text in doc if text not in cache}
        if len(cache) + len(new) > CACHE_SIZE:
            cache = self._cache = {}
            new = {text for doc in texts for text in doc}
        cache.update(zip(new, self._split(list(new)), strict=True))
        return [[cache[text].first(max_subwords) for text in doc] for doc in texts]

    def _split(self, words: list[str]) -> Iterable[Subwords]:
        if not words:  # not taken by Hugging Face's tokenizers
            return
        options: dict[str, Any] = {"add_special_tokens": False, "verbose": False}
        for ids in self._tokenizer([self._space + word for word in words], **options)["input_ids"]:
            strings = self._tokenizer.convert_ids_to_tokens(ids)
            yield Subwords(np.array(ids, dtype="int64"), strings)

    def __reduce__(self) -> tuple:
        """Copies and pickles hold the files, and build the tokenizer anew."""
        return SubwordTokenizer, (self.files, self.settings)


@serialize_attr.register(SubwordTokenizer)
def _serialize(_: Any, value: SubwordTokenizer, name: str, model: Model) -> bytes:
    return cast(bytes, srsly.msgpack_dumps(value.files))


@deserialize_attr.register(SubwordTokenizer)
def _deserialize(
    tokenizer: SubwordTokenizer, value: bytes, name: str, model: Model
) -> SubwordTokenizer:
    return SubwordTokenizer(cast(dict, srsly.msgpack_loads(value)), tokenizer.settings)
