import pytest

from spacy_ner_archs.corpus.errors import CorpusError
from spacy_ner_archs.corpus.files import replace_files


def test_files_are_replaced_together_or_not_at_all(tmp_path):
    good, taken = tmp_path / "a.spacy", tmp_path / "taken"
    good.write_bytes(b"good")
    taken.write_bytes(b"a file, not a folder")
    with pytest.raises(CorpusError, match="cannot be written"):
        replace_files({good: b"new", taken / "b.spacy": b"new"})
    assert good.read_bytes() == b"good"
    assert sorted(tmp_path.iterdir()) == [good, taken]


def test_folders_are_made_and_files_replaced(tmp_path):
    path = tmp_path / "x" / "y" / "a.spacy"
    for content in (b"old", b"new"):
        replace_files({path: content})
        assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]
