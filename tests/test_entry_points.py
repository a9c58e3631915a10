"""Entry points are the index from a name in a config to its function."""

import inspect
from importlib.metadata import distribution

import pytest
import spacy

ENTRY_POINTS = [
    entry
    for entry in distribution("spacy-ner-archs").entry_points
    if entry.group.startswith(("spacy_", "thinc_"))
]


def test_there_is_one_for_every_registered_name():
    names = {entry.name for entry in ENTRY_POINTS if entry.group == "spacy_architectures"}
    assert names == {
        f"spacy-ner-archs.{name}.v1"
        for name in [
            "WordEmbed",
            "CharCNNEmbed",
            "CharLSTMEmbed",
            "ConcatEmbed",
            "BiLSTMEncoder",
            "CNNEncoder",
            "CNNBiLSTMEncoder",
            "IDCNNEncoder",
            "SoftmaxTagger",
            "CRFTagger",
            "EnsembleTagger",
            "CNNBiLSTM",
            "BiLSTMCRF",
            "CharCNNBiLSTMCRF",
            "DenseEncoder",
            "TransformerTagger",
            "TransformerCRF",
            "TransformerModel",
            "QuantizedTransformerModel",
            "TransformerEmbed",
        ]
    }


@pytest.mark.parametrize("entry", ENTRY_POINTS, ids=lambda entry: entry.name)
def test_it_resolves_to_what_its_name_says(entry):
    loaded = entry.load()
    if not entry.name.startswith("spacy-ner-archs."):  # the component and the command
        return
    registry = getattr(spacy.registry, entry.group.split("_")[1])
    assert registry.get(entry.name) is loaded
    name = entry.name.split(".")[1]
    assert loaded.__name__ in (name, f"create_{name.lower()}")
    documented = inspect.getdoc(loaded)
    for argument in inspect.signature(loaded).parameters:
        assert f"{argument} (" in documented, f"{entry.name}: {argument} is not documented"
