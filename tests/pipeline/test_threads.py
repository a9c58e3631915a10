"""Small taggers compute in one torch thread, and leave their caller as many as it has."""

import numpy as np
import pytest
import torch
from tagger_table import TAGGERS, emissions, ents, make_nlp, train
from torch_threads import watch_threads

pytestmark = pytest.mark.usefixtures("two_threads")


@pytest.mark.parametrize("name", ["CharCNNBiLSTMCRF.v1", "crf, char-LSTM and words, ID-CNN"])
def test_all_layers_have_one_torch_thread_and_the_caller_two(name):
    nlp, examples, optimizer = make_nlp(TAGGERS[name])
    seen = watch_threads(nlp.get_pipe("ner").model)
    train(nlp, examples, optimizer, 2)
    list(nlp.pipe(eg.predicted.copy() for eg in examples))
    assert len(seen) >= 4
    assert set().union(*seen.values()) == {1}
    assert torch.get_num_threads() == 2


def test_entities_and_weights_are_those_of_one_thread():
    found = []
    for n_threads in (1, 2):
        torch.set_num_threads(n_threads)
        nlp, examples, optimizer = make_nlp(TAGGERS["CharCNNBiLSTMCRF.v1"])
        losses = train(nlp, examples, optimizer, 5)
        docs = [eg.predicted for eg in examples] * 40  # more than one batch
        found.append((losses, emissions(nlp, docs), ents(nlp.pipe(doc.copy() for doc in docs))))
    (losses, scores, entities), (others_losses, others_scores, others_entities) = found
    np.testing.assert_allclose(losses, others_losses, rtol=1e-4)
    for ours, others in zip(scores, others_scores, strict=True):
        np.testing.assert_allclose(ours, others, atol=1e-3)
    assert entities == others_entities
