from collections.abc import Callable

from spacy.tokens import Doc
from thinc.api import Model
from thinc.types import Floats2d

from spacy_ner_archs.architectures.slots import Tok2Vec
from spacy_ner_archs.thinc_layers.doc_batch import DocBatch
from spacy_ner_archs.thinc_layers.sequences import Sequences, flatten


def ConcatEmbed(
    *embeds: Tok2Vec,
) -> Tok2Vec:
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
    docs = docs if isinstance(docs, DocBatch) else DocBatch(docs)
    outputs, callbacks = zip(*(embed(docs, is_train) for embed in model.layers), strict=True)
    flat = [flatten(model, output) for output in outputs]
    lengths = [len(doc) for doc in docs]

    def backprop(dYs: list[Floats2d]) -> list[Doc]:
        dY = flatten(model, dYs)
        start = 0
        for callback, output in zip(callbacks, flat, strict=True):
            stop = start + output.shape[1]
            callback(Sequences(xp.ascontiguousarray(dY[:, start:stop]), lengths))
            start = stop
        return docs

    return Sequences(xp.concatenate(flat, axis=1), lengths), backprop


def init(model: Model, X: list[Doc] | None = None, Y: list[Floats2d] | None = None) -> None:
    for embed in model.layers:
        embed.initialize(X=X)
    if all(embed.has_dim("nO") for embed in model.layers):
        model.set_dim("nO", sum(embed.get_dim("nO") for embed in model.layers), force=True)
