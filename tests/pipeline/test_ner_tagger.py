"""The component's behaviour in a pipeline, on one small tagger."""

import numpy as np
import pytest
import spacy
from small_taggers import CRF, SOFTMAX, doc_of, fitted
from spacy.tokens import Doc, Span
from spacy.training import Example
from spacy.vocab import Vocab
from tagger_table import ents, make_examples, make_nlp, train
from thinc.api import Adam, fix_random_seed


def ruled(nlp, *patterns):
    """The pipeline with an entity ruler before the tagger."""
    nlp.add_pipe("entity_ruler", before="ner").add_patterns(
        [{"label": label, "pattern": pattern} for label, pattern in patterns]
    )
    return nlp


# --- what is set before -------------------------------------------------------------------------


def test_preset_entities_stay_and_the_others_are_found(nlp):
    doc = ruled(nlp, ("ORG", "Paris Hilton"))(doc_of(nlp, "Paris Hilton likes Paris very"))
    assert ents([doc]) == [[(0, 2, "ORG"), (3, 4, "LOC")]]


def test_a_preset_label_that_the_model_does_not_know_stays(nlp):
    doc = ruled(nlp, ("PRODUCT", "likes Paris"))(doc_of(nlp, "Paris Hilton likes Paris very"))
    assert (2, 4, "PRODUCT") in ents([doc])[0]
    assert nlp.get_pipe("ner").labels == ("LOC", "ORG", "PER")


def test_a_preset_entity_keeps_its_ids(nlp):
    doc = doc_of(nlp, "Paris Hilton likes Paris very")
    doc.set_ents([Span(doc, 0, 2, label="ORG", kb_id="Q47899", span_id="ph")], default="missing")
    first = nlp(doc).ents[0]
    assert (first.kb_id_, first.id_, first.label_) == ("Q47899", "ph", "ORG")


def test_neighbouring_preset_entities_are_not_merged(nlp):
    doc = doc_of(nlp, "New York Paris Hilton")
    doc.set_ents([Span(doc, 0, 1, label="LOC"), Span(doc, 1, 3, label="LOC")], default="missing")
    assert ents([nlp(doc)])[0][:2] == [(0, 1, "LOC"), (1, 3, "LOC")]


def test_blocked_tokens_are_in_no_entity_and_stay_blocked(nlp):
    text = "Ada Lovelace wrote to Charles Babbage from London ."
    assert len(nlp(doc_of(nlp, text)).ents) == 3
    doc = doc_of(nlp, text)
    doc.set_ents([], blocked=[doc[1:2], doc[7:8]], default="missing")
    doc = nlp(doc)
    assert all(doc[i].ent_type_ == "" and doc[i].ent_iob == 3 for i in (1, 7))
    assert (4, 6, "PER") in ents([doc])[0]
    assert doc[2].ent_iob == 2


def test_tokens_set_outside_are_free(nlp):
    doc = doc_of(nlp, "Paris Hilton likes Paris very")
    doc.set_ents([], default="outside")
    assert len(nlp(doc).ents) == 2


def test_no_entity_crosses_the_start_of_a_sentence(nlp):
    text = "writers met in New York ."
    assert (3, 5, "LOC") in ents([nlp(doc_of(nlp, text))])[0]
    doc = nlp(doc_of(nlp, text, sent_starts=[True, False, False, False, True, False]))
    assert all(not (start < 4 < end) for start, end, _ in ents([doc])[0])


def test_no_entity_begins_or_ends_in_white_space(nlp):
    for text in ("Paris \n likes Paris", "\n Paris \n", "New \n York Times writers", "\n"):
        doc = nlp(Doc(nlp.vocab, words=text.split(" ")))
        assert not any(ent[0].is_space or ent[-1].is_space for ent in doc.ents)


@pytest.mark.parametrize("seed", range(5))
def test_decoding_never_gives_a_forbidden_transition(seed):
    """Of networks that aren't trained, so that their tags are noise."""
    for model in (CRF, SOFTMAX):
        nlp, examples, _ = make_nlp(model, seed=seed)
        docs = [eg.predicted for eg in examples] * 3
        found = [prediction.entities for prediction in nlp.get_pipe("ner").predict(docs)]
        assert any(found)
        for doc, entities in zip(docs, found, strict=True):
            bounds = [bound for e in entities for bound in (e.start, e.end)]
            assert bounds == sorted(bounds)
            assert all(0 <= e.start < e.end <= len(doc) for e in entities)
        for doc in nlp.pipe(docs):
            assert len(doc.ents) == len({ent.start for ent in doc.ents})


# --- what it learns from ------------------------------------------------------------------------


@pytest.mark.parametrize("model", [CRF, SOFTMAX], ids=["crf", "softmax"])
def test_missing_annotation_teaches_nothing(model):
    vocab = spacy.blank("en").vocab
    known = Doc(vocab, words=["in", "Oslo", "now"], ents=["O", "B-LOC", "O"])
    partial = Doc(vocab, words=["by", "Ada", "now"], ents=["", "B-PER", "O"])
    missing = Doc(vocab, words=["at", "Lima", "too"])
    nlp = fitted(model, [known, partial, missing], ["LOC", "PER"])
    found = ents(nlp.pipe([Doc(vocab, words=[t.text for t in d]) for d in (known, partial)]))
    assert found[0] == [(1, 2, "LOC")]
    assert (1, 2, "PER") in found[1]
    pipe = nlp.get_pipe("ner")
    doc = Doc(vocab, words=["at", "Lima", "too"])
    scores = pipe.model.predict([doc])
    loss, d_scores = pipe.get_loss([Example(doc, missing)], scores)
    assert loss == pytest.approx(0, abs=1e-5)
    assert np.abs(d_scores[0]).max() < 1e-5


@pytest.mark.parametrize("model", [CRF, SOFTMAX], ids=["crf", "softmax"])
def test_known_wrong_entities_are_unlearned(model):
    nlp, examples, optimizer = make_nlp(model, incorrect_spans_key="wrong")
    train(nlp, examples, optimizer, 60)
    text = "Paris Hilton likes Paris very"
    assert ents([nlp(doc_of(nlp, text))]) == [[(0, 2, "PER"), (3, 4, "LOC")]]
    reference = doc_of(nlp, text)
    reference.spans["wrong"] = [
        Span(reference, 0, 2, label="PER"),
        Span(reference, 0, 2, label="PER"),
        Span(reference, 3, 4, label="LOC"),
        Span(reference, 2, 3, label="UNHEARD"),
    ]
    train(nlp, [Example(doc_of(nlp, text), reference)], Adam(0.01), 40)
    found = ents([nlp(doc_of(nlp, text))])[0]
    assert (0, 2, "PER") not in found
    assert (3, 4, "LOC") not in found


def test_an_entity_can_not_be_right_and_wrong():
    nlp, _, optimizer = make_nlp(CRF, incorrect_spans_key="wrong")
    reference = doc_of(nlp, "in Paris", ents=["O", "B-LOC"])
    reference.spans["wrong"] = [Span(reference, 1, 2, label="LOC")]
    with pytest.raises(ValueError, match="E868"):
        nlp.update([Example(doc_of(nlp, "in Paris"), reference)], sgd=optimizer)


def test_a_label_that_was_not_initialized_is_named():
    nlp, _, optimizer = make_nlp(CRF)
    example = Example.from_dict(nlp.make_doc("May 2020"), {"entities": [(0, 8, "DATE")]})
    with pytest.raises(ValueError, match=r"'ner' has no label DATE.*LOC, ORG, PER"):
        nlp.update([example], sgd=optimizer)


def test_another_tokenization_is_aligned():
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", name="ner", config={"model": CRF})
    words, split = ["the", "U.S.", "President", "!"], ["the", "U.S", ".", "President", "!"]
    reference = Doc(
        nlp.vocab,
        words=split,
        spaces=[True, False, True, False, False],
        ents=["O", "B-LOC", "I-LOC", "O", "O"],
    )
    predicted = Doc(nlp.vocab, words=words, spaces=[True, True, False, False])
    example = Example(predicted, reference)
    nlp.initialize(lambda: [example])
    train(nlp, [example], Adam(0.01), 60)
    assert ents([nlp(predicted.copy())]) == [[(1, 2, "LOC")]]


def test_labels_with_dashes_and_spaces():
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", name="ner", config={"model": CRF})
    text = "Moby Dick by Melville"
    entities = [(0, 9, "work-of-art"), (13, 21, "B-full name")]
    example = Example.from_dict(nlp.make_doc(text), {"entities": entities})
    nlp.initialize(lambda: [example])
    train(nlp, [example], Adam(0.01), 60)
    found = [(ent.start_char, ent.end_char, ent.label_) for ent in nlp(text).ents]
    assert found == entities
    assert nlp.get_pipe("ner").label_data == ("B-full name", "work-of-art")


# --- what spaCy does with it --------------------------------------------------------------------


def test_labels_can_be_given_to_initialize():
    nlp = spacy.blank("en")
    pipe = nlp.add_pipe("ner_tagger", config={"model": CRF})
    pipe.initialize(lambda: make_examples(nlp), nlp=nlp, labels=["PER", "DATE"])
    assert pipe.labels == ("PER", "DATE")
    with pytest.raises(ValueError, match="E187"):
        pipe.add_label(1)


def test_initialize_without_examples_says_what_to_give():
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", name="ner", config={"model": CRF}).add_label("PER")
    with pytest.raises(ValueError, match=r"'ner' takes its vocabulary.*nlp\.initialize\(lambda"):
        nlp.initialize()


def test_a_tagger_that_was_not_initialized_says_so():
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", name="ner", config={"model": CRF}).add_label("LOC")
    line = r"^\[E109\] Component 'ner'.* Call nlp\.initialize\(lambda: examples\)[^\n]+$"
    with pytest.raises(ValueError, match=line):
        nlp("Paris")
    with pytest.raises(ValueError, match=line):
        nlp.update(make_examples(nlp))


def test_entities_with_white_space_at_their_ends_are_told():
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", name="ner", config={"model": CRF})
    reference = doc_of(nlp, "in Oslo \n or Lima \n")
    bounds = [(1, 3), (4, 5), (5, 6)]
    reference.set_ents([Span(reference, start, end, label="LOC") for start, end in bounds])
    examples = [Example(reference.copy(), reference)]
    with pytest.warns(UserWarning, match="'ner' never predicts .* white space.* has 2 of them"):
        nlp.initialize(lambda: examples)


def test_entities_around_white_space_are_not(recwarn):
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", name="ner", config={"model": CRF})
    reference = doc_of(nlp, "in New \n York \n", ents=["O", "B-LOC", "I-LOC", "I-LOC", "O"])
    nlp.initialize(lambda: [Example(reference.copy(), reference)])
    assert not [warning for warning in recwarn if "white space" in str(warning.message)]


def test_one_failing_doc_does_not_lose_its_neighbours():
    nlp, _, _ = make_nlp(CRF)
    pipe = nlp.get_pipe("ner")
    docs = [doc_of(nlp, text) for text in ("a Paris", "b bad", "c Paris")]
    docs[1].user_data["fails"] = True
    predict = type(pipe.model).predict

    class Failing(type(pipe.model)):
        __slots__ = ()

        def predict(self, docs):
            if any("fails" in doc.user_data for doc in docs):
                raise RuntimeError("this doc fails")
            return predict(self, docs)

    pipe.model.__class__ = Failing
    failed = []
    pipe.set_error_handler(lambda name, proc, docs, error: failed.append((docs, str(error))))
    assert list(pipe.pipe(docs)) == [docs[0], docs[2]]
    assert failed == [([docs[1]], "this doc fails")]


def test_entities_that_cannot_be_set_go_to_the_error_handler():
    nlp, _, _ = make_nlp(CRF)
    pipe = nlp.get_pipe("ner")
    broken = doc_of(nlp, "a Paris")
    broken.from_array(["ENT_IOB", "ENT_TYPE"], np.array([[1, 0], [1, 0]], dtype=np.uint64))
    docs = [doc_of(nlp, "Paris"), broken, doc_of(nlp, "b Paris")]
    failed = []
    pipe.set_error_handler(lambda name, proc, docs, error: failed.append(docs))
    assert list(pipe.pipe(docs)) == [docs[0], docs[2]]
    assert failed == [[broken]]


def test_the_loss_of_nothing_is_nothing():
    nlp, _, _ = make_nlp(CRF)
    pipe = nlp.get_pipe("ner")
    assert pipe.get_loss([], []) == (0.0, [])
    empty = Example(Doc(nlp.vocab), Doc(nlp.vocab))
    emissions = pipe.model.predict([empty.predicted])
    assert pipe.get_loss([empty], emissions)[0] == 0.0


@pytest.mark.parametrize("model", [CRF, SOFTMAX], ids=["crf", "softmax"])
def test_docs_without_tokens_have_no_part_in_the_loss(model):
    nlp, examples, _ = make_nlp(model)
    pipe = nlp.get_pipe("ner")
    empty = Example(Doc(nlp.vocab), Doc(nlp.vocab))
    mixed = [empty, examples[0], empty, *examples[1:], empty]

    def loss_of(batch):
        return pipe.get_loss(batch, pipe.model.predict([eg.predicted for eg in batch]))

    (loss, d_scores), (same, d_mixed) = loss_of(examples), loss_of(mixed)
    assert loss == pytest.approx(same, rel=1e-6)
    assert [len(d) for d in d_mixed] == [len(eg.predicted) for eg in mixed]
    for one, other in zip(d_scores, (d for d in d_mixed if len(d)), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-6)


@pytest.mark.parametrize("model", [CRF, SOFTMAX], ids=["crf", "softmax"])
def test_the_gradient_is_that_of_the_loss_and_nothing_is_learned_from_it(model):
    nlp, examples, optimizer = make_nlp(model)
    twin, twins_examples, twins_optimizer = make_nlp(model)
    pipe = nlp.get_pipe("ner")
    scores = pipe.model.predict([eg.predicted for eg in examples])
    _, d_scores = pipe.get_loss(examples, scores)

    def moved(step):
        there = [s + step * d for s, d in zip(scores, d_scores, strict=True)]
        return pipe.get_loss(examples, there)[0]

    slope = sum(float((d * d).sum()) for d in d_scores)
    assert (moved(0.05) - moved(-0.05)) / 0.1 == pytest.approx(slope, rel=0.02)
    for pipeline, batch, sgd in (
        (nlp, examples, optimizer),
        (twin, twins_examples, twins_optimizer),
    ):
        fix_random_seed(0)
        pipeline.update(batch, sgd=sgd)
    assert twin.get_pipe("ner").model.to_bytes() == pipe.model.to_bytes()


@pytest.mark.parametrize("words", [["Paris", "now"], ["Par", "is", "now"]])
def test_a_reference_may_have_a_vocab_of_its_own(words):
    nlp, _, optimizer = make_nlp(CRF)
    spaces = [word != "Par" for word in words]
    predicted = Doc(nlp.vocab, words=["Paris", "now"], spaces=[True, False])

    def example(label):
        reference = Doc(Vocab(), words=words, spaces=spaces)
        reference.set_ents([Span(reference, 0, len(words) - 1, label=label)])
        return Example(predicted, reference)

    assert nlp.update([example("LOC")], sgd=optimizer)["ner"] > 0
    with pytest.raises(ValueError, match="'ner' has no label NEW"):
        nlp.update([example("NEW")], sgd=optimizer)


def test_the_scorer_is_the_one_of_ner(nlp):
    scores = nlp.evaluate(make_examples(nlp))
    assert scores["ents_f"] == 1.0
    assert scores["ents_per_type"]["PER"] == {"p": 1.0, "r": 1.0, "f": 1.0}


def test_an_annotating_tagger_is_seen_by_later_components(nlp):
    seen = []

    class Watcher:
        def update(self, examples, **kwargs):
            seen.extend(ents(eg.predicted for eg in examples))

        def __call__(self, doc):
            return doc

    spacy.Language.factory("watching", func=lambda nlp, name: Watcher())
    nlp.add_pipe("watching")
    examples = make_examples(nlp)
    nlp.update(examples, annotates=["ner"], exclude=["ner"])
    assert seen == ents(eg.reference for eg in examples)
