"""The shared transformer: what it reads, which of its weights move, and what is stored."""

import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import spacy
import srsly
import torch
from safetensors.torch import load_file, save_file
from spacy.tokens import Doc
from thinc.api import Adam, fix_random_seed

pytest.importorskip("spacy_transformers", reason="the extra [transformers] is not installed")
from tiny_encoders import ENCODERS, tiny
from transformers import AutoModel, AutoTokenizer

from spacy_ner_archs.architectures.subword_tokenizer import SubwordTokenizer
from spacy_ner_archs.architectures.torch_shim import shim_of
from spacy_ner_archs.architectures.transformer_model import TransformerModel

WORDS = ["Ada", "Lovelace", "wrote", "to", "Charles", "Babbage", "from", "London", "."]
LORA = {"r": 2, "lora_alpha": 4, "lora_dropout": 0.3, "target_modules": ["query", "value"]}


@pytest.fixture(params=ENCODERS)
def kind(request):
    return request.param


def make(kind, **settings):
    fix_random_seed(0)
    model = TransformerModel(tiny(kind), **settings)
    model.initialize()
    return model


def doc_of(words):
    return Doc(spacy.blank("en").vocab, words=words)


def word_vectors(model, docs):
    """The first sub-word's vector of each word of each doc that has any."""
    vectors = []
    for data in model.predict(docs).doc_data:
        starts = np.cumsum(data.align.lengths) - data.align.lengths
        vectors.append(data.model_output.last_hidden_state[0][starts[data.align.lengths > 0]])
    return vectors


def train(model, steps=1, dropout=0.0, rate=0.01):
    optimizer = Adam(rate, grad_clip=0.0)
    model.attrs["dropout_rate"] = dropout
    for _ in range(steps):
        batch, backprop = model.begin_update([doc_of(WORDS)])
        shape = batch.doc_data[0].model_output.last_hidden_state.shape
        gradient = np.random.default_rng(0).normal(size=shape).astype("f")
        backprop(batch.unsplit_by_doc([[gradient]]))
        model.finish_update(optimizer)


def test_vectors_are_those_of_hugging_face(kind):
    tokenizer = AutoTokenizer.from_pretrained(tiny(kind), add_prefix_space=True)
    encoding = tokenizer(WORDS, is_split_into_words=True, return_tensors="pt")
    with torch.no_grad():
        hidden = AutoModel.from_pretrained(tiny(kind)).eval()(**encoding).last_hidden_state[0]
    firsts = [encoding.word_ids().index(i) for i in range(len(WORDS))]
    (vectors,) = word_vectors(make(kind), [doc_of(WORDS)])
    np.testing.assert_allclose(vectors, hidden[firsts].numpy(), atol=1e-5)


@pytest.mark.parametrize("max_padded", [1, 2048])
def test_a_doc_is_read_the_same_alone_and_among_others(kind, max_padded):
    model = make(kind, window=24, context=4, max_padded=max_padded)
    docs = [doc_of(words) for words in (WORDS, ["London"], [], WORDS * 9, ["\u200b"], WORDS[3:])]
    together = word_vectors(model, docs)
    for doc, vectors in zip(docs, together, strict=True):
        np.testing.assert_allclose(word_vectors(model, [doc])[0], vectors, atol=1e-5)


def test_a_short_doc_is_read_the_same_in_windows_of_any_size(kind):
    whole, windowed = make(kind), make(kind, window=40, context=8)
    doc = doc_of(WORDS[:4])
    np.testing.assert_array_equal(word_vectors(whole, [doc])[0], word_vectors(windowed, [doc])[0])


def test_nothing_of_a_long_doc_is_cut_off(kind):
    model = make(kind)  # the encoder reads 64 sub-words
    (vectors,) = word_vectors(model, [doc_of(WORDS * 20)])
    assert len(vectors) == 180
    assert (np.linalg.norm(vectors, axis=1) > 1).all()
    changed = [*WORDS * 19, *WORDS[:-1], "Paris"]
    (other,) = word_vectors(model, [doc_of(changed)])
    assert not np.allclose(vectors[-2], other[-2], atol=1e-4)  # a neighbour is read
    np.testing.assert_array_equal(vectors[:100], other[:100])  # another window


@pytest.mark.parametrize(
    "word",
    ["\N{FAMILY}\u200d\N{FAMILY}", "\u200b", "e\u0301", "x" * 500, "\n", "\U0001f3fd", "Zürich"],
)
def test_the_words_around_an_odd_one_keep_their_places(kind, word):
    model = make(kind)
    words = [*WORDS[:3], word, *WORDS[3:6]]
    (data,) = model.predict([doc_of(words)]).doc_data
    assert len(data.align.lengths) == 7
    pieces = data.wordpieces.strings[0]
    texts = []
    for i, n in enumerate(data.align.lengths):
        start = data.align.lengths[:i].sum()
        texts.append("".join(pieces[start : start + n]).replace("##", "").replace("Ġ", ""))
    assert texts[:3] + texts[4:] == WORDS[:6]
    assert data.model_output.last_hidden_state.shape[1] == data.align.lengths.sum()


def test_a_sentence_is_read_with_its_neighbours(kind):
    nlp = spacy.blank("en")
    sentences = [["Paris", "."], ["New", "York", "writers", "."], ["London", "."]]
    words = [word for sentence in sentences for word in sentence]
    starts = [i == 0 for sentence in sentences for i in range(len(sentence))]
    doc = Doc(nlp.vocab, words=words, sent_starts=starts)
    apart = [
        Doc(nlp.vocab, words=s, sent_starts=[i == 0 for i in range(len(s))]) for s in sentences
    ]
    bare = make(kind, unit="sentence", context=0)
    np.testing.assert_allclose(
        word_vectors(bare, [doc])[0], np.concatenate(word_vectors(bare, apart)), atol=1e-5
    )
    flert = make(kind, unit="sentence", context=15)
    assert not np.allclose(word_vectors(flert, [doc])[0], word_vectors(bare, [doc])[0], atol=1e-3)


def test_without_sentences_it_says_what_to_do(kind):
    with pytest.raises(ValueError, match="put a component that sets them, such as sentencizer"):
        make(kind, unit="sentence").predict([doc_of(WORDS)])


def moved(model, before):
    after = dict(shim_of(model).module.named_parameters())
    return {name for name, weights in before.items() if not torch.equal(weights, after[name])}


def snapshot(model):
    return {n: p.detach().clone() for n, p in shim_of(model).module.named_parameters()}


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
    with pytest.raises(ImportError, match=r"pip install 'spacy-ner-archs\[lora\]'"):
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


def test_weights_that_are_missing_are_missed(tmp_path):
    folder = ENCODERS["bert"](tmp_path)
    weights = load_file(folder / "model.safetensors")
    del weights["encoder.layer.1.output.dense.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ValueError, match=r"1 weights aren't there, such as encoder.layer.1.output"):
        TransformerModel(str(folder)).initialize()
    (folder / "model.safetensors").write_bytes(b"version https://git-lfs.github.com/spec/v1")
    with pytest.raises(ValueError, match=r"^encoder [^\n]+$"):
        TransformerModel(str(folder)).initialize()


def test_settings_that_the_encoder_does_not_have_get_one_line():
    with pytest.raises(ValueError, match=r"encoder .* has no hidden_droput_prob"):
        make("bert", transformer_config={"hidden_droput_prob": 0.2})


def test_a_byte_level_tokenizer_of_any_kind_reads_words_with_a_space_before_them(tmp_path):
    folder = ENCODERS["roberta"](tmp_path)
    described = srsly.read_json(folder / "tokenizer.json")
    digits = {"type": "Digits", "individual_digits": True}
    byte_level = {**described["pre_tokenizer"], "add_prefix_space": False}
    described["pre_tokenizer"] = {"type": "Sequence", "pretokenizers": [digits, byte_level]}
    srsly.write_json(folder / "tokenizer.json", described)
    model = TransformerModel(str(folder))
    model.initialize()
    (data,) = model.predict([doc_of(["Paris", "London"])]).doc_data
    assert "".join(data.wordpieces.strings[0]) == "ĠParisĠLondon"


def test_a_tokenizers_files_stay_in_their_folder():
    with pytest.raises(ValueError, match="can't be called"):
        _ = SubwordTokenizer({"../outside": b""}).pad_id


def test_threads_can_share_the_words_that_are_remembered(kind, monkeypatch):
    monkeypatch.setattr("spacy_ner_archs.architectures.subword_tokenizer.CACHE_SIZE", 20)
    model = make(kind)
    docs = [doc_of([f"word{i}", *WORDS, f"other{i}"]) for i in range(200)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda doc: word_vectors(model, [doc])[0], docs))
    assert [len(vectors) for vectors in found] == [11] * 200


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"unit": "page"}, "unit must be doc or sentence, not page"),
        ({"window": 32, "context": 9}, "context at most a quarter of it, not 32 and 9"),
        ({"context": -1}, "window must be at least 8"),
        ({"max_padded": 0}, "max_padded must be at least 1, not 0"),
    ],
)
def test_bad_settings_get_one_line(settings, message):
    with pytest.raises(ValueError, match=message):
        TransformerModel("bert", **settings)


def test_a_missing_encoder_gets_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    for name in (str(tmp_path), "someone/nothing-of-this-name"):
        with pytest.raises(ValueError, match=r"^encoder .*without a network give a folder[^\n]+$"):
            TransformerModel(name).initialize()
    with pytest.raises(ValueError, match="no encoder: set its folder or name"):
        TransformerModel(None).initialize()
