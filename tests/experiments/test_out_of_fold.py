"""Who may judge which Docs of a cross-validated corpus."""

import pytest
import srsly
from weasel.util import get_checksum

from spacy_ner_archs.experiments.out_of_fold import is_cross_validated, judges_of


@pytest.fixture
def run(tmp_path):
    """The folder of a run on a corpus of three Docs in two folds."""
    (tmp_path / "corpus.spacy").write_bytes(b"three docs")
    (tmp_path / "other.spacy").write_bytes(b"other docs")
    folder = tmp_path / "seed-0"
    for fold in (0, 1):
        (folder / f"fold-{fold}" / "model-best").mkdir(parents=True)
        (folder / f"fold-{fold}" / "model-best" / "meta.json").touch()
    described = {
        "corpus": "corpus.spacy",
        "checksum": get_checksum(tmp_path / "corpus.spacy"),
        "seed": 0,
        "fold_of_doc": [1, 0, 1],
        "pipelines": ["fold-0/model-best", "fold-1/model-best"],
    }
    srsly.write_json(folder / "folds.json", described)
    return folder


def test_each_doc_has_a_judge_that_has_not_seen_it(run):
    assert is_cross_validated(run)
    assert not is_cross_validated(run / "fold-0")
    judges = judges_of(run, run.parent / "corpus.spacy")
    assert [(judge.pipeline, judge.docs) for judge in judges] == [
        (run / "fold-0" / "model-best", [1]),
        (run / "fold-1" / "model-best", [0, 2]),
    ]


def remove(*names):
    return lambda run: run.joinpath(*names).unlink()


@pytest.mark.parametrize(
    ("spoil", "corpus", "message"),
    [
        (remove("folds.json"), "corpus.spacy", "no folds.json; cross-validate with"),
        (lambda run: (run / "folds.json").write_text("{"), "corpus.spacy", "folds.json: "),
        (lambda run: (run / "folds.json").write_text("{}"), "corpus.spacy", "folds.json: "),
        (lambda run: None, "nowhere.spacy", "no such file; the folds are those of corpus.spacy"),
        (lambda run: None, "other.spacy", "isn't the corpus of the folds"),
        (remove("fold-1", "model-best", "meta.json"), "corpus.spacy", "no pipeline yet"),
    ],
)
def test_a_mistake_gets_one_line(run, spoil, corpus, message):
    spoil(run)
    with pytest.raises(ValueError, match=message) as caught:
        judges_of(run, run.parent / corpus)
    assert "\n" not in str(caught.value)
