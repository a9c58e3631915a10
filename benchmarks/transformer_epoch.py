"""An epoch by `spacy train`'s loop over an epoch of Hugging Face's token classification.

    python benchmarks/transformer_epoch.py ENCODER corpus/train.spacy

ENCODER is a folder, or a name on the Hugging Face hub. Both train the whole encoder with a softmax
on the same batches, in turn, after a round that isn't counted. The other loop is the usual one:
`AutoModelForTokenClassification`, the label on the first sub-word, batches padded to their longest
sentence, torch's AdamW, the norm of the gradients clipped, sentences tokenized before the clock
starts.
"""

from pathlib import Path
from typing import Annotated, Any

import torch
import typer
from spacy.training import Example
from spacy_loop import SpacyLoop
from timing import print_seconds, time_in_turn
from torch import Tensor
from torch.nn.utils import clip_grad_norm_
from transformers import (
    AutoModelForTokenClassification,
    AutoTokenizer,
    DataCollatorForTokenClassification,
)

CONFIG = Path(__file__).parents[1] / "configs" / "transformer.cfg"


def main(
    encoder: Annotated[str, typer.Argument(help="Folder, or name on the Hugging Face hub")],
    corpus: Annotated[Path, typer.Argument(help="Training data, .spacy")],
    rounds: Annotated[int, typer.Option(help="Epochs of each that are counted")] = 1,
    limit: Annotated[int, typer.Option(help="Batches of an epoch; 0 for all")] = 0,
) -> None:
    """Print the seconds of an epoch of both loops and their ratio."""
    spacy = SpacyLoop(CONFIG, corpus, {"paths.encoder": encoder}, limit)
    huggingface = HuggingFaceLoop(encoder, spacy.batches)
    loops = {"spacy": spacy.epoch, "huggingface": huggingface.epoch}
    print_seconds(time_in_turn(loops, rounds))


class HuggingFaceLoop:
    """Token classification as its users train it."""

    def __init__(self, encoder: str, batches: list[list[Example]]):
        labels = sorted({tag for batch in batches for eg in batch for tag in _tags(eg)})
        self.label_ids = {label: i for i, label in enumerate(labels)}
        self.tokenizer = AutoTokenizer.from_pretrained(encoder, add_prefix_space=True)
        self.model = AutoModelForTokenClassification.from_pretrained(
            encoder, num_labels=len(labels)
        ).train()
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=5e-5)
        collate = DataCollatorForTokenClassification(self.tokenizer)
        self.batches: list[dict[str, Tensor]] = [
            collate([self._features(eg) for eg in batch]) for batch in batches
        ]

    def _features(self, example: Example) -> Any:
        words = [token.text for token in example.reference]
        encoding = self.tokenizer(words, is_split_into_words=True, truncation=True)
        labels = [self.label_ids[tag] for tag in _tags(example)]
        last, encoding["labels"] = None, []
        for word in encoding.word_ids():
            encoding["labels"].append(-100 if word is None or word == last else labels[word])
            last = word
        return encoding

    def epoch(self) -> None:
        for batch in self.batches:
            self.model(**batch).loss.backward()
            clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimizer.step()
            self.optimizer.zero_grad()


def _tags(example: Example) -> list[str]:
    return [f"{t.ent_iob_}-{t.ent_type_}" if t.ent_type_ else "O" for t in example.reference]


if __name__ == "__main__":
    typer.run(main)
