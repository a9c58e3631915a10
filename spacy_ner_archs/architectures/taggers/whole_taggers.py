"""Whole taggers, made of the package's parts with defaults that do well on news text.

They take few arguments; for all of them compose the parts in a config, as the shipped configs do.
"""

from spacy.ml.models.tok2vec import build_Tok2Vec_model

from spacy_ner_archs.architectures.checks import at_least
from spacy_ner_archs.architectures.embeddings.char_cnn_embed import CharCNNEmbed
from spacy_ner_archs.architectures.embeddings.concat_embed import ConcatEmbed
from spacy_ner_archs.architectures.embeddings.word_embed import WordEmbed
from spacy_ner_archs.architectures.encoders.bilstm_encoder import BiLSTMEncoder
from spacy_ner_archs.architectures.encoders.cnn_bilstm_encoder import CNNBiLSTMEncoder
from spacy_ner_archs.architectures.slots import Tagger, Tok2Vec
from spacy_ner_archs.architectures.taggers.crf_tagger import CRFTagger
from spacy_ner_archs.architectures.taggers.softmax_tagger import SoftmaxTagger


def CNNBiLSTM(
    word_width: int = 100, width: int = 400, depth: int = 1, nO: int | None = None
) -> Tagger:
    """Words and their shapes, a convolution over words, a BiLSTM and a softmax.

    word_width (int): Width of the word vectors, where `nlp.vocab.vectors` have none.
    width (int): Width of the BiLSTM.
    depth (int): Number of LSTM layers.
    nO (Optional[int]): Number of tags; the component sets it from its labels.
    """
    embed = _embed("CNNBiLSTM", word_width)
    encode = CNNBiLSTMEncoder(width, depth, cnn_width=256, cnn_window_size=1, cnn_depth=1)
    return SoftmaxTagger(build_Tok2Vec_model(embed, encode), nO)


def BiLSTMCRF(
    word_width: int = 100, width: int = 512, depth: int = 1, nO: int | None = None
) -> Tagger:
    """Words and their shapes, a BiLSTM and a CRF (Huang et al. 2015).

    word_width (int): Width of the word vectors, where `nlp.vocab.vectors` have none.
    width (int): Width of the BiLSTM.
    depth (int): Number of LSTM layers.
    nO (Optional[int]): Number of tags; the component sets it from its labels.
    """
    embed = _embed("BiLSTMCRF", word_width)
    return CRFTagger(build_Tok2Vec_model(embed, BiLSTMEncoder(width, depth)), nO)


def CharCNNBiLSTMCRF(
    word_width: int = 100,
    char_width: int = 50,
    width: int = 400,
    depth: int = 1,
    nO: int | None = None,
) -> Tagger:
    """Words, their shapes and a convolution over their characters, a BiLSTM and a CRF (Ma & Hovy
    2016).

    word_width (int): Width of the word vectors, where `nlp.vocab.vectors` have none.
    char_width (int): Number of filters over characters.
    width (int): Width of the BiLSTM.
    depth (int): Number of LSTM layers.
    nO (Optional[int]): Number of tags; the component sets it from its labels.
    """
    at_least(1, "CharCNNBiLSTMCRF", char_width=char_width)
    chars = CharCNNEmbed(char_width, char_width=30, window_size=1)
    embed = _embed("CharCNNBiLSTMCRF", word_width, chars)
    return CRFTagger(build_Tok2Vec_model(embed, BiLSTMEncoder(width, depth)), nO)


def _embed(architecture: str, word_width: int, *more: Tok2Vec) -> Tok2Vec:
    """The lower-cased words, what lower-casing takes away, and more."""
    at_least(1, architecture, word_width=word_width)
    words = WordEmbed(word_width, attr="LOWER")
    return ConcatEmbed(words, WordEmbed(20, attr="SHAPE", vectors="unused"), *more)
