"""What every tagger promises, whatever it is made of."""

import contextlib
import copy
import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc, Span
from spacy.training import Example
from tagger_table import emissions, ents, make_examples, make_nlp, train
from thinc.api import Adam, set_dropout_rate

CLOSE = {"atol": 1e-5, "rtol": 1e-5}


def docs_of(nlp):
    return [eg.predicted.copy() for eg in make_examples(nlp)]


def assert_same(one, other):
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a, b)


def test_it_overfits_a_few_sentences(model):
    nlp, examples, optimizer = make_nlp(model)
    losses = train(nlp, examples, optimizer, 120, drop=0.1)
    assert sum(losses[-20:]) / 20 < losses[0] / 4  # dropout makes single losses jump
    assert ents(nlp.pipe(docs_of(nlp))) == ents(eg.reference for eg in examples)


def test_copies_and_reloads_give_identical_emissions(trained, model, tmp_path):
    docs = docs_of(trained)
    expected = emissions(trained, docs)
    trained.to_disk(tmp_path)
    assert_same(emissions(spacy.load(tmp_path), docs), expected)
    fresh = spacy.blank("en")
    fresh.add_pipe("ner_tagger", name="ner", config={"model": model})
    assert_same(emissions(fresh.from_bytes(trained.to_bytes()), docs), expected)
    pipe = trained.get_pipe("ner")
    for twin in (
        pipe.model.copy(),
        copy.deepcopy(pipe.model),
        pickle.loads(pickle.dumps(pipe.model)),
        pickle.loads(pickle.dumps(trained)).get_pipe("ner").model,
    ):
        assert_same(twin.predict(docs), expected)


def test_bytes_are_the_same_every_time(trained):
    model = trained.get_pipe("ner").model
    assert model.to_bytes() == model.to_bytes()
    assert copy.deepcopy(model).to_bytes() == model.to_bytes()


def test_a_copy_trains_on_its_own(model):
    nlp, examples, optimizer = make_nlp(model)
    train(nlp, examples, optimizer, 2)
    docs = docs_of(nlp)
    twin = copy.deepcopy(nlp)
    before = emissions(twin, docs)
    own = {shim.id for node in nlp.get_pipe("ner").model.walk() for shim in node.shims}
    others = {shim.id for node in twin.get_pipe("ner").model.walk() for shim in node.shims}
    assert own.isdisjoint(others)
    train(nlp, examples, optimizer, 2)
    assert_same(emissions(twin, docs), before)


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


def test_averages_take_effect_and_are_undone(model):
    nlp, examples, _ = make_nlp(model)
    optimizer = Adam(0.01, use_averages=True)
    train(nlp, examples, optimizer, 6)
    docs = docs_of(nlp)
    own = emissions(nlp, docs)
    with nlp.use_params(optimizer.averages):
        averaged = emissions(nlp, docs)
        saved = nlp.to_bytes()
    assert_same(emissions(nlp, docs), own)
    for a, b in zip(averaged, own, strict=True):
        assert not np.allclose(a, b)
    fresh = spacy.blank("en")
    fresh.add_pipe("ner_tagger", name="ner", config={"model": model})
    assert_same(emissions(fresh.from_bytes(saved), docs), averaged)


def test_averages_are_undone_after_an_exception(model):
    nlp, examples, _ = make_nlp(model)
    optimizer = Adam(0.01, use_averages=True)
    train(nlp, examples, optimizer, 3)
    shims = [shim for node in nlp.get_pipe("ner").model.walk() for shim in node.shims]
    before = [shim.to_bytes() for shim in shims]
    with contextlib.suppress(KeyError), nlp.use_params(optimizer.averages):
        assert [shim.to_bytes() for shim in shims] != before
        raise KeyError
    assert [shim.to_bytes() for shim in shims] == before


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


def test_a_document_of_50000_tokens(trained):
    words = ["Paris", "Hilton", "likes", "New", "York", "."]
    doc = trained(Doc(trained.vocab, words=(words * 8334)[:50_000]))
    assert len(doc) == 50_000
    assert {token.ent_iob for token in doc} <= {1, 2, 3}


def test_without_labels_nothing_is_an_entity(model):
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", name="ner", config={"model": model})
    example = Example.from_dict(nlp.make_doc("a b"), {"entities": []})
    optimizer = nlp.initialize(lambda: [example])
    assert nlp.update([example], sgd=optimizer)["ner"] == pytest.approx(0, abs=1e-12)
    assert nlp("Paris is nice").ents == ()


def test_one_label(model):
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", name="ner", config={"model": model})
    example = Example.from_dict(nlp.make_doc("in Paris now"), {"entities": [(3, 8, "LOC")]})
    nlp.initialize(lambda: [example])
    optimizer = Adam(0.01)
    for _ in range(60):
        nlp.update([example], sgd=optimizer)
    assert ents([nlp("in Paris now")]) == [[(1, 2, "LOC")]]


def test_a_label_added_after_training_changes_no_prediction_and_is_learned(model):
    nlp, examples, optimizer = make_nlp(model)
    train(nlp, examples, optimizer, 60)
    tagger, docs = nlp.get_pipe("ner"), docs_of(nlp)
    before = emissions(nlp, docs)
    entities = ents(nlp.pipe(docs_of(nlp)))
    assert tagger.add_label("DATE") == 1
    assert tagger.add_label("DATE") == 0
    assert tagger.labels == ("LOC", "ORG", "PER", "DATE")
    assert_same([sequence[:, :13] for sequence in emissions(nlp, docs)], before)
    assert ents(nlp.pipe(docs_of(nlp))) == entities
    reference = examples[1].reference
    reference.set_ents([Span(reference, 2, 3, label="DATE")])
    train(nlp, examples, optimizer, 150)
    assert ents(nlp.pipe(docs_of(nlp))) == ents(eg.reference for eg in examples)


def test_threads_agree(trained):
    texts = [eg.text for eg in docs_of(trained)] * 4
    expected = ents(trained.pipe(texts))
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: ents(trained.pipe(texts)), range(16)))
    assert all(result == expected for result in results)


def test_processes_agree(trained):
    texts = [eg.text for eg in docs_of(trained)] * 4
    expected = ents(trained.pipe(texts))  # warms the parent up: torch has run its threads
    assert ents(trained.pipe(texts, n_process=2, batch_size=5)) == expected
