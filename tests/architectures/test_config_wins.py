"""The config wins over what was stored. A setting that the weights don't depend on takes effect on
loading; one that they depend on is refused, in one line, where it isn't what it was."""

import inspect
from collections.abc import Callable
from functools import cache
from importlib.metadata import distribution
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
import pytest
import spacy
from tagger_table import (
    BILSTM,
    CHAR_CNN,
    CHAR_LSTM,
    CNN,
    CNN_BILSTM,
    IDCNN,
    OURS,
    TAGGERS,
    WORD,
    emissions,
    make_examples,
    make_nlp,
    tagger,
    train,
)
from thinc.api import Adam, fix_random_seed

HAS_TRANSFORMERS = find_spec("spacy_transformers") is not None
DENSE = {"@architectures": OURS + "DenseEncoder.v1", "width": 8, "activation": "gelu"}
#: The loaded pipeline predicts or learns other than with the setting that it was stored with.
OTHER = "other predictions or another training"
#: The torch module is told; what it changes is rounding, or speed.
TOLD = "the module is told"
#: The transformer's shim is told so.
AUTO = "auto"
#: It does the same: the setting matters at initialisation only.
LATER = "at initialisation"


class Case(NamedTuple):
    """settings: of the architecture. around: makes a tagger's config with them.
    changes: another value of each setting, and what it does or the error's message."""

    settings: dict[str, Any]
    around: Callable[[dict[str, Any]], dict[str, Any]]
    changes: dict[str, tuple[Any, str]]


def other(name, was, now):
    return f"stored with {name} = {was}, and the config has {name} = {now}$"


def width(was, now):
    return f"Attempt to change dimension 'nO' for model '[^']+' from {now} to {was}$"


def embed(settings):
    return tagger("CRFTagger", settings, BILSTM)


def encode(settings):
    return tagger("CRFTagger", WORD, settings)


def whole(settings):
    return settings


ENCODER = {"width": (16, width(24, 16)), "depth": (2, other("depth", 1, 2))}
WHOLE = {**ENCODER, "word_width": (8, other("width", 16, 8))}
CASES = {
    "WordEmbed": Case(
        WORD,
        embed,
        {
            "width": (8, other("width", 16, 8)),
            "attr": ("LOWER", other("attr", "ORTH", "LOWER")),
            "min_freq": (2, other("min_freq", 1, 2)),
            "vectors": ("unused", other("vectors", "trained", "unused")),
            "unknown_rate": (0.9, OTHER),
            "word_dropout": (0.5, OTHER),
        },
    ),
    "CharCNNEmbed": Case(
        CHAR_CNN,
        embed,
        {
            "width": (8, width(12, 8)),
            "char_width": (4, other("char_width", 8, 4)),
            "window_size": (2, other("window_size", 1, 2)),
        },
    ),
    "CharLSTMEmbed": Case(
        CHAR_LSTM,
        embed,
        {"width": (8, width(12, 8)), "char_width": (4, other("char_width", 8, 4))},
    ),
    "BiLSTMEncoder": Case(BILSTM, encode, ENCODER),
    "CNNEncoder": Case(
        CNN,
        encode,
        {
            "width": (16, width(24, 16)),
            "window_size": (2, other("window_size", 1, 2)),
            "depth": (1, other("depth", 2, 1)),
        },
    ),
    "CNNBiLSTMEncoder": Case(
        CNN_BILSTM,
        encode,
        {
            **ENCODER,
            "cnn_width": (8, other("cnn_width", 16, 8)),
            "cnn_window_size": (2, other("cnn_window_size", 1, 2)),
            "cnn_depth": (2, other("cnn_depth", 1, 2)),
        },
    ),
    "IDCNNEncoder": Case(
        IDCNN,
        encode,
        {
            "width": (16, width(24, 16)),
            "window_size": (2, other("window_size", 1, 2)),
            "dilations": ([1, 1, 1], OTHER),
            "iterations": (1, OTHER),
        },
    ),
    "DenseEncoder": Case(
        DENSE, encode, {"width": (16, width(8, 16)), "activation": ("tanh", OTHER)}
    ),
    "CNNBiLSTM": Case(TAGGERS["CNNBiLSTM.v1"], whole, WHOLE),
    "BiLSTMCRF": Case(TAGGERS["BiLSTMCRF.v1"], whole, WHOLE),
    "CharCNNBiLSTMCRF": Case(
        TAGGERS["CharCNNBiLSTMCRF.v1"], whole, {**WHOLE, "char_width": (8, width(12, 8))}
    ),
}
#: Architectures whose arguments are other layers.
OF_LAYERS = {"ConcatEmbed", "SoftmaxTagger", "CRFTagger", "EnsembleTagger"}
#: What is made of another, not trained: `tests/pipeline/test_quantize.py` tries its settings.
MADE = {"QuantizedTransformerModel"}
TRANSFORMERS = {"TransformerTagger", "TransformerCRF", "TransformerEmbed", "TransformerModel"}

if HAS_TRANSFORMERS:
    from tagger_table import transformer

    EMBED = transformer("bert", "first", window=24, context=2)
    HEAD = {"tok2vec": EMBED, "hidden_width": 8, "activation": "gelu"}
    HEAD_CHANGES = {"hidden_width": (16, width(8, 16)), "activation": ("tanh", OTHER)}

    def head(settings):
        return {"@architectures": OURS + "TransformerTagger.v1", "tok2vec": settings}

    CASES |= {
        name: Case({"@architectures": f"{OURS}{name}.v1", **HEAD}, whole, HEAD_CHANGES)
        for name in ("TransformerTagger", "TransformerCRF")
    }
    CASES["TransformerEmbed"] = Case(EMBED, head, {"grad_factor": (0.5, OTHER)})
    CASES["SubwordPooling"] = Case(
        EMBED["pooling"], lambda part: head({**EMBED, "pooling": part}), {"reduce": ("mean", OTHER)}
    )
    CASES["TransformerModel"] = Case(
        EMBED["transformer"],
        lambda part: head({**EMBED, "transformer": part}),
        {
            "name": ("/nowhere", LATER),
            "window": (12, OTHER),
            "context": (0, OTHER),
            "unit": ("sentence", OTHER),
            "max_padded": (1, TOLD),
            "freeze_embeddings": (True, OTHER),
            "freeze_layers": (1, OTHER),
            "learn_rate_factor": (0.1, OTHER),
            "layer_decay": (0.5, OTHER),
            "lora": ({"r": 2, "target_modules": ["query"]}, OTHER),
            "dtype": ("auto", AUTO),
            "mixed_precision": (True, AUTO),
            "tokenizer_config": ({"do_lower_case": True}, OTHER),
            "transformer_config": ({"hidden_dropout_prob": 0.5}, OTHER),
        },
    )

CHANGES = [(name, setting) for name, case in CASES.items() for setting in case.changes]


@cache
def stored(name):
    """The bytes of a component with the settings of a case."""
    case = CASES[name]
    nlp, examples, optimizer = make_nlp(case.around(case.settings))
    train(nlp, examples, optimizer, 2)
    return nlp.get_pipe("ner").to_bytes()


def load(architecture, **changed):
    case = CASES[architecture]
    nlp = spacy.blank("en")
    model = case.around({**case.settings, **changed})
    nlp.add_pipe("ner_tagger", name="ner", config={"model": model}).from_bytes(stored(architecture))
    return nlp


def outcome(nlp):
    """Emissions, and those after some training."""
    fix_random_seed(0)
    examples = make_examples(nlp)
    docs = [eg.predicted for eg in examples]
    for doc in docs:
        for token in doc:
            token.is_sent_start = token.i % 4 == 0
    before = emissions(nlp, docs)
    train(nlp, examples, Adam(0.01), 2, drop=0.3)
    return np.concatenate([*before, *emissions(nlp, docs)])


@cache
def unchanged(name):
    return outcome(load(name))


@pytest.mark.parametrize(("name", "setting"), CHANGES)
def test_the_config_wins(name, setting):
    value, effect = CASES[name].changes[setting]
    if effect not in (OTHER, TOLD, AUTO, LATER):
        with pytest.raises(ValueError, match=r"^[^\n]+$") as refused:
            load(name, **{setting: value})
        assert refused.match(f"{effect[:-1]}\\)$")
        return
    nlp = load(name, **{setting: value})
    shims = [s for node in nlp.get_pipe("ner").model.walk() for s in node.shims]
    if effect == TOLD:
        (told,) = [getattr(s.module, setting) for s in shims if hasattr(s.module, setting)]
        assert told == value
        return
    if effect == AUTO:
        (told,) = [s.dtype for s in shims if hasattr(s.module, "encoder")]
        assert told == effect
        return
    same = np.array_equal(outcome(nlp), unchanged(name))
    assert same == (effect != OTHER)


def test_every_setting_is_tried():
    tried = set(CHANGES)
    for entry in distribution("spacy-ner-archs").entry_points:
        name = entry.name.split(".")[1] if entry.name.startswith(OURS) else ""
        if entry.group not in ("spacy_architectures", "thinc_layers") or name in OF_LAYERS | MADE:
            continue
        if name in TRANSFORMERS | {"SubwordPooling"} and not HAS_TRANSFORMERS:
            continue
        arguments = set(inspect.signature(entry.load()).parameters)
        arguments -= {"nO", "tok2vec", "transformer", "pooling"}  # from labels; layers
        assert {(name, argument) for argument in arguments} <= tried


def test_what_was_stored_before_is_passed_over():
    """Older versions stored all settings of an embedding."""
    nlp = load("WordEmbed", unknown_rate=0.9)
    embedding = next(n for n in nlp.get_pipe("ner").model.walk() if n.name == "word_embed")
    message = embedding.to_dict()
    message["attrs"][0]["unknown_rate"] = b"\xca\x3f\x00\x00\x00"  # 0.5
    embedding.from_dict(message)
    assert embedding.attrs["unknown_rate"] == 0.9
