from spacy_ner_archs.architectures.slots import Tagger, Tok2Vec
from spacy_ner_archs.architectures.taggers.tagger import build_tagger
from spacy_ner_archs.decoders.lattice.crf import CRF
from spacy_ner_archs.decoders.lattice.layer import LatticeLayer


def CRFTagger(tok2vec: Tok2Vec, nO: int | None = None) -> Tagger:
    """Tag with a conditional random field: it scores the tags of a sentence together (Lafferty et
    al. 2001; Huang et al. 2015).

    tok2vec (Model[List[Doc], List[Floats2d]]): Vectors of the words in their context.
    nO (Optional[int]): Number of tags; the component sets it from its labels.
    """
    return build_tagger("crf_tagger", tok2vec, LatticeLayer("crf", CRF), nO)
