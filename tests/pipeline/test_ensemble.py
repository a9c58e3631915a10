"""Several pipelines as one."""

from pathlib import Path

import numpy as np
import pytest
import spacy
from learning import learn
from spacy.util import load_config
from tagger_table import TAGGERS, emissions, ents, make_examples, make_nlp, train
from thinc.api import Adam, fix_random_seed
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner
from spacy_ner_archs.pipeline.ensemble import make_ensemble
from spacy_ner_archs.thinc_layers.torch_shim import shim_of

CRFS = [name for name in TAGGERS if "crf" in name.lower()]
WORDS_CRF = TAGGERS["crf, words and shapes, CNN"]


def trained(model, seed):
    nlp, examples, optimizer = make_nlp(model, seed=seed)
    train(nlp, examples, optimizer, 5)
    return nlp


def docs_of(nlp):
    return [eg.predicted for eg in make_examples(nlp)]


def test_scores_are_the_means_also_when_stored(representative, tmp_path):
    members = [trained(representative, seed) for seed in range(2)]
    docs = docs_of(members[0])
    expected = [sum(pair) / 2 for pair in zip(*(emissions(m, docs) for m in members), strict=True)]
    decoders = [shim_of(m.get_pipe("ner").model.get_ref("decoder")).module for m in members]
    means = [sum(pair) / 2 for pair in zip(*(d.parameters() for d in decoders), strict=True)]
    make_ensemble(members).to_disk(tmp_path)
    nlp = spacy.load(tmp_path)
    for mean, found in zip(expected, emissions(nlp, docs), strict=True):
        np.testing.assert_allclose(found, mean, atol=1e-5)
    decoder = shim_of(nlp.get_pipe("ner").model.get_ref("decoder")).module
    for mean, found in zip(means, decoder.parameters(), strict=True):
        np.testing.assert_allclose(found.detach(), mean.detach(), atol=1e-6)


def test_taggers_of_different_kinds_learn_together():
    models = {f"tagger{i}": TAGGERS[name] for i, name in enumerate(CRFS[:3])}
    ensemble = {"@architectures": "spacy-ner-archs.EnsembleTagger.v1", "*": models}
    nlp, examples, optimizer = make_nlp(ensemble)
    learn(nlp, examples, optimizer)
    assert ents(nlp.pipe(docs_of(nlp))) == ents(eg.reference for eg in examples)
    nlp.get_pipe("ner").add_label("NEW")
    assert ents(nlp.pipe(docs_of(nlp))) == ents(eg.reference for eg in examples)


def make_shared(seed):
    pytest.importorskip("spacy_transformers", reason="the extra [transformers] is not installed")
    from tiny_encoders import tiny

    fix_random_seed(seed)
    nlp = spacy.blank("en")
    nlp.add_pipe(
        "transformer",
        config={
            "model": {"@architectures": "spacy-ner-archs.TransformerModel.v1", "name": tiny("bert")}
        },
    )
    nlp.add_pipe(
        "ner_tagger",
        name="ner",
        config={"model": {"@architectures": "spacy-ner-archs.TransformerCRF.v1"}},
    )
    examples = make_examples(nlp)
    nlp.initialize(lambda: examples)
    learn(nlp, examples, Adam(0.003))
    return nlp


def test_shared_transformers_are_taken_in(tmp_path):
    members = [make_shared(seed) for seed in range(2)]
    expected = ents(eg.reference for eg in make_examples(members[0]))
    make_ensemble(members).to_disk(tmp_path)
    nlp = spacy.load(tmp_path)
    assert nlp.pipe_names == ["ner"]
    assert ents(nlp.pipe(docs_of(nlp))) == expected


def test_configs_with_variables(tmp_path):
    path = Path(__file__).parents[2] / "configs" / "bilstm_crf.cfg"
    config = load_config(path, overrides={"sizes.word_width": 6, "sizes.lstm_width": 8})
    members = [spacy.util.load_model_from_config(config, auto_fill=True) for _ in range(2)]
    for seed, nlp in enumerate(members):
        fix_random_seed(seed)
        examples = make_examples(nlp)
        nlp.initialize(lambda examples=examples: examples)
    docs = docs_of(members[0])
    expected = [sum(pair) / 2 for pair in zip(*(emissions(m, docs) for m in members), strict=True)]
    make_ensemble(members).to_disk(tmp_path)
    for mean, found in zip(expected, emissions(spacy.load(tmp_path), docs), strict=True):
        np.testing.assert_allclose(found, mean, atol=1e-5)


def run(*args):
    done = CliRunner().invoke(ner, ["ensemble", *map(str, args)])
    return done.exit_code, " ".join(done.output.split())


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    folders = [tmp_path_factory.mktemp(f"seed{seed}") for seed in range(2)]
    for seed, folder in enumerate(folders):
        trained(WORDS_CRF, seed).to_disk(folder)
    return folders


def test_the_command_makes_one(folders, tmp_path):
    code, output = run(*folders, "--output", tmp_path / "both")
    assert code == 0, output
    assert "Saved a pipeline of 2 taggers" in output
    nlp = spacy.load(tmp_path / "both")
    assert nlp.get_pipe("ner").labels == ("LOC", "ORG", "PER")


def test_one_that_could_not_be_written_leaves_nothing(folders, tmp_path, monkeypatch):
    def full(nlp, path):
        path.mkdir()
        (path / "meta.json").touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spacy.Language, "to_disk", full)
    code, output = run(*folders, "-o", tmp_path / "both")
    assert (code, "No space left" in output) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_mistakes_get_one_line(folders, tmp_path):
    both = tmp_path / "both"
    assert run(folders[0], "-o", both) == (1, "give two pipelines or more")
    code, output = run(*folders, "-o", folders[0])
    assert (code, "exists already" in output) == (1, True)
    code, output = run(folders[0], tmp_path / "nowhere", "-o", both)
    assert (code, "nowhere" in output) == (1, True)
    spacy.blank("en").to_disk(tmp_path / "blank")
    assert run(folders[0], tmp_path / "blank", "-o", both) == (
        1,
        "these pipelines can't be made into one: pipeline 2 must have one ner_tagger, and has 0 in "
        "an empty pipeline",
    )
    assert not both.exists()


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (TAGGERS["softmax, words, BiLSTM"], "can't mix taggers that have a CRF"),
        (None, "pipeline 2 has the labels LOC, ORG, PER, MORE, the first LOC, ORG, PER"),
    ],
)
def test_pipelines_must_agree(other, message):
    first, second = trained(WORDS_CRF, 0), trained(other or WORDS_CRF, 1)
    if other is None:
        second.get_pipe("ner").add_label("MORE")
    with pytest.raises(Exception, match=message):
        make_ensemble([first, second])


def test_vectors_must_agree():
    first, second = trained(WORDS_CRF, 0), trained(WORDS_CRF, 1)
    second.vocab.set_vector("Paris", np.ones(4, dtype="f"))
    with pytest.raises(ValueError, match="pipeline 2 was trained with other word vectors"):
        make_ensemble([first, second])
    first.vocab.set_vector("London", np.ones(4, dtype="f"))  # the same numbers, of another word
    with pytest.raises(ValueError, match="pipeline 2 was trained with other word vectors"):
        make_ensemble([first, second])


def test_what_a_member_needs_before_it_must_be_there():
    first, second = trained(WORDS_CRF, 0), trained(WORDS_CRF, 1)
    second.add_pipe("sentencizer", first=True)
    with pytest.raises(ValueError, match="pipeline 2 has sentencizer before its tagger"):
        make_ensemble([first, second])
    assert make_ensemble([second, first]).pipe_names == ["sentencizer", "ner"]
