from spacy.tokens import Doc
from thinc.api import Model
from thinc.types import Floats2d

from spacy_ner_archs.architectures.taggers.tagger import Tagger
from spacy_ner_archs.decoders.lattice.crf import CRF
from spacy_ner_archs.decoders.lattice.layer import LatticeLayer


def CRFTagger(
    tok2vec: Model[list[Doc], list[Floats2d]], nO: int | None = None
) -> Model[list[Doc], list[Floats2d]]:
    """Tag with a conditional random field: it scores the tags of a sentence together (Lafferty et
    al. 2001; Huang et al. 2015).

    tok2vec (Model[List[Doc], List[Floats2d]]): Vectors of the words in their context.
    nO (Optional[int]): Number of tags; the component sets it from its labels.
    """
    return Tagger("crf_tagger", tok2vec, LatticeLayer("crf", CRF), nO)
