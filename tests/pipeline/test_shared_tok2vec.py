"""One tok2vec component under several others, and our parts in spaCy's components."""

import pytest
import spacy
from spacy.tokens import DocBin
from spacy.training import Example
from tagger_table import (
    BILSTM,
    CHAR_CNN,
    MAXOUT,
    MULTI_HASH,
    WORD,
    concat,
    ents,
    make_examples,
    tagger,
    train,
)
from thinc.api import Adam, fix_random_seed
from torch_threads import watch_threads

LISTENER = {"@architectures": "spacy.Tok2VecListener.v1", "width": 24, "upstream": "*"}


def shared_tok2vec(embed, encode, listener=LISTENER):
    """A pipeline in which the tagger and spaCy's tagger share one tok2vec component."""
    fix_random_seed(0)
    nlp = spacy.blank("en")
    tok2vec = {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode}
    nlp.add_pipe("tok2vec", config={"model": tok2vec})
    model = {"@architectures": "spacy-ner-archs.CRFTagger.v1", "tok2vec": listener}
    nlp.add_pipe("ner_tagger", name="ner", config={"model": model})
    nlp.add_pipe(
        "tagger", config={"model": {"@architectures": "spacy.Tagger.v2", "tok2vec": listener}}
    )
    examples = make_examples(nlp)
    for eg in examples:
        for token in eg.reference:
            token.tag_ = "N" if token.is_title else "X"
    nlp.initialize(lambda: examples)
    return nlp, examples, Adam(0.01)


SHARED = {
    "ours": (concat(word=WORD, char=CHAR_CNN), BILSTM, LISTENER),
    "spaCy's": (MULTI_HASH, MAXOUT, {**LISTENER, "width": 16}),
    "spaCy's and ours": (MULTI_HASH, BILSTM, LISTENER),
}


@pytest.mark.parametrize("parts", SHARED.values(), ids=SHARED.keys())
def test_a_shared_tok2vec_trains_and_can_be_replaced(parts, tmp_path):
    nlp, examples, optimizer = shared_tok2vec(*parts)
    for _ in range(80):
        nlp.update(examples, sgd=optimizer)
    expected = ents(eg.reference for eg in examples)
    docs = [eg.predicted for eg in examples]
    found = [nlp(doc.copy()) for doc in docs]
    assert ents(found) == expected
    assert [t.tag_ for t in found[0]] == [t.tag_ for t in examples[0].reference]
    nlp.replace_listeners("tok2vec", "ner", ["model.tok2vec"])
    assert ents(nlp(doc.copy()) for doc in docs) == expected
    nlp.to_disk(tmp_path)
    assert ents(spacy.load(tmp_path, exclude=["tok2vec", "tagger"]).pipe(docs)) == expected


def test_a_shared_tok2vec_knows_all_words_of_the_training_data():
    nlp, examples, _ = shared_tok2vec(WORD, BILSTM)
    words = {token.orth for eg in examples for token in eg.predicted}
    embed = nlp.get_pipe("tok2vec").model.get_ref("embed")
    assert set(embed.attrs["keys"].keys.tolist()) == words
    many = [Example.from_dict(nlp.make_doc(f"word{i} Paris"), {"entities": []}) for i in range(30)]
    nlp.initialize(lambda: many)
    embed = nlp.get_pipe("tok2vec").model.get_ref("embed")
    assert len(embed.attrs["keys"]) == 31


def test_frozen_and_annotating_components():
    nlp, examples, optimizer = shared_tok2vec(concat(word=WORD, char=CHAR_CNN), BILSTM)
    for _ in range(5):
        nlp.update(examples, sgd=optimizer)
    frozen = nlp.get_pipe("tok2vec").model.to_bytes()
    before = nlp.get_pipe("ner").model.to_bytes()
    for eg in examples:
        eg.predicted = nlp.get_pipe("tok2vec")(eg.predicted)
    nlp.update(examples, sgd=optimizer, exclude=["tok2vec", "tagger"], annotates=["tok2vec"])
    assert nlp.get_pipe("tok2vec").model.to_bytes() == frozen
    assert nlp.get_pipe("ner").model.to_bytes() != before


def test_a_trained_tok2vec_stays_when_a_component_is_added():
    nlp, examples, optimizer = shared_tok2vec(concat(word=WORD, char=CHAR_CNN), BILSTM)
    nlp.update(examples, sgd=optimizer)
    trained = nlp.get_pipe("tok2vec").model.to_bytes()
    model = {"@architectures": "spacy-ner-archs.CRFTagger.v1", "tok2vec": LISTENER}
    added = nlp.add_pipe("ner_tagger", name="added", config={"model": model})
    added.initialize(lambda: examples, nlp=nlp)
    assert nlp.get_pipe("tok2vec").model.to_bytes() == trained


def spacys_ner():
    return {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": 32,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": tagger("CRFTagger", concat(word=WORD, char=CHAR_CNN), BILSTM)["tok2vec"],
    }


def many_words(nlp):
    """More docs than spaCy shows its components' models."""
    texts = [f"word{i} Paris" for i in range(30)]
    return [
        Example.from_dict(nlp.make_doc(t), {"entities": [(len(t) - 5, len(t), "LOC")]})
        for t in texts
    ]


def test_spacys_own_ner_warns_that_our_embeddings_know_a_sample():
    nlp = spacy.blank("en")
    nlp.add_pipe("ner", config={"model": spacys_ner()})
    examples = many_words(nlp)
    nlp.initialize(lambda: examples)
    with pytest.warns(UserWarning, match="collect_vocab"):
        nlp.update(examples, sgd=Adam(0.01))


def test_vocabularies_can_be_collected_for_spacys_components(tmp_path, recwarn):
    nlp = spacy.blank("en")
    examples = many_words(nlp)
    DocBin(docs=[eg.reference for eg in examples]).to_disk(tmp_path / "train.spacy")
    nlp.config["initialize"]["before_init"] = {
        "@callbacks": "spacy-ner-archs.collect_vocab.v1",
        "path": str(tmp_path / "train.spacy"),
    }
    nlp.add_pipe("ner", config={"model": spacys_ner()})
    nlp.initialize(lambda: examples)
    embed = next(n for n in nlp.get_pipe("ner").model.walk() if n.name == "word_embed")
    assert len(embed.attrs["keys"]) == 31
    nlp.update(examples, sgd=Adam(0.01))
    assert not [w for w in recwarn if "collect_vocab" in str(w.message)]


def test_spacys_own_ner_takes_our_tok2vec():
    fix_random_seed(0)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner", config={"model": spacys_ner()})
    examples = make_examples(nlp)
    nlp.initialize(lambda: examples)
    train(nlp, examples, Adam(0.01), 80)
    assert ents(nlp(eg.predicted.copy()) for eg in examples) == ents(
        eg.reference for eg in examples
    )


@pytest.mark.usefixtures("two_threads")
def test_a_shared_tok2vec_has_one_torch_thread():
    nlp, examples, optimizer = shared_tok2vec(*SHARED["ours"])
    seen = watch_threads(nlp.get_pipe("tok2vec").model)
    nlp.update(examples, sgd=optimizer)
    list(nlp.pipe(eg.predicted.copy() for eg in examples))
    assert set(seen) >= {"word_embed", "char_cnn_embed", "bilstm"}
    assert set().union(*seen.values()) == {1}


def test_a_tagger_without_what_it_listens_to_is_refused():
    trained, examples, _ = shared_tok2vec(*SHARED["ours"])
    nlp = spacy.blank("en")
    nlp.add_pipe("ner", source=trained)
    doc = examples[0].predicted.copy()
    with pytest.raises(ValueError, match=r"'ner' listens to a shared component .* add that"):
        nlp(doc)
    trained.replace_listeners("tok2vec", "ner", ["model.tok2vec"])
    nlp = spacy.blank("en")
    nlp.add_pipe("ner", source=trained)
    assert nlp(doc) is doc
