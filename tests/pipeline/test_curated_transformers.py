"""Our taggers on the listeners of spacy-curated-transformers."""

import numpy as np
import pytest
import spacy
from tagger_table import BILSTM, CHAR_CNN, concat, ents, make_examples, tagger
from thinc.api import Adam, fix_random_seed

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


@pytest.mark.parametrize(
    "model",
    [
        {"@architectures": "spacy-ner-archs.TransformerCRF.v1", "tok2vec": LISTENER},
        tagger("SoftmaxTagger", concat(transformer=LISTENER, char=CHAR_CNN), BILSTM),
    ],
    ids=["crf", "beside a char-CNN"],
)
def test_a_tagger_learns_on_its_listener_and_loads(model, tmp_path, monkeypatch):
    # its 0.3.1 calls float on an array of one number, which newer numpy refuses
    monkeypatch.setattr(
        "spacy_curated_transformers.pipeline.transformer.float", np.ndarray.item, raising=False
    )
    fix_random_seed(0)
    nlp = spacy.blank("en")
    curated = nlp.add_pipe("curated_transformer", config={"model": ENCODER})
    (pieces,) = [node for node in curated.model.walk() if node.name == "char_encoder"]
    pieces.attrs["vocab"] = {"[CLS]": 1, "[SEP]": 2, "[UNK]": 3}
    pieces.attrs["vocab"].update((chr(i), i) for i in range(32, 127))
    nlp.add_pipe("ner_tagger", name="ner", config={"model": model})
    examples = make_examples(nlp)
    nlp.initialize(lambda: examples)
    optimizer = Adam(0.005)
    for _ in range(100):
        nlp.update(examples, sgd=optimizer)
    expected = ents(eg.reference for eg in examples)
    docs = [eg.predicted for eg in examples]
    assert ents(nlp.pipe(doc.copy() for doc in docs)) == expected
    nlp.to_disk(tmp_path)
    assert ents(spacy.load(tmp_path).pipe(doc.copy() for doc in docs)) == expected
