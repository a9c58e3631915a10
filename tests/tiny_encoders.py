"""Random transformers of a few kilobytes, made on the spot."""

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import torch
from tokenizers import BertWordPieceTokenizer, ByteLevelBPETokenizer
from transformers import (
    BertConfig,
    BertModel,
    BertTokenizerFast,
    RobertaConfig,
    RobertaModel,
    RobertaTokenizerFast,
)

TEXTS = [
    "Ada Lovelace wrote to Charles Babbage from London.",
    "New York Times writers met in New York; nothing happened today.",
    "Paris Hilton likes Paris very much indeed",
]
SIZES = {
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 48,
    "max_position_embeddings": 66,
}


def make_bert(folder):
    """A BERT whose tokenizer splits most words into pieces."""
    tokenizer = BertWordPieceTokenizer(lowercase=False)
    tokenizer.train_from_iterator(TEXTS, vocab_size=90, min_frequency=1)
    tokenizer.save_model(str(folder))
    fast = BertTokenizerFast(str(folder / "vocab.txt"), do_lower_case=False, model_max_length=64)
    config = BertConfig(vocab_size=fast.vocab_size, **SIZES)
    return _save(folder, fast, BertModel(config, add_pooling_layer=False))


def make_roberta(folder):
    """A RoBERTa with a byte-level tokenizer."""
    tokenizer = ByteLevelBPETokenizer()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer.train_from_iterator(TEXTS, vocab_size=320, min_frequency=1, special_tokens=special)
    tokenizer.save_model(str(folder))
    fast = RobertaTokenizerFast(
        str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=64
    )
    config = RobertaConfig(vocab_size=fast.vocab_size, pad_token_id=1, **SIZES)
    return _save(folder, fast, RobertaModel(config, add_pooling_layer=False))


def _save(folder, tokenizer, model):
    torch.manual_seed(0)
    model.init_weights()
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder)
    return folder


ENCODERS = {"bert": make_bert, "roberta": make_roberta}


@cache
def tiny(kind):
    """Folder of an encoder that the whole run of tests shares."""
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return str(ENCODERS[kind](folder))
