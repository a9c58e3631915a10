from collections.abc import Callable

from spacy.tokens import Doc
from thinc.api import Model
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
    return Model("concat_embed", forward, init=init, dims={"nO": None}, layers=embeds)


def forward(
    model: Model, docs: list[Doc], is_train: bool
) -> tuple[list[Floats2d], Callable[[list[Floats2d]], list[Doc]]]:
    """Thinc's `concatenate` adds up what the layers' backprops return, and a listener's may return
    None; nothing is known of the gradient of a doc anyway."""
    xp = model.ops.xp
    outputs, callbacks = zip(*(embed(docs, is_train) for embed in model.layers), strict=True)
    widths = [output[0].shape[1] for output in outputs] if docs else []

    def backprop(dYs: list[Floats2d]) -> list[Doc]:
        start = 0
        for callback, width in zip(callbacks, widths, strict=True):
            callback([xp.ascontiguousarray(dY[:, start : start + width]) for dY in dYs])
            start += width
        return docs

    return [xp.hstack(of_doc) for of_doc in zip(*outputs, strict=True)], backprop


def init(model: Model, X: list[Doc] | None = None, Y: list[Floats2d] | None = None) -> None:
    for embed in model.layers:
        embed.initialize(X=X)
    if all(embed.has_dim("nO") for embed in model.layers):
        model.set_dim("nO", sum(embed.get_dim("nO") for embed in model.layers), force=True)
