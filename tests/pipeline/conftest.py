import pytest
from tagger_table import TAGGERS, make_nlp, train


@pytest.fixture(params=TAGGERS.values(), ids=TAGGERS.keys())
def model(request):
    return request.param


@pytest.fixture
def trained(model):
    nlp, examples, optimizer = make_nlp(model)
    train(nlp, examples, optimizer, 5)
    return nlp
