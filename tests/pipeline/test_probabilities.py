"""The component's probabilities, against sums over all tag paths of short docs."""

import itertools

import numpy as np
import pytest
import spacy
from spacy.tokens import Doc, Span
from tagger_table import TAGGERS, make_nlp, train

from spacy_ner_archs.decoders.decoder import decoder_of
from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.thinc_layers.torch_shim import shim_of

MODELS = {
    "crf": TAGGERS["BiLSTMCRF.v1"],
    "softmax": TAGGERS["CNNBiLSTM.v1"],
    "ensemble": {
        "@architectures": "spacy-ner-archs.EnsembleTagger.v1",
        "*": {"one": TAGGERS["BiLSTMCRF.v1"], "other": TAGGERS["BiLSTMCRF.v1"]},
    },
}
TEXTS = ["Paris Hilton likes Paris", "New York", "x", "likes New York"]


@pytest.fixture(scope="module", params=MODELS.values(), ids=MODELS.keys())
def nlp(request):
    nlp, examples, optimizer = make_nlp(request.param)
    train(nlp, examples, optimizer, 8)  # little, so that nothing is certain
    return nlp


@pytest.fixture
def ner(nlp):
    ner = nlp.get_pipe("ner")
    yield ner
    ner.cfg.update(temperature=1.0, span_temperatures={})
    ner.threshold, ner.spans_key, ner.min_score = None, None, 0.01


@pytest.fixture
def docs(nlp):
    return [Doc(nlp.vocab, words=text.split()) for text in TEXTS]


def annotations_of(ner, doc, temperature=1.0):
    """All annotations of a doc, as tuples of (start, end, label), with their probabilities."""
    layer = ner.model.get_ref("decoder")
    emissions = ner.model.predict([doc])[0].astype(float) / temperature
    module = shim_of(layer).module
    weights = {name: p.detach().double().numpy() for name, p in module.named_parameters()}
    n_tags = emissions.shape[1]
    nothing = np.zeros((n_tags, n_tags))
    steps = weights.get("transitions", nothing) / temperature
    starts = weights.get("start_transitions", nothing[0]) / temperature
    ends = weights.get("end_transitions", nothing[0]) / temperature
    found = {}
    for spans in _spans_without_overlap(len(doc), ner.labels):
        tags = [0] * len(doc)
        for start, end, label in spans:
            tags[start:end] = biluo.span_tags(start, end, ner.labels.index(label))
        score = starts[tags[0]] + ends[tags[-1]] + sum(steps[i] for i in itertools.pairwise(tags))
        found[spans] = np.exp(score + sum(emissions[range(len(tags)), tags]))
    total = sum(found.values())
    return {spans: p / total for spans, p in found.items()}


def _spans_without_overlap(length, labels, start=0):
    if start >= length:
        yield ()
        return
    yield from _spans_without_overlap(length, labels, start + 1)
    for end in range(start + 1, length + 1):
        for label in labels:
            for others in _spans_without_overlap(length, labels, end):
                yield ((start, end, label), *others)


def all_spans(doc, labels):
    return [
        (start, end, label)
        for start in range(len(doc))
        for end in range(start + 1, len(doc) + 1)
        for label in labels
    ]


def probability_of(span, annotations):
    return sum(p for spans, p in annotations.items() if span in spans)


def predict_with(ner, doc, threshold):
    ner.threshold = threshold
    return ner.predict([doc])


def test_of_spans_and_tokens(ner, docs):
    spans = [all_spans(doc, ner.labels) for doc in docs]
    of_spans = ner.span_probabilities(docs, spans)
    of_tokens = ner.token_probabilities(docs)
    for doc, doc_spans, found, tokens in zip(docs, spans, of_spans, of_tokens, strict=True):
        annotations = annotations_of(ner, doc)
        expected = [probability_of(span, annotations) for span in doc_spans]
        np.testing.assert_allclose(found, expected, atol=2e-6)
        inside = np.zeros((len(doc), 1 + len(ner.labels)))
        for (start, end, label), p in zip(doc_spans, expected, strict=True):
            inside[start:end, 1 + ner.labels.index(label)] += p
        inside[:, 0] = 1 - inside.sum(1)
        np.testing.assert_allclose(tokens, inside, atol=2e-6)


def test_of_no_entity_in_a_place(ner, docs):
    places = [[(s, e) for s, e, _ in all_spans(doc, ner.labels[:1])] for doc in docs]
    for doc, asked, found in zip(
        docs, places, ner.outside_probabilities(docs, places), strict=True
    ):
        annotations = annotations_of(ner, doc)
        expected = [
            sum(
                p
                for spans, p in annotations.items()
                if not any(s < end and start < e for s, e, _ in spans)
            )
            for start, end in asked
        ]
        np.testing.assert_allclose(found, expected, atol=2e-6)


def test_entropy(ner, docs):
    expected = [-sum(p * np.log(p) for p in annotations_of(ner, doc).values() if p) for doc in docs]
    np.testing.assert_allclose(ner.entropy(docs), expected, atol=1e-5)


def test_n_best(ner, docs):
    for doc, found in zip(docs, ner.n_best(docs, 6), strict=True):
        expected = sorted(annotations_of(ner, doc).items(), key=lambda item: -item[1])[:6]
        assert len(found) == len(expected)
        for (entities, p), (spans, expected_p) in zip(found, expected, strict=True):
            assert p == pytest.approx(expected_p, abs=2e-6)
            assert tuple(e[:3] for e in entities) == spans
        of_spans = ner.span_probabilities([doc], [[e[:3] for e in found[0][0]]])[0]
        assert [e.score for e in found[0][0]] == pytest.approx(of_spans, abs=1e-6)


def test_candidates(ner, docs):
    for doc, found in zip(docs, ner.candidates(docs, 0.05), strict=True):
        annotations = annotations_of(ner, doc)
        expected = {s: probability_of(s, annotations) for s in all_spans(doc, ner.labels)}
        assert [e[:3] for e in found] == sorted(s for s, p in expected.items() if p >= 0.05)
        for entity in found:
            assert entity.score == pytest.approx(expected[entity[:3]], abs=2e-6)


def test_samples_are_as_frequent_as_they_are_probable(ner, docs):
    n = 4000
    drawn = ner.sample(docs, n, seed=1)
    assert drawn == ner.sample(docs, n, seed=1)
    assert drawn != ner.sample(docs, n, seed=2)
    for doc, samples in zip(docs, drawn, strict=True):
        found = [tuple(e[:3] for e in entities) for entities in samples]
        for spans, p in annotations_of(ner, doc).items():
            assert found.count(spans) / n == pytest.approx(
                p, abs=5 * np.sqrt(p * (1 - p) / n) + 1e-3
            )


def test_a_temperature_divides_all_potentials(ner, docs):
    ner.cfg["temperature"] = 2.0
    for doc, found in zip(docs, ner.n_best(docs, 3), strict=True):
        expected = sorted(annotations_of(ner, doc, 2.0).values(), reverse=True)[:3]
        assert [p for _, p in found] == pytest.approx(expected, abs=2e-6)


def test_span_temperatures_hold_for_every_score(ner, docs):
    label = ner.labels[0]
    spans = [[(0, 1, label)] for _ in docs]
    plain = ner.span_probabilities(docs, spans)
    ner.cfg["span_temperatures"] = {label: 2.0}
    for doc, before, after in zip(docs, plain, ner.span_probabilities(docs, spans), strict=True):
        odds = np.sqrt(before[0] / (1 - before[0]))
        assert after[0] == pytest.approx(odds / (1 + odds), rel=1e-4)
        scores = {e[:3]: e.score for e in ner.candidates([doc], 1e-4)[0]}
        if after[0] >= 1e-4:
            assert scores[0, 1, label] == pytest.approx(after[0], rel=1e-4)


def test_what_annotation_rules_out_has_no_probability(nlp, ner):
    label, other = ner.labels[:2]
    doc = Doc(nlp.vocab, words=["Paris", "Hilton", "likes", "Paris"], sent_starts=[1, 0, 1, 0])
    doc.set_ents([Span(doc, 0, 1, label=label)], blocked=[doc[1:2]], default="missing")
    asked = [(0, 1, label), (0, 1, other), (0, 2, label), (1, 2, other), (1, 3, other)]
    assert ner.span_probabilities([doc], [asked])[0].tolist() == pytest.approx([1, 0, 0, 0, 0])
    tokens = ner.token_probabilities([doc])[0]
    np.testing.assert_allclose(tokens[:2, :2], [[0, 1], [1, 0]], atol=1e-6)
    for entities, _ in ner.n_best([doc], 5)[0]:
        assert entities[0][:3] == (0, 1, label)
    for entities in ner.sample([doc], 20)[0]:
        assert entities[0][:3] == (0, 1, label)
    whole = Doc(nlp.vocab, words=["x"])
    whole.set_ents([Span(whole, 0, 1, label=label)])
    assert ner.entropy([whole])[0] == pytest.approx(0, abs=1e-6)


def test_what_a_tagger_has_predicted_is_no_annotation(nlp, ner, docs):
    before = ner.entropy(docs)
    predicted = list(nlp.pipe(docs))
    np.testing.assert_allclose(ner.entropy(predicted), before, atol=1e-6)
    for doc in predicted:
        scores = [ent._.ner_score for ent in doc.ents]
        assert ner.span_probabilities([doc], [doc.ents])[0] == pytest.approx(scores, abs=1e-6)


def test_docs_without_tokens(nlp, ner):
    docs = [Doc(nlp.vocab), Doc(nlp.vocab, words=["Paris"]), Doc(nlp.vocab)]
    assert [len(found) for found in ner.candidates(docs)][::2] == [0, 0]
    assert [p.shape for p in ner.span_probabilities(docs, [[], [(0, 1, "LOC")], []])] == [
        (0,),
        (1,),
        (0,),
    ]
    outside = ner.outside_probabilities(docs, [[], [(0, 1)], []])
    assert [p.shape for p in outside] == [(0,), (1,), (0,)]
    assert [len(p) for p in ner.outside_probabilities(docs, [[], [], []])] == [0, 0, 0]
    assert [p.shape for p in ner.token_probabilities(docs)] == [(0, 4), (1, 4), (0, 4)]
    assert ner.entropy(docs)[::2].tolist() == [0, 0]
    assert ner.n_best(docs, 2)[::2] == [[([], 1.0)], [([], 1.0)]]
    assert ner.sample(docs, 2)[::2] == [[[], []], [[], []]]
    assert ner.entropy([]).shape == (0,)


def test_one_token_has_as_many_annotations_as_labels_and_one(nlp, ner):
    found = ner.n_best([Doc(nlp.vocab, words=["Paris"])], 10)[0]
    assert len(found) == 1 + len(ner.labels)
    assert sum(p for _, p in found) == pytest.approx(1)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda ner, doc: ner.span_probabilities([doc], [[(1, 9, "LOC")]]), "no span from 1 to 9"),
        (lambda ner, doc: ner.span_probabilities([doc], [[(1, 1, "LOC")]]), "no span from 1 to 1"),
        (lambda ner, doc: ner.outside_probabilities([doc], [[(1, 9)]]), "no span from 1 to 9"),
        (lambda ner, doc: ner.n_best([doc], 0), "n must be at least 1"),
        (lambda ner, doc: ner.candidates([doc], 0.0), "min_score must be above 0"),
        (lambda ner, doc: predict_with(ner, doc, {"NOSUCH": 0.5}), "a number for NOSUCH, and the"),
    ],
)
def test_a_mistake_gets_one_line(ner, docs, ask, message):
    with pytest.raises(ValueError, match=message):
        ask(ner, docs[0])


def test_a_label_that_the_component_does_not_have_has_no_probability(ner, docs):
    assert ner.span_probabilities(docs[:1], [[(0, 1, "NOSUCH")]])[0].tolist() == [0]


# --- settings -----------------------------------------------------------------------------------


def test_a_threshold_takes_the_spans_that_are_more_probable(ner, docs):
    def found(threshold):
        ner.threshold = threshold
        return [[e[:3] for e in p.entities] for p in ner.predict(docs)]

    candidates = ner.candidates(docs, 1e-4)
    for threshold in (0.5, 0.9):
        expected = [[e[:3] for e in of_doc if e.score > threshold] for of_doc in candidates]
        assert found(threshold) == expected  # above .5 no two overlap
    n_found = [sum(map(len, found(threshold))) for threshold in (0.0, 0.02, 0.5, 1.0)]
    assert n_found == sorted(n_found, reverse=True)
    assert n_found[0] > n_found[-1] == 0
    only = ner.labels[0]
    for_one = found({only: 0.02, **dict.fromkeys(ner.labels[1:], 1.0)})
    assert {label for of_doc in for_one for _, _, label in of_doc} == {only}


def test_candidates_are_set_as_spans(nlp, ner, docs):
    ner.spans_key, ner.min_score = "sure", 0.05
    expected = ner.candidates(docs, 0.05)
    for doc, entities in zip(nlp.pipe(docs), expected, strict=True):
        group = doc.spans["sure"]
        assert [(s.start, s.end, s.label_) for s in group] == [e[:3] for e in entities]
        assert group.attrs["scores"].tolist() == pytest.approx([e.score for e in entities])
    empty = nlp(Doc(nlp.vocab))
    assert len(empty.spans["sure"]) == 0


@pytest.mark.parametrize(
    "settings", [{"threshold": 1.5}, {"threshold": {"LOC": -1}}, {"min_score": 0.0}]
)
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(ValueError, match="must be"):
        spacy.blank("en").add_pipe("ner_tagger", config={"model": MODELS["crf"], **settings})


def test_the_decoder_is_found_in_the_model(ner):
    assert decoder_of(ner.model).n_outputs(3) == 13
