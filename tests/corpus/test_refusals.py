"""What the readers refuse, and with which words."""

import pytest
from corpus_files import GMB, write
from hypothesis import given
from hypothesis import strategies as st

from spacy_ner_archs.corpus.convert import read_corpus
from spacy_ner_archs.corpus.errors import ConversionError, CorpusError
from spacy_ner_archs.corpus.layout import Columns
from spacy_ner_archs.corpus.schemes import convert_tags


@pytest.mark.parametrize("byte", [b"\xff", b"\x92"])
def test_what_is_neither_utf8_nor_latin1_is_refused(tmp_path, byte):
    path = write(
        tmp_path, GMB.encode() + "1,Ch\u2019eng,NNP,O\n".encode() + b",x" + byte + b",NNP,O\n"
    )
    with pytest.raises(CorpusError, match=r"is not utf-8.*--encoding"):
        read_corpus(path)


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        # columns
        ("Ann\n", 1, "columns: 1, but a word"),
        ("Ann NNP O\nsees O\n", 2, "columns: 2, but 3 in the lines before"),
        ("Ann O\nsees VBZ O\n", 2, "columns: 3"),
        ("Ann\tO\nsees\n", 2, "columns: 1"),
        ("Ann\tO\nsees O\n", 2, "columns: 1"),
        ("Ann\tNNP\tO\nsees\t\tO\n", 2, "column 2 is empty"),
        ("Ann\tO\n\tO\n", 2, "column 1 is empty"),
        ("Ann\tO\n \tO\n", 2, "column 1 is empty"),
        ("Ann\tO\nsees\t\n", 2, "column 2 is empty"),
        ("Ann O\n# id 7\n", 2, "--comment-prefix"),
        ("Ann NNP O\n# id 7\n", 2, "--comment-prefix"),
        ("#id\nAnn O\n", 1, "--comment-prefix"),
        ("# id 7\nAnn O\n", 1, "--comment-prefix"),
        # tags
        ("Ann X-PER\n", 1, "'X-PER' is not a tag"),
        ("Ann O\nsees B-\n", 2, "'B-' is not a tag"),
        ("Ann B\n", 1, "'B' is not a tag"),
        ("Ann PER\n", 1, "'PER' is not a tag"),
        ("Ann\tB-PER\u00a0\n", 1, "white space"),
        ("Ann B-PER\nsees O\nOslo I-LOC\n", 3, "fit no one scheme"),
        ("Ann U-PER\nOslo S-LOC\n", 2, "fit no one scheme"),
        ("Ann B-PER\nsees O\nOslo S-LOC\n", 1, "where BIOES has 'S-PER'"),
        ("Ann B-PER\nLee L-ORG\n", 1, "where BILUO has 'U-PER'"),
        # characters
        (b"Ann O\nMalm\xf6 O\n", 2, "byte 0xf6 at offset 10 is not utf-8"),
        (b"\xef\xbb\xbfAnn O\nMalm\xf6 O\n", 2, "byte 0xf6 at offset 13"),
        ("Ann O\n".encode("utf-16"), 1, "--encoding utf-16"),
        ("Ann O\n".encode("utf-16-le"), 1, "--encoding utf-16-le"),
        ("Ann O\rsees O\r", 1, "carriage return"),
        (GMB + "1,Ann,NNP,O\r,sees,VBZ,O\n", 2, r"end lines with \n or \r\n"),
        ("Ann O\n\ufeffsees O\n", 2, "byte order mark (U+FEFF)"),
        ("Ann O\n\ufeffsees O\n", 2, "remove the character, or add --repair"),
        ("Ann O\n" + "x" * 2_000_000, 2, "longer than a megabyte"),
        # nothing there
        ("", None, "no tokens"),
        (" \n\t\n\r\n", None, "no tokens"),
        ("-DOCSTART- -X- O O\n\n", None, "no tokens"),
        (GMB, None, "no tokens"),
        # CSV
        (GMB + "1,Ann,NNP,O\n,sees,O\n", 3, "columns: 3, but 4 in the header"),
        (GMB + "1,Ann,NNP,O\n,,VBZ,O\n", 3, "column 'word' is empty"),
        (GMB + "1,Ann,NNP,\n", 2, "column 'tag' is empty"),
        (GMB + ",Ann,NNP,O\n", 2, "no sentence label yet"),
        (GMB + "1,Ann,NNP,O\n2,sees,VBZ,O\n1,Oslo,NNP,O\n", 4, "a second sentence '1'"),
        (GMB + "1,Ann,NNP,O\n,sees,VBZ,O\n1,Oslo,NNP,O\n", 4, "a second sentence '1'"),
        (GMB + '1,Ann,NNP,O\n,",``,O\n,sees,VBZ,O\n', 3, "quotes"),
        (GMB + '1,Ann,NNP,O\n,",``,O\n,"sees",VBZ,O\n', 3, "quotes"),
        (GMB + '1,"Ann\nLee",NNP,O\n', 2, "a line break inside quotes"),
        (GMB + "1,Ann,NNP,GEO\n", 2, "'GEO' is not a tag"),
        ("Sentence #,POS,Tag\n1,NNP,O\n", 1, "no column 'word'"),
        ("Sentence #,Word,Tag,Tag\n1,Ann,O,O\n", 1, "two columns 'tag'"),
    ],
)
def test_malformed_text_is_refused(tmp_path, content, line, reason):
    path = write(tmp_path, content)
    with pytest.raises(CorpusError) as caught:
        read_corpus(path)
    assert (caught.value.path, caught.value.line) == (path, line)
    assert reason in caught.value.reason
    assert str(caught.value).startswith(f"{path}:{line}: " if line else f"{path}: ")
    assert len(str(caught.value).splitlines()) == 1


def test_contradictory_tags_name_both_lines(tmp_path):
    path = write(tmp_path, "Ann B-PER\nsees O\nOslo I-LOC\n")
    with pytest.raises(CorpusError) as caught:
        read_corpus(path)
    assert f"{path}:3: 'I-LOC'" in str(caught.value)
    assert f"'B-PER' at {path}:1" in str(caught.value)


def test_a_csv_with_another_header_is_refused(tmp_path):
    path = write(tmp_path, "id,token,label\n1,Ann,O\n", "x.csv")
    with pytest.raises(CorpusError, match=r"x\.csv:1: .*Sentence #,Word,POS,Tag"):
        read_corpus(path)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"columns": Columns(tag=3)}, "no --tag-column 3"),
        ({"columns": Columns(tag=-3)}, "no --tag-column -3"),
        ({"columns": Columns(tag=0)}, "no --tag-column 0"),
        ({"columns": Columns(pos=9)}, "no --pos-column 9"),
        ({"columns": Columns(word=2)}, "both the word and the tag"),
        ({"columns": Columns(pos=1)}, "can't be a part of speech as well"),
        ({"encoding": "punycode"}, "no such text encoding"),
        ({"encoding": "klingon"}, "no such text encoding"),
        ({"encoding": "hex"}, "no such text encoding"),
        ({"encoding": "ascii"}, "offset 4 is not ascii"),
        ({"encoding": "utf-16"}, "not start with BOM.*--encoding cp1252"),
        ({"format": "gmb"}, "no column 'sentence #'"),
        ({"format": "gmb", "columns": Columns(tag=2)}, "for CoNLL files only"),
        ({"scheme": "iob1"}, "where IOB1 has 'I-LOC'"),
        ({"scheme": "bioes"}, "where BIOES has 'S-LOC'"),
    ],
)
def test_options_that_do_not_fit_are_refused(tmp_path, options, reason):
    path = write(tmp_path, "Malmö B-LOC\n")
    with pytest.raises(ConversionError, match=reason):
        read_corpus(path, **options)


def test_repair_does_not_accept_what_is_no_tag(tmp_path):
    with pytest.raises(CorpusError, match="is not a tag"):
        read_corpus(write(tmp_path, "Ann PER\n"), repair=True)


WORDS_AND_TAGS = [b"Ann", b"#", b"O", b"B-X", b"I-X", b"E-X", b"-", b"-DOCSTART-", GMB.encode()]
SEPARATORS = [b" ", b"\t", b"\n", b"\n\n", b"\r\n", b"\r", b",", b'"']
ODDITIES = [b"\xef\xbb\xbf", b"\xff\xfe", b"\xe9", b"\0", b"\xc2\xa0"]
PIECES = st.sampled_from([*WORDS_AND_TAGS, *SEPARATORS, *ODDITIES])


@given(content=st.lists(PIECES, max_size=25).map(b"".join) | st.binary(), repair=st.booleans())
def test_any_bytes_are_read_or_refused(tmp_path_factory, content, repair):
    path = write(tmp_path_factory.getbasetemp(), content)
    refusal, sentences = "", []
    try:
        corpus = read_corpus(path, repair=repair)
        sentences = [corpus.sentences[i] for i in range(len(corpus.sentences))]
    except CorpusError as error:
        refusal = str(error)
    assert bool(refusal) != bool(sentences)
    assert "\n" not in refusal
    assert all(sentence and all(token.word for token in sentence) for sentence in sentences)
    for sentence in sentences:
        tags = [token.tag for token in sentence]
        assert convert_tags(tags, "iob2") == tags


@pytest.mark.parametrize(("name", "reason"), [("", "is a folder"), ("absent", "cannot be read")])
def test_paths_that_cannot_be_read(tmp_path, name, reason):
    with pytest.raises(CorpusError, match=reason):
        read_corpus(tmp_path / name)
