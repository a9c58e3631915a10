"""The sample corpus in assets/: reproducible, valid, varied, and not solvable by memory."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter, defaultdict
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[1] / "assets" / "sample"
MIN_SENTENCES = {"train": 8000, "dev": 800, "test": 800}
LABELS = {"PER", "ORG", "LOC", "MISC"}
AMBIGUOUS = """
    Washington Jordan Chelsea Paris Santander Lincoln Victoria Florence Ford Philip_Morris Houston
    Phoenix Madison Amazon Mercury Georgia Chad Charlotte Austin
"""
DOCUMENT = "-DOCSTART- -X- -X- O"

Sentence = list[tuple[str, str, str, str]]


@cache
def read(split: str) -> list[Sentence]:
    """The sentences of a split, one row of four columns a token, without the document lines."""
    text = (SAMPLE / f"{split}.conll").read_text(encoding="utf-8")
    blocks = [block for block in text.split("\n\n") if block.strip() and block != DOCUMENT]
    return [[tuple(line.split(" ")) for line in block.strip().split("\n")] for block in blocks]


def entities(sentence: Sentence) -> list[tuple[str, str]]:
    """(text, label) of every entity of a sentence in valid IOB2."""
    found: list[tuple[list[str], str]] = []
    for word, _, _, tag in sentence:
        if tag.startswith("B-"):
            found.append(([word], tag[2:]))
        elif tag.startswith("I-"):
            found[-1][0].append(word)
    return [(" ".join(words), label) for words, label in found]


def surface_forms(split: str) -> set[str]:
    """Distinct names; case is ignored, so a headline's capitals do not make a name a new one."""
    return {text.lower() for sentence in read(split) for text, _ in entities(sentence)}


def texts(split: str) -> list[str]:
    return [" ".join(row[0] for row in sentence) for sentence in read(split)]


def test_generator_rewrites_the_same_bytes(tmp_path):
    script = SAMPLE / "generate.py"
    subprocess.run([sys.executable, "-B", str(script), str(tmp_path)], check=True, cwd=tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dev.conll", "test.conll", "train.conll"]
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (SAMPLE / path.name).read_bytes(), path.name


@pytest.mark.parametrize("split", MIN_SENTENCES)
def test_has_enough_sentences_and_all_labels(split):
    sentences = read(split)
    assert len(sentences) >= MIN_SENTENCES[split]
    assert {label for sentence in sentences for _, label in entities(sentence)} == LABELS


@pytest.mark.parametrize("split", MIN_SENTENCES)
def test_every_line_has_four_columns(split):
    lines = (SAMPLE / f"{split}.conll").read_text(encoding="utf-8").split("\n")
    bad = [line for line in lines if line and [bool(c) for c in line.split(" ")] != [True] * 4]
    assert not bad
    documents = [i for i, line in enumerate(lines) if line.startswith("-DOCSTART-")]
    assert len(documents) > 20
    assert all(lines[i] == DOCUMENT and lines[i + 1] == "" for i in documents)


@pytest.mark.parametrize("split", MIN_SENTENCES)
def test_tags_are_valid_iob2(split):
    tags = {"O"} | {f"{prefix}-{label}" for prefix in "BI" for label in LABELS}
    for sentence in read(split):
        before = "O"
        for word, _, _, tag in sentence:
            assert tag in tags
            if tag.startswith("I-"):
                assert before[1:] == tag[1:], (word, sentence)
            before = tag


@pytest.mark.parametrize("split", MIN_SENTENCES)
def test_some_sentences_have_no_entity(split):
    sentences = read(split)
    empty = sum(not entities(sentence) for sentence in sentences)
    assert 0.1 <= empty / len(sentences) <= 0.2


@pytest.mark.parametrize("split", ["dev", "test"])
def test_half_of_the_names_are_new(split):
    names = surface_forms(split)
    assert len(names - surface_forms("train")) >= len(names) / 2


def test_ambiguous_names_have_several_labels_in_train():
    labels = defaultdict(set)
    for sentence in read("train"):
        for text, label in entities(sentence):
            labels[text].add(label)
    names = [name.replace("_", " ") for name in AMBIGUOUS.split()]
    assert [name for name in names if len(labels[name]) < 2] == []


def test_apple_is_a_company_and_a_fruit_in_train():
    tags = {row[3] for sentence in read("train") for row in sentence if row[0] == "Apple"}
    assert {"B-ORG", "O"} <= tags


def test_people_and_organisations_are_subjects_of_the_same_verbs():
    subjects = defaultdict(set)
    for sentence in read("train"):
        for (*_, tag), (verb, pos, _, after) in pairwise(sentence):
            if pos == "VBD" and after == "O":
                subjects[verb].add(tag[2:])
    shared = [verb for verb, labels in subjects.items() if {"PER", "ORG"} <= labels]
    assert len(shared) >= 40


def test_an_stands_before_vowels_and_a_before_consonants():
    after = {"a": set(), "an": set()}
    for sentence in read("train"):
        for (article, *_, tag), (word, *_) in pairwise(sentence):
            if article in after and tag == "O":
                after[article].add(word)
    assert {"old", "honest", "industrial"} & after["an"]
    assert not [word for word in after["a"] if word[0] in "aio"]
    assert not [word for word in after["an"] if word[0] in "bcdgjkpqtvwz"]


@pytest.mark.parametrize("recased", [str.lower, str.upper])
def test_some_sentences_have_other_letters(recased):
    found = [
        text for text in texts("train") if recased(text) == text and text.upper() != text.lower()
    ]
    assert len(found) >= 100


def test_the_page_counts_what_is_there():
    page = (SAMPLE / "README.md").read_text(encoding="utf-8")
    about = (SAMPLE / "about.yml").read_text(encoding="utf-8")
    for split in MIN_SENTENCES:
        found = Counter(label for sentence in read(split) for _, label in entities(sentence))
        labels = " | ".join(f"{found[label]:,}" for label in ("PER", "ORG", "LOC", "MISC"))
        assert f"| {sum(map(len, read(split))):,} | {labels} |" in page
        assert f"| {len(read(split)):,} |" in page
    assert f"{len(read('train')):,} synthetic sentences" in about


def test_no_sentence_stands_twice():
    every = [text for split in MIN_SENTENCES for text in texts(split)]
    assert len(every) == len(set(every))
