"""spaCy's own search for a threshold."""

from spacy.cli.find_threshold import find_threshold
from spacy.tokens import DocBin
from tagger_table import TAGGERS, make_examples, make_nlp, train


def test_it_finds_the_threshold_of_the_best_f_score(tmp_path):
    nlp, examples, optimizer = make_nlp(TAGGERS["BiLSTMCRF.v1"])
    train(nlp, examples, optimizer, 60)
    nlp.to_disk(tmp_path / "model")
    gold = DocBin(docs=[eg.reference for eg in make_examples(nlp)])
    gold.to_disk(tmp_path / "dev.spacy")
    paths = str(tmp_path / "model"), tmp_path / "dev.spacy"
    best, score, scores = find_threshold(*paths, "ner", "threshold", "ents_f", n_trials=3)
    assert list(scores) == [0.0, 0.5, 1.0]
    assert (best, score) == (0.5, 1.0)
    assert scores[0.0] < 1.0
    assert scores[1.0] == 0.0  # nothing is more probable than 1
