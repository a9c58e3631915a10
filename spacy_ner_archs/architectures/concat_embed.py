from spacy.tokens import Doc
from thinc.api import Model, concatenate
from thinc.types import Floats2d


def ConcatEmbed(
    *embeds: Model[list[Doc], list[Floats2d]],
) -> Model[list[Doc], list[Floats2d]]:
    """Put the vectors of several embeddings side by side. Its width is the sum of theirs.

    embeds (Model[List[Doc], List[Floats2d]]): One or more embeddings, in the config as sections
        below `*`: [model.tok2vec.embed.*.word], [model.tok2vec.embed.*.char].
    """
    if not embeds:
        raise ValueError("ConcatEmbed needs at least one embedding, in a section below its *")
    return concatenate(*embeds)
