"""An epoch by `spacy train`'s loop over an epoch of the same network in a plain PyTorch loop.

    python benchmarks/train_epoch.py configs/char_cnn_bilstm_crf.cfg corpus/train.spacy

Both train on the same batches, in turn, after a round that isn't counted. The plain loop has the
same layers with the same sizes, torch's own Adam, words and characters that are numbered before the
clock starts, and nothing of spaCy or Thinc. Neither evaluates or averages weights.
"""

from pathlib import Path
from typing import Annotated, Any, NamedTuple

import torch
import typer
from spacy.language import Language
from spacy.training import Example
from spacy_loop import SpacyLoop
from thinc.api import Model
from timing import print_seconds, time_in_turn
from torch import Tensor, nn

from spacy_ner_archs.decoders.lattice.annotation import annotation_of
from spacy_ner_archs.thinc_layers.torch_shim import shim_of
from spacy_ner_archs.torch_layers.padding import pad, sequence_mask

Batches = list[list[Example]]


def main(
    config: Annotated[Path, typer.Argument(help="A shipped config with words and a char-CNN")],
    corpus: Annotated[Path, typer.Argument(help="Training data, .spacy")],
    rounds: Annotated[int, typer.Option(help="Epochs of each that are counted")] = 3,
) -> None:
    """Print the seconds of an epoch of both loops and their ratio."""
    spacy = SpacyLoop(config, corpus, {"training.optimizer.use_averages": False})
    plain = PlainLoop(spacy.nlp, spacy.batches, spacy.dropout)
    print_seconds(time_in_turn({"spacy": spacy.epoch, "plain": plain.epoch}, rounds))


class Batch(NamedTuple):
    """words: rows of each word table [N]. types: distinct word of each token [N]. chars: character
    rows of the distinct words [C], and their lengths [W]. lengths: of the sentences. tags: [N]."""

    words: list[Tensor]
    types: Tensor
    chars: tuple[Tensor, Tensor]
    lengths: list[int]
    tags: Tensor


class PlainLoop:
    """Word tables, a char-CNN, an encoder and a decoder, as a PyTorch user would train them."""

    def __init__(self, nlp: Language, batches: Batches, drop: float):
        tagger: Any = nlp.get_pipe("ner")
        tok2vec, linear, decoder = tagger.model.layers
        concat, encode = tok2vec.layers
        self.word_nodes = [node for node in concat.layers if node.name == "word_embed"]
        (self.char_node,) = [node for node in concat.layers if node.name == "char_cnn_embed"]
        self.tables = nn.ModuleList(
            nn.Embedding(len(node.attrs["keys"]) + 1, node.get_dim("nO"))
            for node in self.word_nodes
        )
        self.chars, self.encode, self.linear, self.decoder = map(
            _fresh, (self.char_node, encode, linear, decoder)
        )
        modules = (self.tables, self.chars, self.encode, self.linear, self.decoder)
        self.optimizer = torch.optim.Adam(nn.ModuleList(modules).parameters(), lr=0.001)
        self.parameters = list(nn.ModuleList(modules).parameters())
        self.drop = drop
        self.batches = [self._numbered(batch, tagger.labels) for batch in batches]

    def _numbered(self, batch: list[Example], labels: tuple[str, ...]) -> Batch:
        docs = [eg.reference for eg in batch]
        tokens = [token for doc in docs for token in doc]
        rows = []
        for node in self.word_nodes:
            attr = node.attrs["attr"].value.lower()
            index = {key: i + 1 for i, key in enumerate(node.attrs["keys"].keys.tolist())}
            rows.append(torch.tensor([index.get(getattr(t, attr), 0) for t in tokens]))
        texts = sorted({token.text for token in tokens})
        places = {text: i for i, text in enumerate(texts)}
        points = {
            point: i + 2 for i, point in enumerate(self.char_node.attrs["chars"].keys.tolist())
        }
        chars = torch.tensor([points.get(ord(char), 1) for text in texts for char in text])
        tags = torch.from_numpy(annotation_of(batch, labels, None, "ner").allowed.argmax(1))
        return Batch(
            rows,
            torch.tensor([places[token.text] for token in tokens]),
            (chars, torch.tensor([len(text) for text in texts])),
            [len(doc) for doc in docs],
            tags,
        )

    def epoch(self) -> None:
        for batch in self.batches:
            words = [table(rows) for table, rows in zip(self.tables, batch.words, strict=True)]
            chars = self.chars(*batch.chars, dropout_rate=self.drop)[batch.types]
            vectors = self.encode(
                torch.cat((*words, chars), 1), batch.lengths, dropout_rate=self.drop
            )
            emissions = self.linear(vectors, batch.lengths)
            mask = sequence_mask(batch.lengths, emissions.device)
            allowed = nn.functional.one_hot(batch.tags, emissions.shape[1]).bool()
            losses = self.decoder(
                pad(emissions, mask), mask, pad(allowed, mask) | ~mask[..., None], []
            )
            self.optimizer.zero_grad()
            losses.mean().backward()
            for parameter in self.parameters:  # each tensor on its own, as Thinc does
                nn.utils.clip_grad_norm_(parameter, 1.0)
            self.optimizer.step()


def _fresh(node: Model) -> nn.Module:
    """A layer's module, made anew."""
    return type(shim_of(node).module)(**shim_of(node).cfg)


if __name__ == "__main__":
    typer.run(main)
