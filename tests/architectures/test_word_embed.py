import numpy as np
import pytest
import spacy
from spacy.tokens import Doc
from spacy.vectors import Vectors
from thinc.api import Adam, fix_random_seed

from spacy_ner_archs.architectures.embeddings.vocabulary import collect_vocab
from spacy_ner_archs.architectures.embeddings.word_embed import VECTOR_SPREAD, WordEmbed

WORDS = ["apple", "Berlin", "berlin", "cat"]


def vocab_with_vectors():
    nlp = spacy.blank("en")
    data = np.arange(12, dtype="f").reshape(4, 3) + 1
    nlp.vocab.vectors = Vectors(strings=nlp.vocab.strings, data=data, keys=WORDS)
    return nlp.vocab


def embed(vocab, words, **settings):
    """An embedding whose training data is these words."""
    fix_random_seed(0)
    model = WordEmbed(5, **settings)
    docs = [Doc(vocab, words=words)] if words else []
    collect_vocab(model, docs)
    model.initialize(X=docs)
    return model


def vectors(model, vocab, *words):
    return model.predict([Doc(vocab, words=list(words))])[0]


def scale_of(model):
    return np.float32(model.attrs["vector_scale"])


def update(model, vocab, *words, steps=1):
    """Move the vectors of these words."""
    optimizer = Adam(0.1)
    for _ in range(steps):
        Y, backprop = model.begin_update([Doc(vocab, words=list(words))])
        backprop([np.ones_like(y) for y in Y])
        model.finish_update(optimizer)


def test_words_have_rows_and_all_others_one():
    vocab = spacy.blank("en").vocab
    a, b, unknown, other = vectors(embed(vocab, ["a", "b"]), vocab, "a", "b", "c", "d")
    assert a.shape == (5,)
    assert not np.array_equal(a, b)
    assert np.array_equal(unknown, other)


def test_rare_words_have_no_row():
    model = embed(spacy.blank("en").vocab, ["a", "a", "b"], min_freq=2)
    assert len(model.attrs["keys"]) == 1


@pytest.mark.parametrize(
    ("attr", "same"), [("ORTH", False), ("LOWER", True), ("SHAPE", False), ("NORM", True)]
)
def test_an_attribute_decides_which_words_are_the_same(attr, same):
    vocab = spacy.blank("en").vocab
    one, other, alike = vectors(
        embed(vocab, ["Cat", "cat", "Dog"], attr=attr), vocab, "Cat", "cat", "Dog"
    )
    assert np.array_equal(one, other) == same
    assert np.array_equal(one, alike) == (attr == "SHAPE")


def test_the_table_starts_from_vectors_as_written_then_lower_cased():
    vocab = vocab_with_vectors()
    model = embed(vocab, ["Berlin", "Apple", "new"])
    assert model.get_dim("nO") == 3  # the vectors' width holds
    berlin, apple, _ = vectors(model, vocab, "Berlin", "Apple", "new")
    np.testing.assert_allclose(berlin, np.array([4, 5, 6]) * scale_of(model))
    np.testing.assert_allclose(apple, np.array([1, 2, 3]) * scale_of(model))


def test_vectors_are_scaled_to_one_spread():
    vocab = vocab_with_vectors()
    spread = {}
    for factor in (1, 100):
        vocab.vectors.data = vocab.vectors.data * factor
        model = embed(vocab, [*WORDS, "new", "other"])
        spread[factor] = vectors(model, vocab, *WORDS).std()
    assert spread[1] == pytest.approx(spread[100])
    assert spread[1] == pytest.approx(VECTOR_SPREAD)


def test_words_that_training_does_not_hold_have_their_vectors():
    vocab = vocab_with_vectors()
    model = embed(vocab, ["Berlin"])
    expected = np.array([[10, 11, 12]] * 2) * scale_of(model)
    np.testing.assert_allclose(vectors(model, vocab, "cat", "Cat"), expected)
    one, other = vectors(model, vocab, "unheard", "of")
    assert np.array_equal(one, other)


def test_trained_vectors_move_and_only_the_words_of_the_corpus():
    vocab = vocab_with_vectors()
    model = embed(vocab, ["Berlin", "Berlin"], unknown_rate=0.0)
    assert model.shims[0].module.weight.shape == (2, 3)
    before = vectors(model, vocab, "Berlin", "cat")
    update(model, vocab, "Berlin", "cat")
    after = vectors(model, vocab, "Berlin", "cat")
    np.testing.assert_allclose(after[0], before[0] - 0.1, atol=1e-4)
    assert np.array_equal(after[1], before[1])


def test_frozen_vectors_stay_and_words_without_one_are_trained():
    vocab = vocab_with_vectors()
    model = embed(vocab, ["Berlin", "new", "new"], vectors="frozen", unknown_rate=0.0)
    assert model.shims[0].module.weight.shape == (2, 3)
    before = vectors(model, vocab, "Berlin", "new")
    update(model, vocab, "Berlin", "new")
    after = vectors(model, vocab, "Berlin", "new")
    assert np.array_equal(before[0], after[0])
    np.testing.assert_allclose(after[1], before[1] - 0.1, atol=1e-4)


def test_unused_vectors_are_left_aside():
    vocab = vocab_with_vectors()
    model = embed(vocab, ["Berlin"], vectors="unused")
    assert vectors(model, vocab, "Berlin").shape == (1, 5)


def test_the_unknown_word_is_learned_from_rare_words():
    vocab = spacy.blank("en").vocab
    words = ["once", *["often"] * 1000]
    model = embed(vocab, words, unknown_rate=0.9)
    before = vectors(model, vocab, "unheard")
    update(model, vocab, "once", steps=5)
    assert not np.allclose(vectors(model, vocab, "unheard"), before)
    model = embed(vocab, words, unknown_rate=0.0)
    before = vectors(model, vocab, "unheard")
    update(model, vocab, "once", steps=5)
    assert np.array_equal(vectors(model, vocab, "unheard"), before)


def test_words_are_replaced_the_less_the_more_often_they_occur():
    vocab = spacy.blank("en").vocab
    model = embed(vocab, ["once", *["four"] * 4], unknown_rate=0.5)
    unknown, once, four = vectors(model, vocab, "unheard", "once", "four")
    doc = [Doc(vocab, words=["once", "four"])]
    drawn = np.array([model.begin_update(doc)[0][0] for _ in range(2000)])
    replaced = (drawn == unknown).all(2).mean(0)
    assert replaced[0] == pytest.approx(1 / 2, abs=0.05)
    assert replaced[1] == pytest.approx(1 / 5, abs=0.04)
    kept = drawn[~(drawn == unknown).all(2)[:, 1], 1]
    assert (kept == four).all()
    assert not np.array_equal(once, four)


def test_word_dropout_zeroes_words_in_training_only():
    vocab = spacy.blank("en").vocab
    model = embed(vocab, ["often"] * 4000, word_dropout=0.25)
    doc = [Doc(vocab, words=["often"] * 4000)]
    zeroed = (model.begin_update(doc)[0][0] == 0).all(1)
    assert zeroed.mean() == pytest.approx(0.25, abs=0.03)
    assert not (model.predict(doc)[0] == 0).any()


def test_frozen_vectors_must_be_there():
    with pytest.raises(ValueError, match="the pipeline has no word vectors"):
        embed(spacy.blank("en").vocab, ["a"], vectors="frozen")


def test_prediction_replaces_no_word():
    vocab = spacy.blank("en").vocab
    model = embed(vocab, ["once"], unknown_rate=0.9)
    docs = [Doc(vocab, words=["once", "unheard"])]
    runs = [model.predict(docs)[0] for _ in range(20)]
    assert all(np.array_equal(run, runs[0]) for run in runs)
    assert not np.array_equal(*runs[0])


def test_the_vectors_of_the_initialization_must_be_there():
    vocab = vocab_with_vectors()
    model = embed(vocab, ["Berlin"])
    wide = spacy.blank("en").vocab
    wide.vectors = Vectors(strings=wide.strings, data=np.ones((1, 7), dtype="f"), keys=["cat"])
    for other in (wide, spacy.blank("en").vocab):
        with pytest.raises(ValueError, match="initialized with word vectors of width 3"):
            vectors(model, other, "cat")


def test_vectors_that_come_after_the_initialization_change_nothing():
    vocab = spacy.blank("en").vocab
    model = embed(vocab, ["Berlin"])
    before = vectors(model, vocab, "cat")
    assert np.array_equal(vectors(model, vocab_with_vectors(), "cat"), before)


def test_only_words_have_vectors():
    vocab = vocab_with_vectors()
    assert vectors(embed(vocab, ["cat"], attr="SHAPE"), vocab, "cat").shape == (1, 5)
    assert vectors(embed(vocab, ["cat"], attr="NORM"), vocab, "cat").shape == (1, 3)


def test_a_second_initialization_takes_other_words():
    vocab = spacy.blank("en").vocab
    model = embed(vocab, ["a", "b"])
    model.initialize(X=[Doc(vocab, words=["c", "d", "e"])])
    assert len(model.attrs["keys"]) == 3
    assert vectors(model, vocab, "c", "a").shape == (2, 5)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"attr": "WORD"}, "attr must be one of ORTH, LOWER"),
        ({"vectors": "freeze"}, "vectors must be one of trained, frozen, unused"),
        ({"unknown_rate": 1.0}, "unknown_rate must be from 0 to below 1"),
    ],
)
def test_settings_are_checked(settings, message):
    with pytest.raises(ValueError, match=message):
        WordEmbed(5, **settings)


def test_floret_vectors_are_refused_in_one_line():
    vocab = spacy.blank("en").vocab
    vocab.vectors = Vectors(
        strings=vocab.strings,
        mode="floret",
        data=np.zeros((10, 3), dtype="f"),
        minn=2,
        maxn=3,
        hash_count=1,
    )
    with pytest.raises(ValueError, match='set vectors = "unused"'):
        embed(vocab, ["a"])


def test_a_rate_that_would_replace_every_word_is_refused():
    with pytest.raises(ValueError, match="from 0 to below 1"):
        WordEmbed(5, unknown_rate=1.0)
