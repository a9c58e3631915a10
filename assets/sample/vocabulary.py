"""Ordinary words by part of speech, so that the text around the names is varied too."""

from __future__ import annotations

import re

from naming import Name, name
from word_lists import read_lists

# Kind (and section of words/vocabulary.txt) -> part of speech
POS = {
    "noun": "NN",
    "adjective": "JJ",
    "went": "VBD",
    "did": "VBD",
    "do": "VB",
    "how": "RB",
    "job": "NN",
    "title": "NNP",
    "crop": "NNS",
    "sport": "NN",
}


def add_s(word: str) -> str:
    """A noun's plural, or a verb's third person: city, cities; watch, watches."""
    if re.search(r"man$", word):
        return word[:-2] + "en"
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search(r"(s|x|z|ch|sh)$", word) else "s")


def make_vocabulary() -> dict[str, list[Name]]:
    """kind -> words, with the form `s`."""
    lists = read_lists("vocabulary")
    return {kind: [name(None, word, s=add_s(word)) for word in lists[kind]] for kind in POS}
