import pytest
import spacy

from spacy_ner_archs.pipeline import memory
from tests.tiny_pipeline import TEXTS, tiny_pipeline


@pytest.fixture
def after_each_zone(monkeypatch):
    monkeypatch.setattr(memory, "NEW_WORDS", 0)


def read_words(nlp, start, stop):
    with memory.memory_zone(nlp):
        nlp.make_doc(" ".join(f"word{i}" for i in range(start, stop)))


def test_tables_of_the_vocabulary_stay_small(monkeypatch):
    nlp = spacy.blank("en")
    monkeypatch.setattr(memory, "NEW_WORDS", 3_000)
    for start in range(0, 50_000, 1_000):
        read_words(nlp, start, start + 1_000)
        assert len(nlp.vocab) <= 3_000 + len(nlp.vocab.strings)
    assert nlp.vocab.strings._map.capacity <= 2**14


def test_words_and_docs_from_before_a_zone_are_as_they_were(after_each_zone):
    nlp = spacy.blank("en")
    nlp.vocab.strings.add("kept")
    strings = set(nlp.vocab.strings)
    doc = nlp("Don't run in the Streets of 1999.")
    words, norms = [token.text for token in doc], [token.norm_ for token in doc]
    strings |= set(nlp.vocab.strings)
    for start in range(0, 6_000, 2_000):
        read_words(nlp, start, start + 2_000)
    assert len(nlp.vocab) < 2_000  # made anew
    assert set(nlp.vocab.strings) == strings
    assert [token.text for token in doc] == words
    again = nlp("Don't run in the Streets of 1999.")
    assert [token.norm_ for token in again] == norms
    assert [token.is_stop for token in again] == [token.is_stop for token in doc]


def test_norms_are_looked_up_once(after_each_zone):
    nlp = spacy.blank("en")
    nlp.vocab.lookups.add_table("lexeme_norm", {"colour": "color"})
    nlp.vocab.from_bytes(nlp.vocab.to_bytes())
    getters = dict(nlp.vocab.lex_attr_getters)
    read_words(nlp, 0, 2_000)
    assert len(nlp.vocab) == 0
    assert dict(nlp.vocab.lex_attr_getters) == getters
    assert nlp("colour")[0].norm_ == "color"


def test_entities_are_the_same(after_each_zone):
    nlp = tiny_pipeline()
    before = [[(ent.text, ent.label_) for ent in nlp(text).ents] for text in TEXTS]
    read_words(nlp, 0, 2_000)
    assert len(nlp.vocab) == 0
    assert [[(ent.text, ent.label_) for ent in nlp(text).ents] for text in TEXTS] == before
    assert any(before)
