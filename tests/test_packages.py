"""What a package can be called."""

import pytest

from spacy_ner_archs.packages import check_name, check_version


@pytest.mark.parametrize("name", ["ner", "ner_bilstm_crf", "NER2", "n"])
def test_a_name(name):
    check_name(name, "en")


@pytest.mark.parametrize(
    "name", ["", "ner-lener", "2ner", "_ner", "ner_", "n__er", "né", "a b", "a/../b", "ner\n"]
)
def test_no_name(name):
    with pytest.raises(ValueError, match=r"can't name a package; take letters [^\n]+$"):
        check_name(name, "en")


def test_a_name_without_its_language():
    check_name("en_ner", "de")
    with pytest.raises(ValueError, match="leave en_ out"):
        check_name("en_ner", "en")


@pytest.mark.parametrize("version", ["0.1.0", "2024.1", "1.0b2", "1.0.post1"])
def test_a_version(version):
    check_version(version)


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("", "is not a version; write it like 0.1.0"),
        ("one", "is not a version"),
        ("1.0-beta2", "write 1.0b2"),
        ("v1.0", "write 1.0"),
    ],
)
def test_no_version(version, message):
    with pytest.raises(ValueError, match=message):
        check_version(version)
