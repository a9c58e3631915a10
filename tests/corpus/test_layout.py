"""Which columns are read, and what is asked for where that isn't plain."""

import pytest
from corpus_files import rows, words, write

from spacy_ner_archs.corpus.convert import read_corpus
from spacy_ner_archs.corpus.errors import CorpusError
from spacy_ner_archs.corpus.layout import Columns

GERMEVAL = """#\thttp://example.org/a [2009-10-17]
1\tGleich\tO\tO
2\tSiemens\tB-ORG\tO
3\tOslo\tI-ORG\tB-LOC

#\thttp://example.org/b [2009-10-17]
1\tMaria\tB-PER\tO
"""

UNIVERSAL_NER = """# sent_id = a
# text = Maria can't
1\tMaria\tB-PER\t-\t_
2-3\tcan't\tO\t-\t_
2\tca\tO\t-\t_
3\tn't\tO\t-\t_

# sent_id = b
1\tOslo\tB-LOC\t-\t_
"""

CONLL_2003 = "EU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\nPeter NNP I-NP B-PER\n"


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (GERMEVAL, "--comment-prefix '#' --word-column 2 --tag-column 3 or 4"),
        (UNIVERSAL_NER, "--comment-prefix '#' --word-column 2 --tag-column 3"),
        ("1 Ann O\n2 sees O\n\n1 Oslo B-LOC\n", "--word-column 2"),
        ("Ann B-PER B-ORG\n", "--tag-column 2 or 3"),
        ("Ann B-PER O\n", "--tag-column 2 or 3"),
        ("Ann NNP B-PER _\n", "--tag-column 3"),
        ("# id 7\nAnn O\n", "--comment-prefix '#'"),
    ],
)
def test_one_message_names_all_options(tmp_path, text, options):
    path = write(tmp_path, text)
    with pytest.raises(CorpusError) as caught:
        read_corpus(path)
    assert caught.value.line == 1
    assert caught.value.reason.endswith(f"; add {options}")


@pytest.mark.parametrize(
    ("tag", "expected"), [(3, ["O", "B-ORG", "I-ORG"]), (4, ["O", "O", "B-LOC"])]
)
def test_germeval_with_these_options(tmp_path, tag, expected):
    path = write(tmp_path, GERMEVAL)
    corpus = read_corpus(path, columns=Columns(word=2, tag=tag), comment_prefix="#")
    assert words(corpus) == [[["Gleich", "Siemens", "Oslo"], ["Maria"]]]
    assert [token.tag for token in corpus.sentences[0]] == expected
    assert corpus.columns == Columns(2, tag, 0)


def test_universal_ner_with_these_options(tmp_path):
    path = write(tmp_path, UNIVERSAL_NER.replace("2-3\tcan't\tO\t-\t_\n", ""))
    corpus = read_corpus(path, columns=Columns(word=2, tag=3), comment_prefix="#")
    assert words(corpus) == [[["Maria", "ca", "n't"], ["Oslo"]]]


def test_chunks_are_no_entities(tmp_path):
    corpus = read_corpus(write(tmp_path, CONLL_2003))
    assert rows(corpus)[0][0] == [("EU", "NNP", "B-ORG"), ("rejects", "VBZ", "O")]
    assert corpus.columns == Columns(1, 4, 2)


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("1 O\n2 O\n", Columns(1, 2, 0)),
        ("1 CD O\n3 CD O\n", Columns(1, 3, 2)),
        ("Ann O O\n", Columns(1, 3, 2)),
        ("Ann O B-PER\n", Columns(1, 3, 2)),
    ],
)
def test_what_is_plain_needs_no_option(tmp_path, text, columns):
    assert read_corpus(write(tmp_path, text)).columns == columns


def test_blank_lines_and_comments_may_come_first(tmp_path):
    path = write(tmp_path, "\n" * 20_000 + "# id\n" * 20_000 + "Ann B-PER\n")
    assert words(read_corpus(path, comment_prefix="#")) == [[["Ann"]]]


@pytest.mark.parametrize("end", ["\t", " ", "\t \t"])
@pytest.mark.parametrize("text", ["Ann\tO{end}\nsees\tO\n", "Ann\tO\nsees\tO{end}\n"])
def test_separators_at_a_line_end_are_no_columns(tmp_path, text, end):
    corpus = read_corpus(write(tmp_path, text.format(end=end)))
    assert rows(corpus) == [[[("Ann", "", "O"), ("sees", "", "O")]]]
