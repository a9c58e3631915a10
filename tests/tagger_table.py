"""The table of taggers that every behaviour test runs on: a new architecture costs a row."""

from importlib.util import find_spec

import spacy
from spacy.training import Example
from thinc.api import Adam, fix_random_seed

OURS = "spacy-ner-archs."

WORD = {"@architectures": OURS + "WordEmbed.v1", "width": 16}
SHAPE = {"@architectures": OURS + "WordEmbed.v1", "width": 4, "attr": "SHAPE"}
CHAR_CNN = {
    "@architectures": OURS + "CharCNNEmbed.v1",
    "width": 12,
    "char_width": 8,
    "window_size": 1,
}
CHAR_LSTM = {"@architectures": OURS + "CharLSTMEmbed.v1", "width": 12, "char_width": 8}
MULTI_HASH = {
    "@architectures": "spacy.MultiHashEmbed.v2",
    "width": 16,
    "rows": [500, 200],
    "attrs": ["NORM", "SHAPE"],
    "include_static_vectors": False,
}
BILSTM = {"@architectures": OURS + "BiLSTMEncoder.v1", "width": 24, "depth": 1}
DEEP_BILSTM = {**BILSTM, "depth": 2}
CNN = {"@architectures": OURS + "CNNEncoder.v1", "width": 24, "window_size": 1, "depth": 2}
CNN_BILSTM = {
    "@architectures": OURS + "CNNBiLSTMEncoder.v1",
    "width": 24,
    "depth": 1,
    "cnn_width": 16,
    "cnn_window_size": 1,
    "cnn_depth": 1,
}
IDCNN = {
    "@architectures": OURS + "IDCNNEncoder.v1",
    "width": 24,
    "window_size": 1,
    "dilations": [1, 2, 1],
    "iterations": 2,
}
MAXOUT = {
    "@architectures": "spacy.MaxoutWindowEncoder.v2",
    "width": 16,
    "window_size": 1,
    "maxout_pieces": 2,
    "depth": 2,
}


def concat(**embeds):
    return {"@architectures": OURS + "ConcatEmbed.v1", "*": embeds}


def tagger(decode, embed, encode):
    return {
        "@architectures": f"{OURS}{decode}.v1",
        "tok2vec": {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode},
    }


TAGGERS = {
    "CNNBiLSTM.v1": {"@architectures": OURS + "CNNBiLSTM.v1", "word_width": 16, "width": 24},
    "BiLSTMCRF.v1": {"@architectures": OURS + "BiLSTMCRF.v1", "word_width": 16, "width": 24},
    "CharCNNBiLSTMCRF.v1": {
        "@architectures": OURS + "CharCNNBiLSTMCRF.v1",
        "word_width": 16,
        "char_width": 12,
        "width": 24,
    },
    "softmax, words, BiLSTM": tagger("SoftmaxTagger", WORD, BILSTM),
    "crf, words and shapes, CNN": tagger("CRFTagger", concat(word=WORD, shape=SHAPE), CNN),
    "crf, char-CNN, CNN-BiLSTM": tagger("CRFTagger", CHAR_CNN, CNN_BILSTM),
    "crf, char-LSTM and words, ID-CNN": tagger(
        "CRFTagger", concat(char=CHAR_LSTM, word=WORD), IDCNN
    ),
    "softmax, MultiHashEmbed, deep BiLSTM": tagger("SoftmaxTagger", MULTI_HASH, DEEP_BILSTM),
    "crf, MultiHashEmbed, MaxoutWindowEncoder": tagger("CRFTagger", MULTI_HASH, MAXOUT),
}

if find_spec("spacy_transformers"):
    from tiny_encoders import tiny

    def transformer(kind, reduce, **settings):
        return {
            "@architectures": OURS + "TransformerEmbed.v1",
            "transformer": {
                "@architectures": OURS + "TransformerModel.v1",
                "name": tiny(kind),
                **settings,
            },
            "pooling": {"@layers": OURS + "SubwordPooling.v1", "reduce": reduce},
        }

    TAGGERS["TransformerTagger.v1, BERT"] = {
        "@architectures": OURS + "TransformerTagger.v1",
        "tok2vec": transformer("bert", "first", learn_rate_factor=0.3),
    }
    TAGGERS["TransformerCRF.v1, RoBERTa in windows"] = {
        "@architectures": OURS + "TransformerCRF.v1",
        "tok2vec": transformer("roberta", "mean", window=24, context=6, learn_rate_factor=0.3),
        "hidden_width": 16,
    }
    TAGGERS["crf, BERT and char-CNN, BiLSTM"] = tagger(
        "CRFTagger",
        concat(transformer=transformer("bert", "last", learn_rate_factor=0.3), char=CHAR_CNN),
        BILSTM,
    )

SENTENCES = [
    ("Ada Lovelace wrote to Charles Babbage from London .", [(0, 2), (4, 6), (7, 8)], "PPL"),
    ("Nothing happened today .", [], ""),
    ("New York Times writers met in New York .", [(0, 3), (6, 8)], "OL"),
    ("Paris", [(0, 1)], "L"),
    ("Paris Hilton likes Paris very much indeed", [(0, 2), (3, 4)], "PL"),
]
LABELS = {"P": "PER", "L": "LOC", "O": "ORG"}


def make_examples(nlp):
    examples = []
    for text, bounds, letters in SENTENCES:
        reference = spacy.tokens.Doc(nlp.vocab, words=text.split(" "))
        reference.set_ents(
            [
                spacy.tokens.Span(reference, start, end, label=LABELS[letter])
                for (start, end), letter in zip(bounds, letters, strict=True)
            ]
        )
        predicted = spacy.tokens.Doc(nlp.vocab, words=text.split(" "))
        examples.append(Example(predicted, reference))
    return examples


def make_nlp(model, *, seed=0, **settings):
    """An initialized pipeline with one tagger, its training examples and an optimizer."""
    fix_random_seed(seed)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", name="ner", config={"model": model, **settings})
    examples = make_examples(nlp)
    nlp.initialize(lambda: examples)
    return nlp, examples, Adam(0.01)


def train(nlp, examples, optimizer, steps, **settings):
    losses = []
    for _ in range(steps):
        losses.append(nlp.update(examples, sgd=optimizer, **settings)["ner"])
    return losses


def emissions(nlp, docs):
    return [sequence.copy() for sequence in nlp.get_pipe("ner").model.predict(docs)]


def ents(docs):
    return [[(ent.start, ent.end, ent.label_) for ent in doc.ents] for doc in docs]
