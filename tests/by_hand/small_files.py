"""Make two small pipelines, corpora and a report: small_files.py FOLDER."""

import subprocess
import sys
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin


def main(folder: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("ner_tagger", name="ner")
    rows = [(["Ada", f"saw{i}", "Rome"], ["B-PER", "O", "B-LOC"]) for i in range(200)]
    docs = [Doc(nlp.vocab, words=words, ents=ents) for words, ents in rows]
    examples = [spacy.training.Example(nlp.make_doc(doc.text), doc) for doc in docs[:20]]
    nlp.initialize(lambda: examples)
    for name in ("model", "other"):
        nlp.to_disk(folder / name)
    DocBin(docs=docs).to_disk(folder / "corpus.spacy")
    lines = ["\n".join(f"{w} {t}" for w, t in zip(*row, strict=True)) for row in rows]
    (folder / "corpus.conll").write_text("\n\n".join(lines) + "\n")
    (folder / "other.conll").write_text("\n\n".join(reversed(lines[1:])) + "\n")
    arguments = ["report", folder / "model", folder / "corpus.spacy", "--output", folder / "report"]
    command = [sys.executable, "-m", "spacy", "ner", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
