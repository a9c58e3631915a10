"""Pipelines that an earlier version stored load, and find what they found then."""

from pathlib import Path

import numpy as np
import pytest
import spacy
import srsly
from spacy.tokens import Doc
from tagger_table import emissions, ents

OLDER = Path(__file__).parent / "older"  # make.py there says how they were made
NAMES = ["char_cnn_bilstm_crf", "shared_softmax"]


def through_bytes(folder, tmp_path):
    nlp = spacy.load(folder)
    return spacy.util.load_model_from_config(nlp.config).from_bytes(nlp.to_bytes())


def stored_again(folder, tmp_path):
    spacy.load(folder).to_disk(tmp_path / "again")
    return spacy.load(tmp_path / "again")


LOADERS = {
    "from disk": lambda folder, tmp_path: spacy.load(folder),
    "through bytes": through_bytes,
    "stored again": stored_again,
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("load", LOADERS.values(), ids=LOADERS.keys())
def test_it_finds_what_it_found_then(name, load, tmp_path):
    expected = srsly.read_json(OLDER / name / "expected.json")
    nlp = load(OLDER / name, tmp_path)
    nlp.get_pipe("ner").dtype = "float32"  # as then, whatever the processor
    docs = list(nlp.pipe(Doc(nlp.vocab, words=words) for words in expected["words"]))
    entities = [[tuple(entity) for entity in found] for found in expected["entities"]]
    assert sum(map(len, entities)) > 50
    assert ents(docs) == entities
    scores = emissions(nlp, docs[: len(expected["emissions"])])
    for ours, then in zip(scores, expected["emissions"], strict=True):
        np.testing.assert_allclose(ours, then, atol=1e-3)
