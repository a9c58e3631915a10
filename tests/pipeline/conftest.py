import pytest
from tagger_table import TAGGERS

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
