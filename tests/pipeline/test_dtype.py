import numpy as np
import pytest
import spacy
from tagger_table import TAGGERS, emissions, make_examples, make_nlp, train
from thinc.api import Adam

SMALL = TAGGERS["CharCNNBiLSTMCRF.v1"]
#: Its layers are spaCy's, which compute in float32.
SPACYS = "crf, MultiHashEmbed, MaxoutWindowEncoder"


def set_all(nlp, dtype):
    """Of the tagger, and of a transformer in it."""
    ner = nlp.get_pipe("ner")
    ner.dtype = dtype
    for node in ner.model.walk():
        if node.name == "transformer":
            node.shims[0].dtype = dtype


@pytest.mark.usefixtures("bfloat16")
@pytest.mark.parametrize("name", TAGGERS)
def test_emissions_are_near_those_in_float32(name):
    nlp, examples, _ = make_nlp(TAGGERS[name])
    docs = [eg.predicted for eg in examples]
    found = {}
    for dtype in ("float32", "bfloat16"):
        set_all(nlp, dtype)
        found[dtype] = np.concatenate(emissions(nlp, docs))
    assert np.array_equal(found["float32"], found["bfloat16"]) == (name == SPACYS)
    np.testing.assert_allclose(found["float32"], found["bfloat16"], atol=0.05)


@pytest.mark.usefixtures("bfloat16")
@pytest.mark.parametrize("name", ["crf, char-CNN, CNN-BiLSTM", "crf, char-LSTM and words, ID-CNN"])
def test_it_learns_alike(name):
    losses = {}
    for dtype in ("float32", "bfloat16"):
        nlp, examples, _ = make_nlp(TAGGERS[name], dtype=dtype)
        losses[dtype] = train(nlp, examples, Adam(0.003), 20)
    assert losses["bfloat16"] != losses["float32"]
    assert losses["bfloat16"][-1] < losses["bfloat16"][0] / 2
    np.testing.assert_allclose(losses["bfloat16"], losses["float32"], rtol=0.1, atol=0.1)


def dtypes(nlp):
    return {
        (node.name, shim.dtype) for node in nlp.get_pipe("ner").model.walk() for shim in node.shims
    }


@pytest.mark.usefixtures("bfloat16")
def test_all_but_tables_emissions_and_crf_follow_the_setting(tmp_path):
    nlp, _, _ = make_nlp(SMALL, dtype="bfloat16")
    exact = {("word_embed", "float32"), ("emissions", "float32"), ("crf", "float32")}
    assert dtypes(nlp) == {("char_cnn_embed", "bfloat16"), ("bilstm", "bfloat16")} | exact
    nlp.to_disk(tmp_path)
    assert dtypes(spacy.load(tmp_path)) == dtypes(nlp)
    other = spacy.load(tmp_path, config={"components": {"ner": {"dtype": "float32"}}})
    assert {dtype for _, dtype in dtypes(other)} == {"float32"}
    assert other.get_pipe("ner").to_bytes() == nlp.get_pipe("ner").to_bytes()


def test_other_settings_are_refused_in_one_line():
    with pytest.raises(ValueError, match=r'^dtype must be [^\n]+, not "half"$'):
        make_nlp(SMALL)[0].get_pipe("ner").dtype = "half"


def test_bfloat16_is_refused_where_the_processor_has_not_got_it(monkeypatch):
    monkeypatch.setattr("spacy_ner_archs.torch_layers.precision.has_bfloat16", lambda device: False)
    with pytest.raises(ValueError, match=r'^dtype = "bfloat16": this processor [^\n]+$'):
        make_nlp(SMALL, dtype="bfloat16")
    nlp, examples, _ = make_nlp(SMALL, dtype="auto")
    docs = [eg.predicted for eg in examples]
    by_auto = np.concatenate(emissions(nlp, docs))
    nlp.get_pipe("ner").dtype = "float32"
    assert np.array_equal(by_auto, np.concatenate(emissions(nlp, docs)))


@pytest.mark.usefixtures("bfloat16", "two_threads")
def test_alone_and_in_a_batch():
    nlp, examples, _ = make_nlp(SMALL, dtype="bfloat16")
    train(nlp, examples, Adam(0.01), 10)
    docs = [eg.predicted for eg in make_examples(nlp)]
    ner = nlp.get_pipe("ner")
    together = ner.token_probabilities(docs)
    for doc, expected in zip(docs, together, strict=True):
        np.testing.assert_allclose(ner.token_probabilities([doc])[0], expected, atol=0.01)
