"""What isn't a whole component with its own labels and finite weights is refused in one line."""

import numpy as np
import pytest
import spacy
import srsly
import torch
from spacy.tokens import Doc
from tagger_table import BILSTM, MAXOUT, MULTI_HASH, TAGGERS, make_nlp, tagger

from spacy_ner_archs.thinc_layers.torch_shim import shim_of

MODEL = TAGGERS["BiLSTMCRF.v1"]


def refusal_of(folder):
    with pytest.raises(ValueError, match="component 'ner' can't be loaded") as refused:
        spacy.load(folder)
    message = str(refused.value)
    assert "\n" not in message
    assert f"from {folder / 'ner'};" in message
    return message


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite(value, tmp_path):
    nlp, _, _ = make_nlp(MODEL)
    (bilstm,) = [node for node in nlp.get_pipe("ner").model.walk() if node.name == "bilstm"]
    with torch.no_grad():
        next(shim_of(bilstm).module.parameters())[0, 0] = value
    nlp.to_disk(tmp_path)
    assert "layer BiLSTM has NaN or infinite weights" in refusal_of(tmp_path)
    with pytest.raises(ValueError, match=r"component 'ner'.*layer BiLSTM has NaN"):
        spacy.blank("en").add_pipe("ner_tagger", name="ner", config={"model": MODEL}).from_bytes(
            nlp.get_pipe("ner").to_bytes()
        )


def test_weights_of_a_layer_of_spacys_that_are_not_finite(tmp_path):
    nlp, _, _ = make_nlp(tagger("CRFTagger", MULTI_HASH, MAXOUT))
    (maxout, *_) = [node for node in nlp.get_pipe("ner").model.walk() if node.name == "maxout"]
    maxout.set_param("b", np.full_like(maxout.get_param("b"), np.nan))
    nlp.to_disk(tmp_path)
    assert "b of layer maxout has NaN or infinite weights" in refusal_of(tmp_path)


@pytest.mark.parametrize("change", [lambda labels: labels[:-1], lambda labels: [*labels, "NEW"]])
def test_labels_that_are_not_those_of_the_weights(change, tmp_path):
    nlp, _, _ = make_nlp(MODEL)
    nlp.to_disk(tmp_path)
    settings = srsly.read_json(tmp_path / "ner" / "cfg")
    labels = change(settings["labels"])
    srsly.write_json(tmp_path / "ner" / "cfg", {**settings, "labels": labels})
    assert (
        f"its labels, {', '.join(labels)}, need {1 + 4 * len(labels)} scores a token"
        in refusal_of(tmp_path)
    )


def test_a_file_that_was_cut(tmp_path):
    nlp, _, _ = make_nlp(MODEL)
    nlp.to_disk(tmp_path)
    file = tmp_path / "ner" / "model"
    file.write_bytes(file.read_bytes()[:2000])
    assert "was it cut" in refusal_of(tmp_path)


def test_a_model_of_another_config(tmp_path):
    make_nlp(MODEL)[0].to_disk(tmp_path / "one")
    make_nlp(tagger("SoftmaxTagger", MULTI_HASH, BILSTM))[0].to_disk(tmp_path / "two")
    foreign = (tmp_path / "two" / "ner" / "model").read_bytes()
    (tmp_path / "one" / "ner" / "model").write_bytes(foreign)
    assert "is it of another pipeline" in refusal_of(tmp_path / "one")


def test_a_component_without_weights_is_stored_and_loaded(tmp_path):
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", name="ner", config={"model": MODEL})
    nlp.to_disk(tmp_path)
    loaded = spacy.load(tmp_path)
    with pytest.raises(ValueError, match="initialize"):
        loaded.get_pipe("ner").predict([Doc(loaded.vocab, words=["a"])])
