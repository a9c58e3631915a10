"""What every tagger promises, whatever it is made of."""

import copy

import numpy as np
import pytest
import spacy
from learning import learn
from spacy.tokens import Doc, Span
from spacy.training import Example
from tagger_table import TAGGERS, emissions, ents, make_examples, make_nlp, train
from thinc.api import Adam, set_dropout_rate

CLOSE = {"atol": 1e-5, "rtol": 1e-5}


def docs_of(nlp):
    return [eg.predicted.copy() for eg in make_examples(nlp)]


def assert_same(one, other):
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.fixture(scope="module", params=TAGGERS.values(), ids=TAGGERS.keys())
def model(request):
    return request.param


@pytest.fixture(scope="module")
def learned(model):
    """A pipeline that has learned its examples, and the losses. Tests leave it as it is."""
    nlp, examples, optimizer = make_nlp(model)
    losses = learn(nlp, examples, optimizer, drop=0.1)
    return nlp, losses


@pytest.fixture
def trained(learned):
    return learned[0]


def test_it_overfits_a_few_sentences(learned):
    nlp, losses = learned
    assert sum(losses[-5:]) / 5 < losses[0] / 4  # dropout makes single losses jump
    examples = make_examples(nlp)
    assert ents(nlp.pipe(docs_of(nlp))) == ents(eg.reference for eg in examples)


def test_reloads_give_identical_emissions(trained, model, tmp_path):
    docs = docs_of(trained)
    expected = emissions(trained, docs)
    trained.to_disk(tmp_path)
    assert_same(emissions(spacy.load(tmp_path), docs), expected)
    fresh = spacy.blank("en")
    fresh.add_pipe("ner_tagger", name="ner", config={"model": model})
    assert_same(emissions(fresh.from_bytes(trained.to_bytes()), docs), expected)


def test_bytes_are_the_same_every_time(trained):
    model = trained.get_pipe("ner").model
    assert model.to_bytes() == model.to_bytes()
    assert copy.deepcopy(model).to_bytes() == model.to_bytes()


def test_alone_is_batched_is_shuffled(trained):
    docs = docs_of(trained)
    expected = emissions(trained, docs)
    for order in ([4, 2, 0, 1, 3], [1, 0, 3, 2, 4]):
        for size in (1, 2, 3, 5):
            batches = [order[i : i + size] for i in range(0, len(order), size)]
            for batch in batches:
                got = emissions(trained, [docs[i] for i in batch])
                for i, sequence in zip(batch, got, strict=True):
                    np.testing.assert_allclose(sequence, expected[i], **CLOSE)


def test_a_seed_decides_everything(model):
    runs = []
    for seed in (3, 3, 4):
        nlp, examples, optimizer = make_nlp(model, seed=seed)
        train(nlp, examples, optimizer, 3, drop=0.3)
        runs.append(emissions(nlp, docs_of(nlp)))
    assert_same(runs[0], runs[1])
    assert any(not np.array_equal(a, b) for a, b in zip(runs[0], runs[2], strict=True))


def test_dropout_reaches_the_network_and_none_is_evaluation(model):
    nlp, _, _ = make_nlp(_without_unknown_words(model))
    tagger, docs = nlp.get_pipe("ner").model, docs_of(nlp)
    expected = tagger.predict(docs)
    set_dropout_rate(tagger, 0.0)
    for a, b in zip(tagger.begin_update(docs)[0], expected, strict=True):
        np.testing.assert_allclose(a, b, **CLOSE)
    set_dropout_rate(tagger, 0.5)
    assert any(
        not np.allclose(a, b) for a, b in zip(tagger.begin_update(docs)[0], expected, strict=True)
    )
    assert_same(tagger.predict(docs), expected)


def _without_unknown_words(model):
    """The same model, but no word is replaced by the unknown word in training."""
    if isinstance(model, list):
        return [_without_unknown_words(part) for part in model]
    if not isinstance(model, dict):
        return model
    model = {key: _without_unknown_words(value) for key, value in model.items()}
    if "WordEmbed" in model.get("@architectures", ""):
        model["unknown_rate"] = 0.0
    if "word_width" in model:  # a whole tagger: spell it out
        pytest.skip("a whole tagger has no argument for unknown words; its parts are tested")
    return model


ODD = {
    "empty": [],
    "white space": ["\n", " ", "\t"],
    "emoji": ["👩‍👩‍👧", "🇩🇪", "é", "\u200b"],
    "long": ["x" * 500, "Paris"],
}


def test_odd_docs_go_through(trained):
    docs = [Doc(trained.vocab, words=words) for words in ODD.values()]
    assert emissions(trained, []) == []
    assert list(trained.pipe([])) == []
    sizes = [len(doc) for doc in trained.pipe(docs)]
    assert sizes == [len(words) for words in ODD.values()]
    for doc in [*docs, docs[0]]:
        alone = trained(Doc(trained.vocab, words=[token.text for token in doc]))
        assert all(token.ent_iob for token in alone)
        assert [sequence.shape[0] for sequence in emissions(trained, [doc])] == [len(doc)]
    assert trained.get_pipe("ner").predict([docs[0]])[0].entities == []


def test_odd_docs_train(model):
    nlp, examples, optimizer = make_nlp(model)
    odd = [
        Example(Doc(nlp.vocab, words=words), Doc(nlp.vocab, words=words, ents=["O"] * len(words)))
        for words in ODD.values()
    ]
    losses = nlp.update([*odd, *examples], sgd=optimizer)
    assert np.isfinite(losses["ner"])
    assert nlp.update([odd[0]], sgd=optimizer)["ner"] == 0
    assert all(np.isfinite(sequence).all() for sequence in emissions(nlp, docs_of(nlp)))


def test_a_label_added_after_training_changes_no_prediction_and_is_learned(trained):
    nlp = copy.deepcopy(trained)
    tagger, docs, examples = nlp.get_pipe("ner"), docs_of(nlp), make_examples(nlp)
    before = emissions(nlp, docs)
    entities = ents(nlp.pipe(docs_of(nlp)))
    assert tagger.add_label("DATE") == 1
    assert tagger.add_label("DATE") == 0
    assert tagger.labels == ("LOC", "ORG", "PER", "DATE")
    assert_same([sequence[:, :13] for sequence in emissions(nlp, docs)], before)
    assert ents(nlp.pipe(docs_of(nlp))) == entities
    reference = examples[1].reference
    reference.set_ents([Span(reference, 2, 3, label="DATE")])
    learn(nlp, examples, Adam(0.01))
    assert ents(nlp.pipe(docs_of(nlp))) == ents(eg.reference for eg in examples)
