r"""Makes the stored pipelines that `test_older_pipelines.py` loads, with the code of their time.

They are of commit 990b4c1. In a checkout of that commit, with its package first on the path:

    for part in train dev; do
        python -m spacy ner convert assets/sample/$part.conll corpus/$part.spacy \
            --lang xx --group sentence
    done
    python PATH/OF/make.py corpus PATH/OF/older

Beside each pipeline, `expected.json` holds what that commit finds in sentences of the sample: the
entities of all, and the emissions of the first three. The pipelines are small, no good ones.
"""

import json
import sys
from pathlib import Path

import numpy as np
import spacy
from spacy.training import Corpus
from spacy.util import minibatch
from thinc.api import Adam, fix_random_seed

OURS = "spacy-ner-archs."
WORD = {"@architectures": OURS + "WordEmbed.v1", "width": 8, "attr": "LOWER", "min_freq": 5}
SHAPE = {"@architectures": OURS + "WordEmbed.v1", "width": 6, "attr": "SHAPE", "min_freq": 5}
FROZEN = {**WORD, "attr": "ORTH", "min_freq": 20, "vectors": "frozen"}
CHAR_CNN = {
    "@architectures": OURS + "CharCNNEmbed.v1",
    "width": 16,
    "char_width": 8,
    "window_size": 1,
}
CHAR_LSTM = {"@architectures": OURS + "CharLSTMEmbed.v1", "width": 12, "char_width": 8}
BILSTM = {"@architectures": OURS + "BiLSTMEncoder.v1", "width": 32, "depth": 1}
CNN_BILSTM = {
    "@architectures": OURS + "CNNBiLSTMEncoder.v1",
    "width": 24,
    "depth": 1,
    "cnn_width": 16,
    "cnn_window_size": 1,
    "cnn_depth": 1,
}
LISTENER = {"@architectures": "spacy.Tok2VecListener.v1", "width": 24, "upstream": "*"}


def tok2vec(encode, **embeds):
    embed = {"@architectures": OURS + "ConcatEmbed.v1", "*": embeds}
    return {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode}


def char_cnn_bilstm_crf():
    nlp = spacy.blank("xx")
    encoder = tok2vec(BILSTM, word=WORD, shape=SHAPE, char=CHAR_CNN)
    model = {"@architectures": OURS + "CRFTagger.v1", "tok2vec": encoder}
    nlp.add_pipe("ner_tagger", name="ner", config={"model": model})
    return nlp


def shared_softmax():
    nlp = spacy.blank("xx")
    vectors = np.random.default_rng(0)
    for word in ("the", "of", "in", "said", "Germany", "City", "Hobart"):
        nlp.vocab.set_vector(word, vectors.normal(size=8).astype("f"))
    encoder = tok2vec(CNN_BILSTM, word=FROZEN, shape=SHAPE, char=CHAR_LSTM)
    nlp.add_pipe("tok2vec", config={"model": encoder})
    model = {"@architectures": OURS + "SoftmaxTagger.v1", "tok2vec": LISTENER}
    nlp.add_pipe("ner_tagger", name="ner", config={"model": model})
    return nlp


def train(nlp, examples):
    nlp.initialize(lambda: examples)
    optimizer = Adam(0.005)
    for _ in range(4):
        for batch in minibatch(examples, 16):
            nlp.update(batch, sgd=optimizer, drop=0.2)


def expected(nlp, sentences):
    docs = [spacy.tokens.Doc(nlp.vocab, words=words) for words in sentences]
    found = [[[ent.start, ent.end, ent.label_] for ent in doc.ents] for doc in nlp.pipe(docs)]
    emissions = nlp.get_pipe("ner").model.predict(docs[:3])
    return {
        "words": sentences,
        "entities": found,
        "emissions": [np.round(scores.astype(float), 5).tolist() for scores in emissions],
    }


def main(corpus, folder):
    for make in (char_cnn_bilstm_crf, shared_softmax):
        fix_random_seed(0)
        nlp = make()
        train(nlp, list(Corpus(Path(corpus) / "train.spacy")(nlp)))
        dev = [eg.reference for eg in Corpus(Path(corpus) / "dev.spacy")(nlp)][::7][:40]
        sentences = [[token.text for token in doc] for doc in dev]
        target = Path(folder) / make.__name__
        nlp.meta["name"] = make.__name__
        nlp.to_disk(target)
        content = json.dumps(expected(nlp, sentences), ensure_ascii=False)
        (target / "expected.json").write_text(content + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
