"""Taggers on a shared transformer. The encoders are random and tiny, and made here."""

import os
import shutil
import subprocess
import sys
import zipfile
from functools import cache
from importlib.metadata import version

import numpy as np
import pytest
import spacy
from learning import learn
from packaging.requirements import Requirement
from spacy.cli.package import package
from spacy.tokens import Doc
from tagger_table import BILSTM, CHAR_CNN, TAGGERS, concat, ents, make_examples, tagger, train
from thinc.api import Adam, Model, Ragged, fix_random_seed, require_cpu, require_gpu
from thinc.util import has_gpu
from torch_threads import watch_threads

from spacy_ner_archs.architectures.transformers.subword_pooling import SubwordPooling
from spacy_ner_archs.architectures.transformers.transformer_taggers import TransformerCRF
from spacy_ner_archs.pipeline.ensemble import make_ensemble
from spacy_ner_archs.pipeline.quantize import quantize_pipeline
from spacy_ner_archs.pipeline.wheel_requirements import require_in_wheel

pytest.importorskip("spacy_transformers", reason="the extra [transformers] is not installed")
from tiny_encoders import ENCODERS, tiny

OURS = "spacy-ner-archs."


def listener(reduce="first"):
    return {
        "@architectures": "spacy-transformers.TransformerListener.v1",
        "grad_factor": 1.0,
        "pooling": {"@layers": OURS + "SubwordPooling.v1", "reduce": reduce},
    }


def make_nlp(folder, model, before=(), **settings):
    fix_random_seed(0)
    nlp = spacy.blank("en")
    for name in before:
        nlp.add_pipe(name)
    transformer = {
        "@architectures": OURS + "TransformerModel.v1",
        "name": str(folder),
        **settings,
    }
    nlp.add_pipe("transformer", config={"model": transformer})
    nlp.add_pipe("ner_tagger", name="ner", config={"model": model})
    examples = make_examples(nlp)
    nlp.initialize(lambda: examples)
    return nlp, examples


MODELS = {
    "softmax": {"@architectures": OURS + "TransformerTagger.v1", "tok2vec": listener()},
    "crf, hidden layer": {
        "@architectures": OURS + "TransformerCRF.v1",
        "tok2vec": listener("mean"),
        "hidden_width": 16,
        "activation": "tanh",
    },
}


def found(nlp):
    """The entities that a pipeline finds in the examples."""
    return ents(nlp.pipe(eg.predicted for eg in make_examples(nlp)))


@pytest.fixture(params=ENCODERS)
def folder(request):
    return tiny(request.param)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A function that gives the folder of a pipeline that has learned; its encoder is gone."""

    @cache
    def save(encoder, model):
        folder = tmp_path_factory.mktemp("saved")
        (folder / "encoder").mkdir()
        nlp, examples = make_nlp(ENCODERS[encoder](folder / "encoder"), MODELS[model])
        learn(nlp, examples, Adam(0.003))
        assert found(nlp) == ents(eg.reference for eg in examples)
        nlp.to_disk(folder / "nlp")
        shutil.rmtree(folder / "encoder")
        return folder / "nlp"

    return save


on_all = pytest.mark.parametrize("model", MODELS)
with_all = pytest.mark.parametrize("encoder", ENCODERS)


@with_all
@on_all
def test_it_learns_and_loads_with_the_encoders_folder_gone(encoder, model, saved):
    nlp = spacy.load(saved(encoder, model))
    assert found(nlp) == ents(eg.reference for eg in make_examples(nlp))


def test_a_wheel_is_all_that_it_needs(saved, tmp_path):
    folder = saved("roberta", "crf, hidden layer")
    package(folder, tmp_path, name="tiny", version="1.0", create_wheel=False, create_sdist=False)
    options = ["-w", tmp_path, "--no-deps", "--no-build-isolation", "-q"]
    build = [sys.executable, "-m", "pip", "wheel", tmp_path / "en_tiny-1.0", *options]
    subprocess.run(build, check=True)
    with zipfile.ZipFile(tmp_path / "en_tiny-1.0-py3-none-any.whl") as wheel:
        wheel.extractall(tmp_path / "site")
    nlp = spacy.load(folder)
    words = [[token.text for token in eg.predicted] for eg in make_examples(nlp)]
    code = (
        "import en_tiny; from spacy.tokens import Doc; nlp = en_tiny.load(); "
        f"docs = nlp.pipe(Doc(nlp.vocab, words=words) for words in {words}); "
        "print([[(ent.start, ent.end, ent.label_) for ent in doc.ents] for doc in docs])"
    )
    path = os.pathsep.join(filter(None, [str(tmp_path / "site"), os.environ.get("PYTHONPATH")]))
    empty = {"HF_HOME": str(tmp_path / "cache"), "HF_HUB_OFFLINE": "1", "PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **empty}, capture_output=True, text=True
    )
    assert done.stdout.strip() == str(found(nlp)), done.stderr


@pytest.mark.skipif(not has_gpu, reason="no GPU that CuPy and torch can use")
@pytest.mark.parametrize(
    "settings", [{"dtype": "float32"}, {"dtype": "auto"}], ids=["float32", "auto"]
)
def test_it_learns_on_a_gpu(folder, settings):
    require_gpu()
    try:
        nlp, examples = make_nlp(folder, MODELS["crf, hidden layer"], **settings)
        learn(nlp, examples, Adam(0.003))
        assert found(nlp) == ents(eg.reference for eg in examples)
    finally:
        require_cpu()


def test_odd_words_are_tagged(folder):
    nlp, _ = make_nlp(folder, MODELS["softmax"])
    words = ["\n", "\u200b", "\N{FAMILY}", "e\u0301", "x" * 500, " ", "Paris", "\U0001f3fd"]
    alone = nlp(Doc(nlp.vocab, words=words))
    many = list(
        nlp.pipe([Doc(nlp.vocab, words=words), Doc(nlp.vocab), Doc(nlp.vocab, words=["a"])])
    )
    assert ents([alone]) == ents(many[:1])


@with_all
@on_all
def test_listeners_can_be_replaced(encoder, model, saved, tmp_path):
    nlp = spacy.load(saved(encoder, model))
    expected = found(nlp)
    nlp.replace_listeners("transformer", "ner", ["model.tok2vec"])
    nlp.remove_pipe("transformer")
    assert found(nlp) == expected
    nlp.to_disk(tmp_path)
    assert found(spacy.load(tmp_path)) == expected


def test_sentences_with_their_neighbours_train(folder):
    nlp, examples = make_nlp(
        folder, MODELS["softmax"], before=["sentencizer"], unit="sentence", context=15
    )
    learn(nlp, examples, Adam(0.003), annotates=["sentencizer"])
    docs = [eg.reference.copy() for eg in examples]
    for doc in docs:
        doc.set_ents([])
    assert ents(nlp.pipe(docs)) == ents(eg.reference for eg in examples)


def test_gradients_add_up(folder):
    """As with [training] accumulate_gradient = 2."""
    nlp, examples = make_nlp(folder, MODELS["crf, hidden layer"])
    shim = nlp.get_pipe("transformer").model.shims[0]
    gradients = []
    for parts in ([examples[:1]], [examples[1:]], [examples[:1], examples[1:]]):
        for part in parts:
            nlp.update(part, sgd=False, drop=0.0)
        parameter = shim.module.encoder.embeddings.word_embeddings.weight
        gradients.append(parameter.grad.clone())
        parameter.grad = None
    np.testing.assert_allclose(gradients[0] + gradients[1], gradients[2], atol=1e-6)
    assert gradients[2].abs().max() > 0


def test_a_frozen_transformer_stays(folder):
    nlp, examples = make_nlp(folder, MODELS["softmax"])
    frozen = nlp.get_pipe("transformer").model.to_bytes()
    before = nlp.get_pipe("ner").model.to_bytes()
    nlp.update(examples, sgd=Adam(0.003), exclude=["transformer"], annotates=["transformer"])
    assert nlp.get_pipe("transformer").model.to_bytes() == frozen
    assert nlp.get_pipe("ner").model.to_bytes() != before


@pytest.mark.parametrize(
    ("reduce", "expected"),
    [("first", [1, 0, 4]), ("last", [3, 0, 4]), ("mean", [2, 0, 4]), ("max", [3, 0, 4])],
)
def test_sub_words_make_words(reduce, expected):
    X = Ragged(np.array([[1.0], [2], [3], [4]], dtype="f"), np.array([3, 0, 1], dtype="i"))
    Y, backprop = SubwordPooling(reduce)(X, True)
    assert Y[:, 0].tolist() == expected
    dX = backprop(np.ones_like(Y))
    assert dX.dataXd.sum() == 2  # nothing from the word without sub-words
    assert dX.lengths.tolist() == [3, 0, 1]


def test_without_the_extra_a_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy_transformers", None)
    with pytest.raises(ImportError, match=r'pip install "spacy-ner-archs\[transformers\]"'):
        TransformerCRF()


@pytest.mark.parametrize("first", ["transformer", "char"])
@pytest.mark.parametrize("has_other", [False, True])
def test_a_transformer_beside_characters_under_a_bilstm(first, has_other):
    embeds = {"transformer": listener(), "char": CHAR_CNN}
    embed = concat(**{first: embeds[first], **embeds})
    nlp, examples = make_nlp(tiny("bert"), tagger("CRFTagger", embed, BILSTM))
    if has_other:  # listens as well
        nlp.add_pipe("ner_tagger", name="other", config={"model": MODELS["softmax"]})
        nlp.initialize(lambda: examples)
    optimizer = Adam(0.003)
    learn(nlp, examples, optimizer)
    train(nlp, examples, optimizer, 20)  # together they may know more than the first alone
    with nlp.select_pipes(enable=["transformer", "ner"]):
        assert found(nlp) == ents(eg.reference for eg in examples)


def test_a_transformer_of_its_own_reads_sentences(folder):
    fix_random_seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    transformer = {
        "@architectures": OURS + "TransformerModel.v1",
        "name": str(folder),
        "unit": "sentence",
    }
    model = {
        "@architectures": OURS + "TransformerTagger.v1",
        "tok2vec": {
            "@architectures": OURS + "TransformerEmbed.v1",
            "transformer": transformer,
            "pooling": {"@layers": OURS + "SubwordPooling.v1", "reduce": "first"},
        },
    }
    nlp.add_pipe("ner_tagger", name="ner", config={"model": model})
    examples = make_examples(nlp)
    nlp.initialize(lambda: examples)
    nlp.update(examples, sgd=Adam(0.003), annotates=["sentencizer"])
    assert nlp("Ada wrote. Nothing happened.").has_annotation("ENT_IOB")


@pytest.mark.usefixtures("two_threads")
def test_a_transformer_has_all_threads_and_the_tagger_one():
    nlp, examples = make_nlp(tiny("bert"), MODELS["crf, hidden layer"])
    of_transformer, of_tagger = (
        watch_threads(nlp.get_pipe(name).model) for name in ("transformer", "ner")
    )
    train(nlp, examples, Adam(0.003), 1)
    list(nlp.pipe(eg.predicted.copy() for eg in examples))
    assert of_transformer == {"transformer": {2}}
    assert set().union(*of_tagger.values()) == {1}


def test_a_tagger_without_its_transformer_is_refused():
    trained, examples = make_nlp(tiny("bert"), MODELS["softmax"])
    nlp = spacy.blank("en")
    nlp.add_pipe("ner", source=trained)
    with pytest.raises(ValueError, match=r"'ner' listens to a shared component"):
        nlp(examples[0].predicted.copy())


def shared():
    return make_nlp(tiny("bert"), MODELS["softmax"])[0]


def replaced():
    nlp = shared()
    nlp.replace_listeners("transformer", "ner", ["model.tok2vec"])
    nlp.remove_pipe("transformer")
    return nlp


def embedded():
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", name="ner", config={"model": TAGGERS["TransformerTagger.v1, BERT"]})
    nlp.initialize(lambda: make_examples(nlp))
    return nlp


def quantized(make):
    nlp = make()
    quantize_pipeline(nlp)
    return nlp


ONNX, TRANSFORMERS = "spacy-ner-archs[onnx]", "spacy-ner-archs[transformers]"


@pytest.mark.parametrize(
    ("make", "required"),
    [
        (shared, {"spacy-ner-archs", "spacy-transformers"}),
        (replaced, {TRANSFORMERS}),
        (embedded, {TRANSFORMERS}),
        (lambda: make_ensemble([shared(), shared()]), {TRANSFORMERS}),
        (lambda: quantized(shared), {ONNX, "spacy-transformers"}),
        (lambda: quantized(embedded), {"spacy-ner-archs[onnx,transformers]"}),
    ],
    ids=["shared", "replaced", "embedded", "ensemble", "quantized", "quantized, embedded"],
)
def test_a_wheel_requires_the_extra_of_a_transformer_in_the_tagger(make, required, tmp_path):
    make().to_disk(tmp_path / "model")
    nlp = spacy.load(tmp_path / "model")
    nlp.to_disk(tmp_path / "again")
    options = {"name": "tiny", "version": "1", "create_wheel": False, "create_sdist": False}
    package(tmp_path / "again", tmp_path, **options)
    egg_info = [sys.executable, "setup.py", "-q", "egg_info"]
    subprocess.run(egg_info, cwd=tmp_path / "en_tiny-1", check=True)
    (file,) = tmp_path.glob("*/*.egg-info/requires.txt")
    found = {line.split(">=")[0].split("<")[0] for line in file.read_text().splitlines()}
    assert found - {"spacy"} == required


def test_requirements_of_an_earlier_version_are_replaced():
    nlp = spacy.blank("en")
    nlp.meta["requirements"] = ["spacy-ner-archs[onnx]>=0.0.1,<0.0.2", "other>=1"]
    require_in_wheel(nlp, Model("transformer", forward=None))
    other, ours = map(Requirement, nlp.meta["requirements"])
    assert (str(other), ours.extras) == ("other>=1", {"onnx", "transformers"})
    assert version("spacy-ner-archs") in ours.specifier
