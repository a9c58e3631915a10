from spacy_ner_archs.architectures.checks import check_entity_ratio
from spacy_ner_archs.architectures.slots import Tagger, Tok2Vec
from spacy_ner_archs.architectures.taggers.tagger import build_tagger
from spacy_ner_archs.decoders.lattice.crf import CRF
from spacy_ner_archs.decoders.lattice.layer import LatticeLayer


def CRFTagger(
    tok2vec: Tok2Vec,
    nO: int | None = None,
    *,
    entity_ratio: float | None = None,
    entity_ratio_margin: float = 0.05,
    entity_ratio_weight: float = 10.0,
) -> Tagger:
    """Tag with a conditional random field: it scores the tags of a sentence together (Lafferty et
    al. 2001; Huang et al. 2015).

    tok2vec (Model[List[Doc], List[Floats2d]]): Vectors of the words in their context.
    nO (Optional[int]): Number of tags; the component sets it from its labels.
    entity_ratio (Optional[float]): The share of tokens that are in entities, from 0 to 1, for
        training data in which hardly any token is known to be outside of them (Effland & Collins
        2021). English news has about 0.15. None to learn from what is annotated alone.
    entity_ratio_margin (float): A share that is at most this far away costs nothing.
    entity_ratio_weight (float): The loss for each 1 that the share is farther away.
    """
    ratio = check_entity_ratio("CRFTagger", entity_ratio, entity_ratio_margin, entity_ratio_weight)
    return build_tagger("crf_tagger", tok2vec, LatticeLayer("crf", CRF, ratio), nO)
