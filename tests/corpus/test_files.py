import pytest

from spacy_ner_archs.corpus.errors import CorpusError
from spacy_ner_archs.corpus.files import opened


def test_a_name_that_is_too_long_is_told(tmp_path):
    with pytest.raises(CorpusError, match="cannot be read: File name too long"):
        opened(tmp_path / ("x" * 300)).__enter__()
