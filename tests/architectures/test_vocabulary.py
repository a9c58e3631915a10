"""What an embedding knows of the training data, and how it is stored."""

import copy
import pickle
import warnings

import pytest
import spacy
from spacy.tokens import Doc

from spacy_ner_archs.architectures.embeddings.char_cnn_embed import CharCNNEmbed
from spacy_ner_archs.architectures.embeddings.vocabulary import (
    Vocabulary,
    collect_vocab,
    has_trained_vocab,
)
from spacy_ner_archs.architectures.embeddings.word_embed import WordEmbed

VOCAB = spacy.blank("en").vocab
#: How it is made, the attribute with its keys, and all that are stored: pipelines have these names.
EMBEDS = {
    "words": (
        lambda: WordEmbed(4),
        "keys",
        {"width", "attr", "min_freq", "vectors", "keys", "counts", "is_sampled"}
        | {"vector_scale", "has_vectors"},
    ),
    "characters": (
        lambda: CharCNNEmbed(4, char_width=3, window_size=1),
        "chars",
        {"dropout_rate", "chars", "is_sampled"},
    ),
}


def docs_of(text):
    return [Doc(VOCAB, words=text.split())]


@pytest.fixture(params=EMBEDS)
def kind(request):
    return request.param


@pytest.fixture
def model(kind):
    model = EMBEDS[kind][0]()
    collect_vocab(model, docs_of("b a b a c"))
    model.initialize(X=docs_of("a"))
    return model


def vocabulary(model):
    (found,) = {id(v): v for v in model.attrs.values() if isinstance(v, Vocabulary)}.values()
    return found


def test_what_was_collected_holds_for_one_initialisation(model):
    assert len(vocabulary(model)) == 3
    assert not vocabulary(model).is_sampled
    collect_vocab(model, docs_of("d e"))
    assert len(vocabulary(model)) == 3  # until it is initialized again
    model.initialize(X=docs_of("a"))
    assert len(vocabulary(model)) == 2
    model.initialize(X=docs_of("a"))
    assert (len(vocabulary(model)), vocabulary(model).is_sampled) == (1, True)


def test_keys_ascend_and_values_have_their_rows(model):
    keys = vocabulary(model).keys
    assert (keys[1:] > keys[:-1]).all()
    assert vocabulary(model).rows(keys).tolist() == [0, 1, 2]
    assert vocabulary(model).rows(keys + 7).tolist() == [-1, -1, -1]


def test_words_are_counted():
    model = WordEmbed(4)
    collect_vocab(model, docs_of("b a b a b c"))
    model.initialize(X=docs_of("a"))
    words = [VOCAB.strings[key] for key in vocabulary(model).keys.tolist()]
    counts = vocabulary(model).counts.tolist()
    assert dict(zip(words, counts, strict=True)) == {"a": 2, "b": 3, "c": 1}


def test_the_names_that_are_stored(kind, model):
    _, keys, names = EMBEDS[kind]
    assert set(model.to_dict()["attrs"][0]) == names
    assert model.attrs[keys] is vocabulary(model)


@pytest.mark.parametrize(
    "twin_of",
    [
        lambda model, make: model.copy(),
        lambda model, make: copy.deepcopy(model),
        lambda model, make: pickle.loads(pickle.dumps(model)),
        lambda model, make: make().from_bytes(model.to_bytes()),
    ],
    ids=["copy", "deepcopy", "pickle", "bytes"],
)
def test_a_copy_has_its_own(kind, model, twin_of):
    twin = twin_of(model, EMBEDS[kind][0])
    assert vocabulary(twin) is not vocabulary(model)
    assert twin.to_bytes() == model.to_bytes()
    collect_vocab(twin, docs_of("d e"))
    twin.initialize(X=docs_of("a"))
    assert (len(vocabulary(twin)), len(vocabulary(model))) == (2, 3)


def test_training_says_that_it_is_a_sample_and_prediction_does_not(model):
    model.initialize(X=docs_of("a"))
    before = model.to_bytes()
    for loaded in (model, model.copy().from_bytes(before)):
        with pytest.warns(UserWarning, match="knows their vocabulary alone"):
            loaded.begin_update(docs_of("a b"))
        assert loaded.to_bytes() == before
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.predict(docs_of("a b"))


def test_a_vocabulary_with_trained_weights_is_known(kind, model):
    assert not has_trained_vocab(model)
    assert has_trained_vocab(EMBEDS[kind][0]().from_bytes(model.to_bytes()))


def test_before_the_initialisation_it_is_empty_and_may_have_been_stored_as_none(kind):
    make, keys, _ = EMBEDS[kind]
    message = make().to_dict()
    message["attrs"][0][keys] = b"\xc0"
    model = make().from_dict(message)
    assert len(vocabulary(model)) == 0
    model.initialize(X=docs_of("a"))
    assert len(vocabulary(model)) == 1
