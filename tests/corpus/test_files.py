import os

import pytest

from spacy_ner_archs.corpus.errors import CorpusError
from spacy_ner_archs.corpus.files import read_bytes, replace_files


def test_files_are_replaced_together_or_not_at_all(tmp_path):
    good, taken = tmp_path / "a.spacy", tmp_path / "taken"
    good.write_bytes(b"good")
    taken.write_bytes(b"a file, not a folder")
    with pytest.raises(CorpusError, match="cannot be written"):
        replace_files({good: b"new", taken / "b.spacy": b"new"})
    assert good.read_bytes() == b"good"
    assert sorted(tmp_path.iterdir()) == [good, taken]


def test_names_may_be_as_long_as_the_file_system_allows(tmp_path):
    replace_files({tmp_path / ("x" * 249 + ".spacy"): b"new"})
    with pytest.raises(CorpusError, match="cannot be written: File name too long"):
        replace_files({tmp_path / ("x" * 300): b"new"})
    with pytest.raises(CorpusError, match="cannot be read: File name too long"):
        read_bytes(tmp_path / ("x" * 300))


def test_links_stay_links_and_pipes_pipes(tmp_path):
    link, real, pipe = tmp_path / "link", tmp_path / "real", tmp_path / "pipe"
    link.symlink_to(real)
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    replace_files({link: b"new", pipe: b"flow"})
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert os.read(reader, 10) == b"flow"
    os.close(reader)
    assert sorted(tmp_path.iterdir()) == [link, pipe, real]


def test_folders_are_made_and_files_replaced(tmp_path):
    path = tmp_path / "x" / "y" / "a.spacy"
    for content in (b"old", b"new"):
        replace_files({path: content})
        assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]
