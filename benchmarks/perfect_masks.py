"""What masks of noisy labels could win at best: exactly what is wrong is without annotation.

    python benchmarks/perfect_masks.py NOISY.spacy CLEAN.spacy corpus/masked.spacy
    python -m spacy train configs/char_cnn_bilstm_crf.cfg --paths.train corpus/masked.spacy

Both corpora have the same Docs. The tokens of entities that only one of them has are masked: those
that are wrong, and those that were missed. `ner audit --mask` has to guess them.
"""

from pathlib import Path
from typing import Annotated

import spacy
import typer
from spacy.tokens import Doc, DocBin

from spacy_ner_archs.drafts import replace_files


def main(
    noisy: Annotated[Path, typer.Argument(exists=True, help=".spacy file to mask")],
    clean: Annotated[Path, typer.Argument(exists=True, help="The same with the right labels")],
    output: Annotated[Path, typer.Argument(help=".spacy file")],
) -> None:
    """Write the masked corpus."""
    masked = DocBin(store_user_data=True)
    for doc, right in zip(read(noisy), read(clean), strict=True):
        wrong = entities(doc) ^ entities(right)
        tokens = sorted({token for start, end, _ in wrong for token in range(start, end)})
        kept = [ent for ent in doc.ents if (ent.start, ent.end, ent.label_) not in wrong]
        missing = [doc[token : token + 1] for token in tokens]
        doc.set_ents(kept, missing=missing, default="outside")
        masked.add(doc)
    replace_files({output: masked.to_bytes()})


def read(path: Path) -> list[Doc]:
    return list(DocBin().from_disk(path).get_docs(spacy.blank("xx").vocab))


def entities(doc: Doc) -> set[tuple[int, int, str]]:
    return {(ent.start, ent.end, ent.label_) for ent in doc.ents}


if __name__ == "__main__":
    typer.run(main)
