from spacy_ner_archs.architectures.slots import Tagger, Tok2Vec
from spacy_ner_archs.architectures.taggers.tagger import build_tagger
from spacy_ner_archs.decoders.lattice.layer import LatticeLayer
from spacy_ner_archs.decoders.lattice.softmax import Softmax


def SoftmaxTagger(tok2vec: Tok2Vec, nO: int | None = None) -> Tagger:
    """Tag with a softmax over the tags of each word on its own. The tags of a sentence are those of
    the most probable sequence that the tag scheme allows.

    tok2vec (Model[List[Doc], List[Floats2d]]): Vectors of the words in their context.
    nO (Optional[int]): Number of tags; the component sets it from its labels.
    """
    return build_tagger("softmax_tagger", tok2vec, LatticeLayer("softmax", Softmax), nO)
