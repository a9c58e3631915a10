from spacy_ner_archs.architectures.checks import check_entity_ratio
from spacy_ner_archs.architectures.slots import Tagger, Tok2Vec
from spacy_ner_archs.architectures.taggers.tagger import build_tagger
from spacy_ner_archs.decoders.lattice.layer import LatticeLayer
from spacy_ner_archs.decoders.lattice.softmax import Softmax


def SoftmaxTagger(
    tok2vec: Tok2Vec,
    nO: int | None = None,
    *,
    entity_ratio: float | None = None,
    entity_ratio_margin: float = 0.05,
    entity_ratio_weight: float = 10.0,
) -> Tagger:
    """Tag with a softmax over the tags of each word on its own. The tags of a sentence are those of
    the most probable sequence that the tag scheme allows.

    tok2vec (Model[List[Doc], List[Floats2d]]): Vectors of the words in their context.
    nO (Optional[int]): Number of tags; the component sets it from its labels.
    entity_ratio (Optional[float]): The share of tokens that are in entities, from 0 to 1, for
        training data in which hardly any token is known to be outside of them (Effland & Collins
        2021). English news has about 0.15. None to learn from what is annotated alone.
    entity_ratio_margin (float): A share that is at most this far away costs nothing.
    entity_ratio_weight (float): The loss for each 1 that the share is farther away.
    """
    ratio = check_entity_ratio(
        "SoftmaxTagger", entity_ratio, entity_ratio_margin, entity_ratio_weight
    )
    return build_tagger("softmax_tagger", tok2vec, LatticeLayer("softmax", Softmax, ratio), nO)
