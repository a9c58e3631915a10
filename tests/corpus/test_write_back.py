from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin, Span
from spacy.vocab import Vocab

from spacy_ner_archs.corpus.conll import read_conll
from spacy_ner_archs.corpus.docs import Docs, write_docs
from spacy_ner_archs.corpus.errors import ConversionError
from spacy_ner_archs.corpus.files import Lines
from spacy_ner_archs.corpus.layout import Columns
from spacy_ner_archs.corpus.retag import retag
from spacy_ner_archs.corpus.schemes import MISSING, SCHEMES, Entity, encode
from spacy_ner_archs.corpus.sentences import Sentences
from spacy_ner_archs.corpus.write import docs_to_conll, tags_of

VOCAB = Vocab()

# no ASCII space, tab or line end; anything else that Unicode calls white space is welcome
CHARACTERS = st.characters(exclude_characters=" \t\n\r\0\ufeff", exclude_categories=["Cs"])
WORDS = st.text(CHARACTERS, min_size=1, max_size=4) | st.sampled_from(
    ["#", "-", "a\u2028b", "\xa0"]
)


@st.composite
def sentences(draw, scheme, words=WORDS, labels=("A", "B", "work-of-art")):
    """Rows of a word and a tag, with adjacent entities and missing tags."""
    entities, missing, length = [], [], 0
    kinds = st.sampled_from([*labels, "O", MISSING])
    for kind, size in draw(st.lists(st.tuples(kinds, st.integers(1, 3)), min_size=1, max_size=5)):
        if kind == MISSING:
            missing += range(length, length + size)
        elif kind != "O":
            entities.append(Entity(length, length + size, kind))
        length += size
    tags = encode(entities, length, scheme)
    return [[draw(words), MISSING if i in missing else tag] for i, tag in enumerate(tags)]


def to_text(documents, separator):
    lines = []
    for document in documents:
        lines.append(separator.join(["-DOCSTART-", "O"]) + "\n\n")
        for sentence in document:
            lines += [separator.join(row) + "\n" for row in sentence] + ["\n"]
    return "".join(lines)


def to_docs(text, scheme, n_sents=0):
    lines = Lines("x", BytesIO(text.encode()), "utf-8")
    rows, _ = read_conll(lines, Columns(1, -1), comment_prefix=None)
    sentences = Sentences.of(rows, retag("x", rows, scheme, repair=False))
    file = BytesIO()
    write_docs(file, Docs.of(sentences, n_sents), str.lower)
    return list(DocBin().from_bytes(file.getvalue()).get_docs(VOCAB))


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_write_back_equals_the_file(scheme, data):
    document = st.lists(sentences(scheme), min_size=1, max_size=3)
    text = to_text(data.draw(st.lists(document, min_size=1, max_size=3)), " ")
    for n_sents in (0, 1, 2):  # to draw a text takes longer than all of it
        assert docs_to_conll(to_docs(text, scheme, n_sents), scheme) == text


@given(st.lists(sentences("iob2", st.just("New York"), ["x y", "x"]), min_size=1))
def test_write_back_with_spaces_inside(document):
    text = to_text([document], "\t")
    assert docs_to_conll(to_docs(text, "iob2"), "iob2") == text


@given(st.lists(sentences("iob1"), min_size=1), st.sampled_from(SCHEMES))
def test_any_scheme_reads_back_to_the_same_entities(document, scheme):
    docs = to_docs(to_text([document], " "), "iob1")
    again = to_docs(docs_to_conll(docs, scheme), scheme)
    assert [tags_of(doc) for doc in again] == [tags_of(doc) for doc in docs]


def test_entities_of_neighbouring_sentences_stay_apart_in_iob1():
    text = "a I-A\n\nb I-A\nc B-A\n\n"
    (doc,) = to_docs(text, "iob1")
    assert docs_to_conll([doc], "iob1") == text
    assert tags_of(doc, "iob1") == ["I-A", "B-A", "B-A"]


def test_parts_of_speech_come_back():
    text = "-DOCSTART- -X- O\n\nAnn NNP B-PER\nhm _ O\n\n"
    assert docs_to_conll(to_docs(text, "iob2")) == text


def test_tags_of_docs_that_were_annotated_otherwise():
    doc = Doc(VOCAB, words=["a", "b", "c", "d", "e"])
    assert tags_of(doc) == ["-"] * 5
    doc.set_ents([Span(doc, 0, 2, "X")], missing=[doc[4:5]], blocked=[doc[3:4]], default="outside")
    assert tags_of(doc, "biluo") == ["B-X", "L-X", "O", "O", "-"]
    assert tags_of(doc[1:], "biluo") == ["U-X", "O", "O", "-"]
    assert docs_to_conll([doc]) == "a B-X\nb I-X\nc O\nd O\ne -\n\n"


@pytest.mark.parametrize("word", [" ", "a\nb", "a\tb", "a\rb", "-DOCSTART-", "\ufeffa"])
def test_words_that_would_read_otherwise_are_refused(word):
    with pytest.raises(ConversionError) as caught:
        docs_to_conll([Doc(VOCAB, words=["x", word], ents=["O", "O"])])
    assert repr(word) in str(caught.value)


def test_an_entity_in_two_sentences_is_refused():
    doc = Doc(VOCAB, words=["a", "b"], sent_starts=[True, True], ents=["B-X", "I-X"])
    with pytest.raises(ConversionError, match="'b' starts a sentence inside an entity"):
        docs_to_conll([doc])
