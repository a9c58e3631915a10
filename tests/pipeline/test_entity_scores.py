"""`ent._.ner_score`, and where it goes with its doc."""

import pickle
import subprocess
import sys

import pytest
import spacy
from spacy.tokens import Doc, DocBin, Span
from tagger_table import TAGGERS, make_nlp, train

WORDS = ["Paris", "Hilton", "likes", "Paris"]


@pytest.fixture(scope="module")
def nlp():
    nlp, examples, optimizer = make_nlp(TAGGERS["BiLSTMCRF.v1"])
    train(nlp, examples, optimizer, 60)
    return nlp


@pytest.fixture
def doc(nlp):
    doc = nlp(Doc(nlp.vocab, words=WORDS))
    assert len(doc.ents) > 1
    return doc


def scores_of(doc):
    return [(ent.start, ent.end, ent.label_, ent._.ner_score) for ent in doc.ents]


def test_every_entity_has_the_probability_of_its_span(nlp, doc):
    expected = nlp.get_pipe("ner").span_probabilities([doc], [doc.ents])[0]
    assert [ent._.ner_score for ent in doc.ents] == pytest.approx(expected.tolist())
    assert all(0 < score <= 1 for *_, score in scores_of(doc))


def through_docbin(nlp, doc):
    return next(iter(DocBin().from_bytes(DocBin(docs=[doc]).to_bytes()).get_docs(nlp.vocab)))


WAYS = {
    "bytes": lambda nlp, doc: Doc(nlp.vocab).from_bytes(doc.to_bytes()),
    "pickle": lambda nlp, doc: pickle.loads(pickle.dumps(doc)),
    "DocBin": through_docbin,
    "copy": lambda nlp, doc: doc.copy(),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
def test_scores_go_with_their_doc(nlp, doc, way):
    assert scores_of(way(nlp, doc)) == scores_of(doc)


def test_scores_are_there_in_a_memory_zone(nlp, doc):
    with nlp.memory_zone():
        there = scores_of(nlp(Doc(nlp.vocab, words=WORDS)))
    assert there == scores_of(doc)


def test_scores_come_back_from_other_processes(nlp, doc):
    docs = [Doc(nlp.vocab, words=WORDS) for _ in range(3)]
    for other in nlp.pipe(docs, n_process=2, batch_size=1):
        assert scores_of(other) == scores_of(doc)


def test_spans_that_no_tagger_has_set_have_none(nlp, doc):
    assert doc[1:3]._.ner_score is None
    first = doc.ents[0]
    assert Span(doc, first.start, first.end, label="OTHER")._.ner_score is None
    assert Doc(nlp.vocab, words=["Paris"])[0:1]._.ner_score is None


def test_preset_entities_have_none_and_earlier_predictions_keep_theirs(nlp, doc):
    before = scores_of(doc)
    assert scores_of(nlp(doc)) == before
    fresh = Doc(nlp.vocab, words=WORDS)
    fresh.set_ents([Span(fresh, 3, 4, label="LOC")], default="missing")
    found = {row[:3]: row[3] for row in scores_of(nlp(fresh))}
    assert found.pop((3, 4, "LOC")) is None
    assert found
    assert None not in found.values()


def test_removed_and_retokenized_entities_do_not_mix_scores_up(nlp, doc):
    text, expected = doc.ents[-1].text, doc.ents[-1]._.ner_score
    with doc.retokenize() as retokenizer:
        retokenizer.merge(doc[0:2])
    assert doc.to_json()["spans"] == {"ner_scores": []}
    doc.ents = [ent for ent in doc.ents if ent.text == text]
    assert [ent._.ner_score for ent in doc.ents] == [expected]


def test_a_doc_without_entities_gets_no_spans(nlp):
    doc = nlp(Doc(nlp.vocab, words=["very"]))
    assert not doc.ents
    assert not doc.spans


def test_an_extension_of_other_code_stays():
    code = (
        "import warnings; from spacy.tokens import Doc, Span; from spacy.vocab import Vocab\n"
        "Span.set_extension('ner_score', default='theirs')\n"
        "with warnings.catch_warnings(record=True) as caught:\n"
        "    warnings.simplefilter('always')\n"
        "    import spacy_ner_archs.pipeline.ner_tagger\n"
        "assert any('ner_scores' in str(w.message) for w in caught), caught\n"
        "assert Doc(Vocab(), words=['a'])[:]._.ner_score == 'theirs'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_settings_of_the_config_win_over_stored_ones(nlp, tmp_path):
    config = {"model": TAGGERS["BiLSTMCRF.v1"]}
    stored = spacy.blank("en")
    stored.add_pipe("ner_tagger", name="ner", config={**config, "incorrect_spans_key": "old"})
    stored.get_pipe("ner").from_bytes(nlp.get_pipe("ner").to_bytes())
    stored.to_disk(tmp_path)
    settings = {
        "threshold": 0.25,
        "spans_key": "sc",
        "min_score": 0.5,
        "incorrect_spans_key": "new",
    }
    loaded = spacy.load(tmp_path, config={"components": {"ner": settings}}).get_pipe("ner")
    assert {key: getattr(loaded, key) for key in settings} == settings
    assert loaded.cfg.keys() == {"labels", "temperature", "span_temperatures"}
