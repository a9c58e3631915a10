"""The shared transformer: what it reads, and what it refuses."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import spacy
import srsly
import torch
from safetensors.torch import load_file, save_file
from spacy.tokens import Doc

pytest.importorskip("spacy_transformers", reason="the extra [transformers] is not installed")
from tiny_encoders import ENCODERS, tiny
from tiny_transformer import WORDS, doc_of, make, word_vectors
from transformers import AutoModel, AutoTokenizer

from spacy_ner_archs.architectures.transformers.subword_tokenizer import SubwordTokenizer
from spacy_ner_archs.architectures.transformers.transformer_model import TransformerModel


@pytest.fixture(params=ENCODERS)
def kind(request):
    return request.param


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
        _ = SubwordTokenizer({"../outside": b""}, {}).pad_id


def test_threads_can_share_the_words_that_are_remembered(kind, monkeypatch):
    monkeypatch.setattr(
        "spacy_ner_archs.architectures.transformers.subword_tokenizer.CACHE_SIZE", 20
    )
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
        ({"dtype": "half"}, 'dtype must be .*, not "half"'),
        ({"dtype": "auto", "mixed_precision": True}, "takes the place of mixed_precision"),
    ],
)
def test_bad_settings_get_one_line(settings, message):
    with pytest.raises(ValueError, match=message):
        TransformerModel("bert", **settings)


def test_configs_and_files_from_before_there_was_a_dtype():
    dtypes = {
        was: TransformerModel("bert", mixed_precision=was).shims[0].dtype
        for was in (True, False, None)
    }
    assert dtypes == {True: "auto", False: "float32", None: "float32"}
    model = make("bert")
    model.shims[0].cfg["mixed_precision"] = True
    make("bert").from_bytes(model.to_bytes())


def test_a_missing_encoder_gets_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    for name in (str(tmp_path), "someone/nothing-of-this-name"):
        with pytest.raises(ValueError, match=r"^encoder .*without a network give a folder[^\n]+$"):
            TransformerModel(name).initialize()
    with pytest.raises(ValueError, match="no encoder: set its folder or name"):
        TransformerModel(None).initialize()
