"""Our taggers on the listeners of spacy-curated-transformers."""

import numpy as np
import pytest
import spacy
from learning import learn
from tagger_table import BILSTM, CHAR_CNN, concat, ents, make_examples, tagger
from thinc.api import Adam, fix_random_seed

from spacy_ner_archs.pipeline.ensemble import make_ensemble

pytest.importorskip(
    "spacy_curated_transformers", reason="spacy-curated-transformers is not installed"
)

CURATED = "spacy-curated-transformers."
LISTENER = {
    "@architectures": CURATED + "LastTransformerLayerListener.v1",
    "width": 32,
    "pooling": {"@layers": "spacy-ner-archs.SubwordPooling.v1", "reduce": "mean"},
}
ENCODER = {
    "@architectures": CURATED + "BertTransformer.v1",
    "vocab_size": 300,
    "piece_encoder": {"@architectures": CURATED + "CharEncoder.v1"},
    "with_spans": {"@architectures": CURATED + "WithStridedSpans.v1"},
    "hidden_width": 32,
    "intermediate_width": 48,
    "num_attention_heads": 4,
    "num_hidden_layers": 2,
}


MODELS = {
    "crf": {"@architectures": "spacy-ner-archs.TransformerCRF.v1", "tok2vec": LISTENER},
    "beside a char-CNN": tagger(
        "SoftmaxTagger", concat(transformer=LISTENER, char=CHAR_CNN), BILSTM
    ),
}


@pytest.fixture(autouse=True)
def number_of_an_array(monkeypatch):
    """Its 0.3.1 calls float on an array of one number, which newer numpy refuses."""
    monkeypatch.setattr(
        "spacy_curated_transformers.pipeline.transformer.float", np.ndarray.item, raising=False
    )


def make_nlp(model, seed=0):
    fix_random_seed(seed)
    nlp = spacy.blank("en")
    curated = nlp.add_pipe("curated_transformer", config={"model": ENCODER})
    (pieces,) = [node for node in curated.model.walk() if node.name == "char_encoder"]
    pieces.attrs["vocab"] = {"[CLS]": 1, "[SEP]": 2, "[UNK]": 3}
    pieces.attrs["vocab"].update((chr(i), i) for i in range(32, 127))
    nlp.add_pipe("ner_tagger", name="ner", config={"model": model})
    examples = make_examples(nlp)
    nlp.initialize(lambda: examples)
    return nlp, examples


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())
def test_a_tagger_learns_on_its_listener_and_loads(model, tmp_path):
    nlp, examples = make_nlp(model)
    learn(nlp, examples, Adam(0.005))
    expected = ents(eg.reference for eg in examples)
    docs = [eg.predicted for eg in examples]
    assert ents(nlp.pipe(doc.copy() for doc in docs)) == expected
    nlp.to_disk(tmp_path)
    assert ents(spacy.load(tmp_path).pipe(doc.copy() for doc in docs)) == expected


def test_members_of_an_ensemble_keep_their_own_transformers():
    members, (examples, _) = zip(*(make_nlp(MODELS["crf"], seed) for seed in range(2)), strict=True)
    docs = [eg.predicted for eg in examples]
    scores = [
        [
            nlp.get_pipe("ner").model.predict([nlp.get_pipe("curated_transformer")(doc.copy())])[0]
            for doc in docs
        ]
        for nlp in members
    ]
    ensemble = make_ensemble(list(members))
    assert ensemble.pipe_names == ["ner"]
    found = ensemble.get_pipe("ner").model.predict(docs)
    for first, second, mean in zip(*scores, found, strict=True):
        np.testing.assert_allclose(mean, (first + second) / 2, atol=1e-5)


def test_a_listener_that_is_not_found_is_not_left_to_another_pipeline(monkeypatch):
    members = [make_nlp(MODELS["crf"], seed)[0] for seed in range(2)]
    monkeypatch.setattr(
        "spacy_ner_archs.pipeline.shared_layers._listener_paths", lambda *_, **__: []
    )
    with pytest.raises(ValueError, match=r"in 1 places, of which 0 are found"):
        make_ensemble(members)
