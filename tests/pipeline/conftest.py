import pytest
import spacy
from small_taggers import CRF, SOFTMAX
from tagger_table import TAGGERS, make_nlp, train

#: Three that have little in common, for what doesn't depend on a tagger's layers.
REPRESENTATIVES = {
    name: TAGGERS[name]
    for name in (
        "CharCNNBiLSTMCRF.v1",
        "softmax, MultiHashEmbed, deep BiLSTM",
        "TransformerCRF.v1, RoBERTa in windows",
    )
    if name in TAGGERS
}


@pytest.fixture(scope="module", params=REPRESENTATIVES.values(), ids=REPRESENTATIVES.keys())
def representative(request):
    return request.param


@pytest.fixture(scope="module", params=[CRF, SOFTMAX], ids=["crf", "softmax"])
def trained(request):
    """The config of a pipeline that has learned its examples, and its bytes."""
    nlp, examples, optimizer = make_nlp(request.param)
    train(nlp, examples, optimizer, 60)
    return nlp.config, nlp.to_bytes()


@pytest.fixture
def nlp(trained):
    """A new copy of that pipeline."""
    config, stored = trained
    return spacy.util.load_model_from_config(config).from_bytes(stored)
