"""The torch module on many kinds of encoders, random and tiny."""

import pytest
import torch

pytest.importorskip("transformers", reason="the extra [transformers] is not installed")
from transformers import AutoConfig

from spacy_ner_archs.torch_layers.cast_copy import cast_copy
from spacy_ner_archs.torch_layers.encoder_layers import layer_numbers
from spacy_ner_archs.torch_layers.transformer_encoder import TransformerEncoder

SIZES = {
    "vocab_size": 60,
    "hidden_size": 16,
    "num_hidden_layers": 3,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "max_position_embeddings": 40,
}
KINDS = {
    "bert": {},
    "roberta": {"pad_token_id": 1},
    "xlm-roberta": {"pad_token_id": 1},
    "camembert": {"pad_token_id": 1},
    "mpnet": {"pad_token_id": 1},
    "electra": {"embedding_size": 8},
    "albert": {"embedding_size": 8},
    "deberta-v2": {"relative_attention": True, "pos_att_type": ["p2c", "c2p"]},
    "modernbert": {"pad_token_id": 0, "global_attn_every_n_layers": 2},
    "xlm": {"emb_dim": 16, "n_layers": 3, "n_heads": 2, "pad_token_id": 0},
    "distilbert": {"dim": 16, "n_layers": 3, "n_heads": 2, "hidden_dim": 24},
}


def make(kind, **settings):
    torch.manual_seed(0)
    config = AutoConfig.for_model(kind, **{**SIZES, **KINDS[kind]})
    defaults = {
        "pad_id": config.pad_token_id,
        "max_padded": 100,
        "freeze_embeddings": False,
        "freeze_layers": 0,
        "learn_rate_factor": 1.0,
        "layer_decay": 1.0,
        "lora": None,
    }
    encoder = TransformerEncoder(config=config.to_dict(), **{**defaults, **settings})
    for weights in encoder.parameters():  # they aren't set where none are loaded
        torch.nn.init.normal_(weights, std=0.2)
    return encoder


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.mark.parametrize("max_padded", [1, 20, 1000])
def test_windows_come_in_their_order_whatever_the_batches(kind, max_padded):
    encoder = make(kind, max_padded=max_padded)
    windows = [torch.arange(5, 5 + length) for length in (4, 9, 1, 7, 9)]
    cores = [slice(1, 3), slice(0, 9), slice(0, 1), slice(2, 7), slice(4, 5)]
    with torch.no_grad():
        together = encoder(windows, cores)
        alone = [encoder([w], [c]) for w, c in zip(windows, cores, strict=True)]
    torch.testing.assert_close(together, torch.cat(alone), atol=1e-5, rtol=1e-4)


def test_layers_are_counted_from_the_embeddings_up(kind):
    encoder = make(kind)
    numbers = layer_numbers(encoder.encoder)
    n_layers = 1 if kind == "albert" else 3
    assert set(numbers.values()) == set(range(n_layers + 1))
    if kind != "xlm":  # its parameters aren't in the order of the layers
        assert list(numbers.values()) == sorted(numbers.values())
    (words,) = [
        name
        for name, weights in encoder.encoder.named_parameters()
        if weights is encoder.encoder.get_input_embeddings().weight
    ]
    assert numbers[words] == 0


def test_frozen_parts_get_no_gradient(kind):
    n_layers = 1 if kind == "albert" else 3
    encoder = make(kind, freeze_embeddings=True, freeze_layers=n_layers - 1)
    encoder([torch.arange(5, 12)], [slice(0, 7)]).pow(2).sum().backward()
    numbers = layer_numbers(encoder.encoder)
    got = {numbers[n] for n, p in encoder.encoder.named_parameters() if p.grad is not None}
    assert got == {n_layers}


def test_rates_fall_from_the_top_layer_down(kind):
    encoder = make(kind, learn_rate_factor=0.5, layer_decay=0.1)
    numbers = layer_numbers(encoder.encoder)
    n_layers = max(numbers.values())
    assert encoder.learn_rate_factors == {
        f"encoder.{name}": pytest.approx(0.5 * 0.1 ** (n_layers - layer))
        for name, layer in numbers.items()
    }


def test_state_goes_from_one_to_another(kind):
    encoder, other = make(kind), make(kind)
    with torch.no_grad():
        for weights in other.parameters():
            weights.zero_()
        other.load_state_dict(encoder.state_dict())
        windows, cores = [torch.arange(5, 12)], [slice(0, 7)]
        torch.testing.assert_close(other(windows, cores), encoder(windows, cores))


@pytest.mark.usefixtures("bfloat16")
def test_weights_in_bfloat16_give_vectors_that_are_near(kind):
    encoder = make(kind)
    windows, cores = [torch.arange(5, 12), torch.arange(5, 9)], [slice(0, 7), slice(1, 3)]
    with torch.no_grad():
        exact = encoder(windows, cores)
        with torch.autocast("cpu", torch.bfloat16):
            rounded = cast_copy(encoder)(windows, cores)
    assert rounded.dtype == torch.float32
    assert 0 < (rounded - exact).abs().mean() < 0.02 * exact.abs().mean()
