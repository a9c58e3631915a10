"""What a component keeps of what it knew, and docs in which only some labels are annotated."""

import numpy as np
import pytest
import spacy
from small_taggers import CRF, SOFTMAX, doc_of, fitted
from spacy.tokens import Doc
from spacy.training import Example
from tagger_table import ents
from thinc.api import Adam

from spacy_ner_archs.corpus.annotated_labels import set_annotated_labels
from spacy_ner_archs.decoders.decoder import decoder_of
from spacy_ner_archs.decoders.lattice.softmax import Softmax
from spacy_ner_archs.thinc_layers.torch_shim import shim_of

# --- what it knew before ------------------------------------------------------------------------


def told(nlp, text, ents, labels=None):
    """An example in which only these entities are known, or all with these labels."""
    reference = doc_of(nlp, text, ents=ents)
    if labels is not None:
        set_annotated_labels(reference, labels)
    return Example(doc_of(nlp, text), reference)


NEW = "Paris Hilton likes Python very much"
OF_NEW = ["O", "O", "O", "B-LANGUAGE", "O", "O"]


def with_new_label(nlp, steps=120):
    """Add a label from a doc in which it alone is annotated."""
    nlp.get_pipe("ner").add_label("LANGUAGE")
    optimizer = nlp.resume_training(sgd=Adam(0.02))
    for _ in range(steps):
        nlp.get_pipe("ner").rehearse([told(nlp, NEW, OF_NEW, ["LANGUAGE"])], sgd=optimizer)
    return nlp


def test_a_new_label_is_learned_and_the_old_ones_stay(nlp):
    before = ents([nlp(doc_of(nlp, NEW))])[0]
    assert (0, 2, "PER") in before
    old = nlp.get_pipe("ner").token_probabilities([doc_of(nlp, NEW)])[0]
    with_new_label(nlp)
    after = ents([nlp(doc_of(nlp, NEW))])[0]
    assert after == sorted([*(ent for ent in before if ent[0] != 3), (3, 4, "LANGUAGE")])
    new = nlp.get_pipe("ner").token_probabilities([doc_of(nlp, NEW)])[0]
    others = [0, 1, 2, 4, 5]
    np.testing.assert_allclose(new[others, 1:4], old[others, 1:4], atol=0.05)


@pytest.mark.parametrize("given", ["optimizer", "of the pipeline"])
def test_nlp_rehearse_brings_back_what_an_update_took_away(nlp, given):
    texts = ["Paris Hilton likes Paris very", "Ada Lovelace wrote from London"]
    docs = [doc_of(nlp, text) for text in texts]
    old = nlp.get_pipe("ner").token_probabilities(docs)
    optimizer = nlp.resume_training(sgd=Adam(0.01))
    nothing = [told(nlp, text, ["O"] * len(text.split())) for text in texts]
    for _ in range(40):
        nlp.update(nothing, sgd=optimizer)
    assert distance(nlp, docs, old) > 0.5
    raw = [Example(doc.copy(), doc.copy()) for doc in docs]
    losses = {}
    for _ in range(120):
        nlp.rehearse(raw, sgd=optimizer if given == "optimizer" else None, losses=losses)
    assert losses["ner"] > 0
    assert distance(nlp, docs, old) < 0.1


def distance(nlp, docs, old):
    new = nlp.get_pipe("ner").token_probabilities(docs)
    return max(np.abs(a - b).max() for a, b in zip(new, old, strict=True))


def test_rehearsing_what_is_known_is_an_update(nlp):
    """Where all is annotated, an old model has nothing to say."""
    pipe = nlp.get_pipe("ner")
    nlp.resume_training()
    example = told(nlp, "Paris likes Paris", ["B-PER", "O", "B-LOC"])
    scores = pipe.model.predict([example.predicted])
    target = pipe._target([example])
    decoder = decoder_of(pipe.model)
    old = decoder_of(pipe._rehearsal_model), pipe._rehearsal_model.predict([example.predicted])
    loss, d_scores = decoder.rehearsal_loss(scores, *old, target, is_train=False)
    if isinstance(shim_of(pipe.model.get_ref("decoder")).module, Softmax):
        assert loss > 0  # of valid paths, and its own loss is of each token
    else:
        expected, of_update = decoder.loss(scores, target, is_train=False)
        assert loss == pytest.approx(expected, rel=1e-5)
        np.testing.assert_allclose(d_scores[0], of_update[0], atol=1e-5)


def test_no_rehearsal_before_training_is_resumed(nlp):
    before = nlp.get_pipe("ner").to_bytes(exclude=["vocab"])
    assert nlp.get_pipe("ner").rehearse([told(nlp, NEW, ["O"] * 6)], sgd=Adam(0.1)) == {}
    assert nlp.get_pipe("ner").to_bytes(exclude=["vocab"]) == before


def test_an_old_model_is_not_stored(nlp):
    before = nlp.get_pipe("ner").to_bytes(exclude=["vocab"])
    nlp.resume_training()
    assert nlp.get_pipe("ner").to_bytes(exclude=["vocab"]) == before


@pytest.mark.parametrize("model", [CRF, SOFTMAX], ids=["crf", "softmax"])
def test_docs_with_different_labels_are_learned_from_together(model):
    """Outside of the entities of one label the others aren't denied."""
    vocab = spacy.blank("en").vocab
    people = Doc(vocab, words=["Ada", "in", "Oslo"], ents=["B-PER", "O", "O"])
    set_annotated_labels(people, ["PER"])
    places = Doc(vocab, words=["Ada", "in", "Oslo"], ents=["O", "O", "B-LOC"])
    set_annotated_labels(places, ["LOC"])
    nlp = fitted(model, [people, places], ["LOC", "PER"])
    assert ents([nlp(Doc(vocab, words=["Ada", "in", "Oslo"]))]) == [[(0, 1, "PER"), (2, 3, "LOC")]]
