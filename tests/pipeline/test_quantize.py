"""Transformers in 8 bits: what they give, and the command that makes them."""

import inspect
import pickle
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import spacy
from learning import learn
from packaging.requirements import Requirement
from tagger_table import TAGGERS, ents, make_examples
from thinc.api import Adam, Config, fix_random_seed
from typer.testing import CliRunner

pytest.importorskip("spacy_transformers", reason="the extra [transformers] is not installed")
pytest.importorskip("onnxruntime", reason="the extra [onnx] is not installed")
pytest.importorskip("onnx", reason="the extra [onnx] is not installed")
from tiny_encoders import ENCODERS, tiny
from tiny_transformer import WORDS, doc_of, make, word_vectors

from spacy_ner_archs.architectures.transformers.quantized_transformer_model import (
    QuantizedTransformerModel,
    quantize_model,
)
from spacy_ner_archs.cli.main import ner
from spacy_ner_archs.pipeline.ensemble import make_ensemble
from spacy_ner_archs.thinc_layers.torch_shim import shim_of

OURS = "spacy-ner-archs."
WINDOWS = {"window": 48, "context": 8}
DOCS = [WORDS, ["London"], [], WORDS * 9, WORDS[3:]]


def make_nlp(seed=0):
    fix_random_seed(seed)
    nlp = spacy.blank("en")
    model = {"@architectures": OURS + "TransformerModel.v1", "name": tiny("bert"), **WINDOWS}
    nlp.add_pipe("transformer", config={"model": model})
    tagger = {"@architectures": OURS + "TransformerCRF.v1"}
    nlp.add_pipe("ner_tagger", name="ner", config={"model": tagger})
    examples = make_examples(nlp)
    nlp.initialize(lambda: examples)
    learn(nlp, examples, Adam(0.003))
    return nlp


def make_replaced():
    nlp = make_nlp()
    nlp.replace_listeners("transformer", "ner", ["model.tok2vec"])
    nlp.remove_pipe("transformer")
    return nlp


PIPELINES = {
    "shared": make_nlp,
    "replaced": make_replaced,
    "ensemble": lambda: make_ensemble([make_nlp(0), make_nlp(1)]),
}


@pytest.fixture(scope="module", params=PIPELINES)
def folder(request, tmp_path_factory):
    """A pipeline and what the command makes of it."""
    folder = tmp_path_factory.mktemp("quantize")
    PIPELINES[request.param]().to_disk(folder / "model")
    done = run(folder / "model", folder / "int8")
    assert done.exit_code == 0, done.output
    return folder


def run(*args):
    return CliRunner().invoke(ner, ["quantize", *map(str, args)])


def found(nlp, **options):
    return ents(nlp.pipe((eg.predicted for eg in make_examples(nlp)), **options))


def nodes(nlp):
    return [node.name for _, pipe in nlp.pipeline for node in pipe.model.walk()]


@pytest.mark.parametrize("kind", ENCODERS)
def test_vectors_are_almost_those_of_single_precision(kind):
    model = make(kind, window=24, context=4)
    docs = [doc_of(words) for words in DOCS]
    quantized = quantize_model(model, {"window": 24, "context": 4})
    vectors = np.concatenate(word_vectors(model, docs))
    close = np.concatenate(word_vectors(quantized, docs))
    np.testing.assert_allclose(close, vectors, atol=0.25)
    assert not np.allclose(close, vectors, atol=1e-4)  # it is another computation


def test_the_command_makes_a_pipeline_that_finds_the_same(folder):
    nlp = spacy.load(folder / "int8")
    assert "quantized_transformer" in nodes(nlp)
    assert "transformer" not in nodes(nlp)
    assert found(nlp) == found(spacy.load(folder / "model"))
    assert found(nlp, n_process=2) == found(nlp)
    (requirement,) = map(Requirement, nlp.meta["requirements"])
    assert requirement.name == "spacy-ner-archs"
    assert "onnx" in requirement.extras
    again = run(folder / "int8", folder / "again")
    assert (again.exit_code, again.output.count("\n")) == (1, 1)
    assert "has no transformer of spacy-ner-archs" in again.output


def test_the_windows_stay_those_of_the_config(folder):
    config = spacy.load(folder / "int8").config.to_str()
    assert config.count("QuantizedTransformerModel.v1") == config.count("window = 48") > 0
    assert "spacy-ner-archs.TransformerModel.v1" not in config


def test_copies_and_threads_give_the_same():
    quantized = quantize_model(make("bert"), {})
    docs = [doc_of(words) for words in DOCS]
    expected = word_vectors(quantized, docs)
    copies = [quantized, quantized.copy(), pickle.loads(pickle.dumps(quantized))]
    loaded = QuantizedTransformerModel().from_bytes(quantized.to_bytes())
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda model: word_vectors(model, docs), [*copies, loaded] * 3))
    for vectors in results:
        for one, other in zip(vectors, expected, strict=True):
            np.testing.assert_array_equal(one, other)


def test_it_can_not_be_trained_or_begun():
    with pytest.raises(ValueError, match="can't be trained: train the pipeline that it was made"):
        quantize_model(make("bert"), {}).begin_update([doc_of(WORDS)])
    with pytest.raises(ValueError, match="made of a trained one with python -m spacy ner quantize"):
        QuantizedTransformerModel().initialize()


def test_without_the_extra_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "onnx", None)
    with pytest.raises(ImportError, match=r'pip install "spacy-ner-archs\[onnx\]"'):
        QuantizedTransformerModel()


def test_a_network_that_can_not_be_exported_gets_one_line(monkeypatch):
    monkeypatch.setattr("torch.onnx.export", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ValueError, match=r"^BertModel can't be exported: division by zero$"):
        quantize_model(make("bert"), {})


def test_mistakes_get_one_line(tmp_path):
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", config={"model": next(iter(TAGGERS.values()))})
    examples = make_examples(nlp)
    nlp.initialize(lambda: examples)
    nlp.to_disk(tmp_path / "model")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("mine")
    for output, message in {
        "new": "has no transformer of spacy-ner-archs (TransformerModel) to quantize",
        "full": "exists already; give a new folder",
        "model": "is inside the other; give another folder",
        "model/int8": "is inside the other; give another folder",
    }.items():
        done = run(tmp_path / "model", tmp_path / output)
        assert (done.exit_code, done.output.count("\n")) == (1, 1)
        assert message in done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full", "model"]


#: Values other than those that the model was stored with.
CHANGES = {
    "window": 32,
    "context": 0,
    "unit": "sentence",
    "max_padded": 1,
    "tokenizer_config": {"do_lower_case": True},
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    make_nlp().to_disk(folder / "model")
    assert run(folder / "model", folder / "int8").exit_code == 0
    return folder / "int8"


def vectors(nlp):
    """Of a long doc in sentences of four words."""
    doc = doc_of(WORDS * 9)
    for token in doc:
        token.is_sent_start = token.i % 4 == 0
    (of_doc,) = word_vectors(nlp.get_pipe("transformer").model, [doc])
    return of_doc


@pytest.mark.parametrize("setting", inspect.signature(QuantizedTransformerModel).parameters)
def test_the_config_wins(shared, setting, tmp_path):
    changed = shutil.copytree(shared, tmp_path / "changed")
    config = Config().from_disk(shared / "config.cfg")
    config["components"]["transformer"]["model"][setting] = CHANGES[setting]
    config.to_disk(changed / "config.cfg")
    nlp = spacy.load(changed)
    if setting == "max_padded":
        assert shim_of(nlp.get_pipe("transformer").model).module.max_padded == 1
    else:
        before, after = vectors(spacy.load(shared)), vectors(nlp)
        assert not np.array_equal(before, after)
