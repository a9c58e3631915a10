from spacy.tokens import Doc
from thinc.api import Model
from thinc.types import Floats2d

from spacy_ner_archs.architectures.taggers.tagger import Tagger
from spacy_ner_archs.decoders.lattice.layer import LatticeLayer
from spacy_ner_archs.decoders.lattice.softmax import Softmax


def SoftmaxTagger(
    tok2vec: Model[list[Doc], list[Floats2d]], nO: int | None = None
) -> Model[list[Doc], list[Floats2d]]:
    """Tag with a softmax over the tags of each word on its own. The tags of a sentence are those of
    the most probable sequence that the tag scheme allows.

    tok2vec (Model[List[Doc], List[Floats2d]]): Vectors of the words in their context.
    nO (Optional[int]): Number of tags; the component sets it from its labels.
    """
    return Tagger("softmax_tagger", tok2vec, LatticeLayer("softmax", Softmax), nO)
