"""Which of the shared transformer's weights move in training, and by how much."""

import sys

import numpy as np
import pytest
from thinc.api import Adam

pytest.importorskip("spacy_transformers", reason="the extra [transformers] is not installed")
from tiny_encoders import ENCODERS
from tiny_transformer import WORDS, doc_of, make, moved, snapshot, train, word_vectors

from spacy_ner_archs.architectures.transformers.transformer_model import TransformerModel
from spacy_ner_archs.thinc_layers.torch_shim import shim_of

LORA = {"r": 2, "lora_alpha": 4, "lora_dropout": 0.3, "target_modules": ["query", "value"]}


@pytest.fixture(params=ENCODERS)
def kind(request):
    return request.param


def test_frozen_layers_stay(kind):
    model = make(kind, freeze_embeddings=True, freeze_layers=1)
    before = snapshot(model)
    train(model)
    names = moved(model, before)
    assert names
    assert all(name.startswith("encoder.encoder.layer.1.") for name in names)
    with pytest.raises(
        ValueError, match=r"^freeze_layers must be between 0 and the encoder's 2 layers, not 3"
    ):
        make(kind, freeze_layers=3)


def test_all_frozen_trains_nothing(kind):
    model = make(kind, freeze_embeddings=True, freeze_layers=2)
    before = snapshot(model)
    train(model)
    assert not moved(model, before)


def test_lower_layers_get_the_rates_of_the_config(kind):
    model = make(kind, learn_rate_factor=0.5, layer_decay=0.1)
    before = snapshot(model)
    train(model, rate=0.01)  # Adam's first step is the rate wherever there is a gradient
    steps = {}
    for name, weights in shim_of(model).module.named_parameters():
        layer = int(name.split(".layer.")[1][0]) + 1 if ".layer." in name else 0
        step = (weights.detach() - before[name]).abs().max().item()
        steps[layer] = max(step, steps.get(layer, 0.0))
    assert steps == pytest.approx({0: 0.00005, 1: 0.0005, 2: 0.005}, rel=0.02)


def test_its_own_dropout_is_at_work_where_training_has_any(kind):
    model = make(kind)
    doc = doc_of(WORDS)
    silent = model.begin_update([doc])[0].doc_data[0].model_output.last_hidden_state
    np.testing.assert_allclose(
        silent, model.predict([doc]).doc_data[0].model_output.last_hidden_state
    )
    model.attrs["dropout_rate"] = 0.1
    dropped = model.begin_update([doc])[0].doc_data[0].model_output.last_hidden_state
    assert not np.allclose(dropped, silent, atol=1e-3)
    again = model.predict([doc]).doc_data[0].model_output.last_hidden_state
    np.testing.assert_allclose(again, silent, atol=1e-6)


def test_low_rank_adapters_are_trained_and_merged(kind, monkeypatch):
    pytest.importorskip("peft", reason="the extra [lora] is not installed")
    model = make(kind, lora=LORA)
    assert (
        shim_of(model).module.state_dict().keys() == shim_of(make(kind)).module.state_dict().keys()
    )
    before = snapshot(model)
    train(model, steps=3)
    assert moved(model, before) == {name for name in before if ".lora_" in name}
    unmerged = word_vectors(model, [doc_of(WORDS)])[0]
    np.testing.assert_array_equal(word_vectors(model, [doc_of(WORDS)])[0], unmerged)  # no dropout
    assert not np.allclose(unmerged, word_vectors(make(kind), [doc_of(WORDS)])[0], atol=1e-3)
    monkeypatch.setitem(sys.modules, "peft", None)  # an import of it fails from here on
    loaded = TransformerModel(None, lora=LORA).from_bytes(model.to_bytes())
    np.testing.assert_allclose(word_vectors(loaded, [doc_of(WORDS)])[0], unmerged, atol=1e-5)
    with pytest.raises(ImportError, match=r'pip install "spacy-ner-archs\[lora\]"'):
        train(loaded)
    monkeypatch.undo()
    before = snapshot(loaded)
    train(loaded)  # with new adapters
    adapted = ("query", "value")
    assert not moved(loaded, {n: w for n, w in before.items() if not any(a in n for a in adapted)})
    after = word_vectors(loaded, [doc_of(WORDS)])[0]
    assert not np.allclose(after, unmerged, atol=1e-4)


@pytest.mark.parametrize(
    "lora",
    [
        {"rank": 2},
        {"r": 0},
        {"target_modules": ["nonsense"]},
        {"target_modules": "["},
        {"bias": "x"},
        {"use_dora": True},
        {"modules_to_save": ["query"]},
    ],
)
def test_bad_settings_of_adapters_get_one_line(lora):
    pytest.importorskip("peft", reason="the extra [lora] is not installed")
    with pytest.raises(ValueError, match=r"^lora: [^\n]+$"):
        make("bert", lora=lora)


def test_adapters_and_frozen_layers_exclude_each_other():
    with pytest.raises(ValueError, match="leave out freeze_embeddings and freeze_layers"):
        make("bert", lora=LORA, freeze_layers=1)


def test_settings_hold_that_are_other_than_the_stored_ones():
    stored = make("bert", window=24, context=4).to_bytes()
    model = TransformerModel(None, freeze_embeddings=True, freeze_layers=2).from_bytes(stored)
    doc = doc_of(WORDS * 2)
    expected = word_vectors(make("bert"), [doc])[0]
    np.testing.assert_allclose(word_vectors(model, [doc])[0], expected, atol=1e-5)
    before = snapshot(model)
    train(model)
    assert not moved(model, before)


@pytest.mark.parametrize("words", [["\n"], [], ["\u200b", " "]])
def test_docs_without_sub_words_train(kind, words):
    model = make(kind)
    batch, backprop = model.begin_update([doc_of(words), doc_of([])])
    shapes = [data.model_output.last_hidden_state.shape for data in batch.doc_data]
    backprop(batch.unsplit_by_doc([[np.ones(shape, dtype="f")] for shape in shapes]))
    model.finish_update(Adam(0.01))
