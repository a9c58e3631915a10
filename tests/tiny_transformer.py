"""A TransformerModel on a tiny encoder: made, read and trained a step."""

import numpy as np
import spacy
import torch
from spacy.tokens import Doc
from thinc.api import Adam, fix_random_seed
from tiny_encoders import tiny

from spacy_ner_archs.architectures.transformers.transformer_model import TransformerModel
from spacy_ner_archs.thinc_layers.torch_shim import shim_of

VOCAB = spacy.blank("en").vocab
WORDS = ["Ada", "Lovelace", "wrote", "to", "Charles", "Babbage", "from", "London", "."]


def make(kind, **settings):
    fix_random_seed(0)
    model = TransformerModel(tiny(kind), **settings)
    model.initialize()
    return model


def doc_of(words):
    return Doc(VOCAB, words=words)


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


def moved(model, before):
    after = dict(shim_of(model).module.named_parameters())
    return {name for name, weights in before.items() if not torch.equal(weights, after[name])}


def snapshot(model):
    return {n: p.detach().clone() for n, p in shim_of(model).module.named_parameters()}
