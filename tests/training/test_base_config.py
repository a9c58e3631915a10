"""Base configs of all choices: what spaCy fills in, and that they train."""

import pytest
from short_training import write_corpus
from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import load_config_from_str
from tiny_encoders import tiny

from spacy_ner_archs.training.base_config import Choices, Decode, Embed, Encode, base_config

#: Each value of a choice meets each value of the other two.
CHOICES = [
    ("word,char-lstm", "none", "crf"),
    ("char-cnn", "none", "softmax"),
    ("word", "bilstm", "softmax"),
    ("word,char-lstm", "bilstm", "crf"),
    ("char-cnn", "cnn", "crf"),
    ("word,char-cnn", "cnn", "softmax"),
    ("char-lstm", "cnn-bilstm", "softmax"),
    ("word,char-cnn", "cnn-bilstm", "crf"),
    ("word,char-lstm", "idcnn", "softmax"),
    ("word,char-cnn", "idcnn", "crf"),
    ("transformer", "none", "softmax"),
    ("transformer", "none", "crf"),
    ("word,transformer", "none", "crf"),
    ("char-lstm,transformer", "cnn", "softmax"),
    ("word,char-cnn,transformer", "bilstm", "crf"),
    ("transformer", "cnn-bilstm", "crf"),
    ("transformer", "idcnn", "softmax"),
]
SMALL = {"sizes.lstm_width": 8, "sizes.word_width": 4, "sizes.cnn_width": 8}


def choices(embed, encode, decode, **more):
    embeds = [Embed(part) for part in embed.split(",")]
    return Choices(embeds, Encode(encode), Decode(decode), **more)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return write_corpus(tmp_path_factory.mktemp("corpus"))


@pytest.mark.parametrize("row", CHOICES, ids=lambda row: " ".join(row))
def test_it_trains_as_it_is_and_ends_with_all_settings(row, corpus):
    encoder = tiny("bert") if "transformer" in row[0] else None
    text = base_config(choices(*row, encoder=encoder))
    settings = {name: value for name, value in SMALL.items() if name.split(".")[1] in text}
    overrides = {
        **settings,
        "paths.train": corpus,
        "paths.dev": corpus,
        "training.max_steps": 2,
        "training.eval_frequency": 2,
        "training.logger.console_output": False,
    }
    nlp = init_nlp(load_config_from_str(text, overrides=overrides))
    before = nlp.get_pipe("ner").model.to_bytes()
    train(nlp)
    assert nlp.get_pipe("ner").model.to_bytes() != before
    assert nlp.config["training"]["patience"] == 1600
    assert nlp.get_pipe("ner").labels == ("LOC", "PER")


@pytest.mark.parametrize("value", [*Embed, *Encode, *Decode])
def test_each_choice_is_trained_above(value):
    assert any(value in (*embed.split(","), encode, decode) for embed, encode, decode in CHOICES)


def test_strings_are_written_as_such():
    text = base_config(
        choices("word,transformer", "none", "crf", lang="de", vectors='a "b"', encoder="c\\d")
    )
    config = load_config_from_str(text)
    assert config["nlp"]["lang"] == "de"
    assert config["paths"]["vectors"] == 'a "b"'
    assert config["paths"]["encoder"] == "c\\d"


def test_the_default_encoder_is_for_the_language():
    for lang, encoder in (("en", "bert-base-cased"), ("de", "xlm-roberta-base")):
        config = load_config_from_str(base_config(choices("transformer", "none", "crf", lang=lang)))
        assert config["paths"]["encoder"] == encoder


@pytest.mark.parametrize(
    ("embed", "more", "message"),
    [
        ("char-cnn,char-lstm", {}, "char-cnn and char-lstm both read characters"),
        ("char-cnn", {"vectors": "any"}, "--vectors are for --embed word"),
        ("word", {"encoder": "any"}, "--encoder is for --embed transformer"),
    ],
)
def test_choices_that_do_not_go_together_are_named(embed, more, message):
    with pytest.raises(ValueError, match=message):
        choices(embed, "bilstm", "crf", **more)
