"""Taggers on a transformer that a pipeline's `transformer` component shares out."""

from spacy.util import registry
from thinc.api import Dropout, chain, with_array

from spacy_ner_archs.architectures.checks import at_least
from spacy_ner_archs.architectures.encoders.dense_encoder import Activation, DenseEncoder
from spacy_ner_archs.architectures.slots import Tagger, Tok2Vec
from spacy_ner_archs.architectures.taggers.crf_tagger import CRFTagger
from spacy_ner_archs.architectures.taggers.softmax_tagger import SoftmaxTagger
from spacy_ner_archs.architectures.transformers.subword_pooling import SubwordPooling
from spacy_ner_archs.extras import require_extra


def TransformerTagger(
    tok2vec: Tok2Vec | None = None,
    hidden_width: int | None = None,
    activation: Activation = "gelu",
    nO: int | None = None,
) -> Tagger:
    """A transformer's vectors of the words, dropout, and a softmax (Devlin et al. 2019).

    tok2vec (Optional[Model[List[Doc], List[Floats2d]]]): A transformer's listener; by default
        spacy-transformers', with the first sub-word's vector for a word.
    hidden_width (Optional[int]): Width of a hidden layer before the softmax; none by default.
    activation (str): The hidden layer's: "none", "relu", "gelu" or "tanh".
    nO (Optional[int]): Number of tags; the component sets it from its labels.
    """
    return SoftmaxTagger(_head("TransformerTagger", tok2vec, hidden_width, activation), nO)


def TransformerCRF(
    tok2vec: Tok2Vec | None = None,
    hidden_width: int | None = None,
    activation: Activation = "gelu",
    nO: int | None = None,
) -> Tagger:
    """The same with a CRF in place of the softmax (Souza et al. 2019).

    tok2vec (Optional[Model[List[Doc], List[Floats2d]]]): A transformer's listener; by default
        spacy-transformers', with the first sub-word's vector for a word.
    hidden_width (Optional[int]): Width of a hidden layer before the CRF; none by default.
    activation (str): The hidden layer's: "none", "relu", "gelu" or "tanh".
    nO (Optional[int]): Number of tags; the component sets it from its labels.
    """
    return CRFTagger(_head("TransformerCRF", tok2vec, hidden_width, activation), nO)


def _head(
    architecture: str, tok2vec: Tok2Vec | None, hidden_width: int | None, activation: Activation
) -> Tok2Vec:
    if hidden_width is None:
        return chain(tok2vec or _listener(), with_array(Dropout()))
    at_least(1, architecture, hidden_width=hidden_width)
    return chain(tok2vec or _listener(), DenseEncoder(hidden_width, activation))


def _listener() -> Tok2Vec:
    require_extra("transformers", "transformers")
    build = registry.architectures.get("spacy-transformers.TransformerListener.v1")
    return build(SubwordPooling("first"))
