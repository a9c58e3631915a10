import pytest
from corpus_files import GMB, rows, words, write

from spacy_ner_archs.corpus.convert import read_corpus
from spacy_ner_archs.corpus.layout import Columns

ANN_SEES_OSLO = [[[("Ann", "", "B-PER"), ("sees", "", "O")], [("Oslo", "", "B-LOC")]]]


@pytest.mark.parametrize(
    "text",
    [
        "Ann B-PER\nsees O\n\nOslo B-LOC\n",
        "Ann B-PER\nsees O\n\nOslo B-LOC",
        "Ann\tB-PER\nsees\tO\n\nOslo\tB-LOC\n\n\n",
        "Ann   B-PER  \n sees O\n\nOslo B-LOC\n",
        "Ann B-PER\r\nsees O\r\n\r\nOslo B-LOC\r\n",
        "\ufeffAnn B-PER\nsees O\n\nOslo B-LOC\n",
        "\n\nAnn B-PER\nsees O\n \t \nOslo B-LOC\n",
        "Ann\tB-PER \nsees\tO\n\t\nOslo\tB-LOC\n",
        "Ann S-PER\nsees O\n\nOslo S-LOC\n",
        "Ann U-PER\nsees O\n\nOslo U-LOC\n",
        "Ann I-PER\nsees O\n\nOslo I-LOC\n",
        "Sentence #,Word,Tag\n1,Ann,B-PER\n,sees,O\n2,Oslo,B-LOC\n",
    ],
)
def test_layouts_of_one_text(tmp_path, text):
    assert rows(read_corpus(write(tmp_path, text))) == ANN_SEES_OSLO


@pytest.mark.parametrize(
    "line",
    [
        "-DOCSTART- -X- O O",
        "-DOCSTART- -X- -X- O",
        "-DOCSTART- O",
        "-DOCSTART-",
        "-DOCSTART- (1 Oslo)",
        "-DOCSTART-\t-X-\tO",
        " -DOCSTART- ",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_document_lines_separate_and_are_never_tokens(tmp_path, line, gap):
    text = f"{line}{gap}Ann O{gap}{line}{gap}{line}{gap}sees O\n\nOslo O"
    corpus = read_corpus(write(tmp_path, text))
    assert words(corpus) == [[["Ann"]], [["sees"], ["Oslo"]]]
    assert list(corpus.sentences.documents) == [1, 3, 3]


def test_sentences_before_the_first_document_line_are_a_document(tmp_path):
    corpus = read_corpus(write(tmp_path, "Ann O\n\n-DOCSTART- O\n\nOslo O\n"))
    assert list(corpus.sentences.documents) == [0, 1]
    assert words(corpus) == [[["Ann"]], [["Oslo"]]]


@pytest.mark.parametrize("odd", ["\u00a0", "\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x85"])
def test_only_ascii_space_tab_and_newline_separate(tmp_path, odd):
    text = f"New{odd}York NNP B-LOC\n{odd} : O\nx{odd} NN O\n"
    corpus = read_corpus(write(tmp_path, text))
    assert words(corpus) == [[[f"New{odd}York", odd, f"x{odd}"]]]
    assert [token.tag for token in corpus.sentences[0]] == ["B-LOC", "O", "O"]


def test_words_and_labels_with_spaces_in_tab_files(tmp_path):
    corpus = read_corpus(write(tmp_path, "New York\tB-big city\nhums\tO\n"))
    assert rows(corpus) == [[[("New York", "", "B-big city"), ("hums", "", "O")]]]


def test_a_hash_is_a_word(tmp_path):
    corpus = read_corpus(write(tmp_path, "# # O\n1 CD O\n"))
    assert words(corpus) == [[["#", "1"]]]


def test_comment_lines_are_skipped_on_request(tmp_path):
    path = write(tmp_path, "# id 7\nAnn O\n# more\nsees O\n\nOslo O\n")
    assert words(read_corpus(path, comment_prefix="#")) == [[["Ann", "sees"], ["Oslo"]]]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (Columns(tag=-1), ("1", "Ann", "B-ORG")),
        (Columns(word=2, tag=4), ("Ann", "", "B-ORG")),
        (Columns(word=2, tag=3), ("Ann", "", "B-PER")),
        (Columns(word=2, tag=-2, pos=1), ("Ann", "1", "B-PER")),
        (Columns(word=-3, tag=-1, pos=0), ("Ann", "", "B-ORG")),
    ],
)
def test_columns(tmp_path, columns, expected):
    path = write(tmp_path, "1 Ann B-PER B-ORG\n")
    assert rows(read_corpus(path, columns=columns)) == [[[expected]]]


def test_document_lines_are_seen_in_the_word_column(tmp_path):
    path = write(tmp_path, "1 -DOCSTART- O\n\n1 Ann O\n\n1 -DOCSTART- O\n\n1 Oslo O\n")
    corpus = read_corpus(path, columns=Columns(word=2))
    assert words(corpus) == [[["Ann"]], [["Oslo"]]]
    assert corpus.sentences.marked


def test_an_underscore_is_no_part_of_speech(tmp_path):
    assert rows(read_corpus(write(tmp_path, "Ann _ O\n"))) == [[[("Ann", "", "O")]]]


def test_a_dash_tag_stays_missing(tmp_path):
    corpus = read_corpus(write(tmp_path, "Ann -\nsees O\nOslo B-LOC\n"))
    assert [token.tag for token in corpus.sentences[0]] == ["-", "O", "B-LOC"]


@pytest.mark.parametrize(
    "body",
    [
        "Sentence: 1,Ann,NNP,B-PER\n,sees,VBZ,O\nSentence: 2,Oslo,NNP,B-LOC\n",
        "Sentence: 1,Ann,NNP,B-PER\nSentence: 1,sees,VBZ,O\nSentence: 2,Oslo,NNP,B-LOC\n",
        'Sentence: 1,"Ann","NNP",B-PER\r\n,sees,VBZ,O\r\n\r\n"Sentence: 2",Oslo,NNP,B-LOC',
    ],
)
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_gmb_layouts(tmp_path, body, start):
    corpus = read_corpus(write(tmp_path, start + GMB + body))
    assert corpus.format == "gmb"
    assert rows(corpus) == [
        [[("Ann", "NNP", "B-PER"), ("sees", "VBZ", "O")], [("Oslo", "NNP", "B-LOC")]]
    ]


def test_gmb_columns_are_found_by_name(tmp_path):
    text = 'x,Tag,"Word","Sentence #"\n9,O,",",1\n9,O,"""",\n'
    assert words(read_corpus(write(tmp_path, text, "x.csv"))) == [[[",", '"']]]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [("1,Malmö,NNP,O".encode(), "utf-8-sig"), ("1,Malmö,NNP,O".encode("latin-1"), "latin-1")],
)
def test_gmb_encoding_is_found(tmp_path, data, encoding):
    corpus = read_corpus(write(tmp_path, GMB.encode() + data))
    assert (words(corpus), corpus.encoding) == ([[["Malmö"]]], encoding)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8", "cp1252"])
@pytest.mark.parametrize("text", ["Malmö B-LOC\n", GMB + "1,Malmö,NNP,B-LOC\n"])
def test_encoding_option(tmp_path, encoding, text):
    corpus = read_corpus(write(tmp_path, text.encode(encoding)), encoding=encoding)
    assert words(corpus) == [[["Malmö"]]]


@pytest.mark.parametrize(
    "text",
    [
        "Ann B-PER\nsees O\n\n\ufeffOslo B-LOC\n",
        "Ann B-PER\n\ufeffsees O\n\ufeff\nOslo B-LOC\n",
    ],
)
def test_repair_takes_byte_order_marks_away(tmp_path, text):
    corpus = read_corpus(write(tmp_path, text), repair=True)
    assert rows(corpus) == ANN_SEES_OSLO
    assert corpus.marks == text.count("\ufeff")


@pytest.mark.parametrize(
    ("text", "scheme", "tags", "repaired"),
    [
        ("a B-X\nb O\nc I-Y\nd I-Y\n", None, ["B-X", "O", "B-Y", "I-Y"], 1),
        ("a B-X\nb O\nc I-Y\nd I-Z\n", "iob2", ["B-X", "O", "B-Y", "B-Z"], 2),
        ("a B-X\nb O\nc I-Y\nd B-Y\n", "iob1", ["B-X", "O", "B-Y", "B-Y"], 1),
        ("a B-X\nb O\nc S-Y\nd E-Y\n", None, ["B-X", "O", "B-Y", "B-Y"], 2),
        ("a S-X\nb U-X\n", None, ["B-X", "B-X"], 1),
        ("a B-X\nb I-X\n", None, ["B-X", "I-X"], 0),
        ("a B-X\nb L-X\n", "iob2", ["B-X", "I-X"], 1),
    ],
)
def test_repair_reads_as_conlleval_and_counts(tmp_path, text, scheme, tags, repaired):
    corpus = read_corpus(write(tmp_path, text), scheme=scheme, repair=True)
    assert [token.tag for token in corpus.sentences[0]] == tags
    assert corpus.sentences.tags.repaired == repaired
