"""Show what an installed pipeline finds in a corpus: demo.py PACKAGE CORPUS.spacy PAGE.html."""

import sys
from pathlib import Path

import spacy
from spacy import displacy
from spacy.tokens import Doc

from spacy_ner_archs.drafts import replace_files
from spacy_ner_archs.evaluation.predict import predict, read_examples

N_DOCS = 5

# displaCy has colours for other labels than CoNLL's
COLORS = {"PER": "#aa9cfc", "MISC": "#ffe066"}


def main(package: str, corpus: Path, page: Path) -> None:
    """Print a few docs of the corpus, those with entities first, with the gold and the predicted
    entities, and write both, highlighted, to a page."""
    nlp = spacy.load(package)
    examples = sorted(read_examples(nlp, corpus), key=lambda eg: not eg.reference.ents)[:N_DOCS]
    predict(nlp, examples)
    docs = []
    for example in examples:
        print(example.reference.text)
        for title, doc in (("gold", example.reference), ("predicted", example.predicted)):
            print(f"    {title + ':':10} {entities_of(doc)}")
            doc.user_data["title"] = title
            docs.append(doc)
    html = displacy.render(docs, style="ent", page=True, options={"colors": COLORS})
    replace_files({page: html})
    print(f"Highlighted: {page}")
    print(f"Try sentences of your own in a browser: python -m spacy ner serve {package}")


def entities_of(doc: Doc) -> str:
    return ", ".join(f"{ent.text} ({ent.label_})" for ent in doc.ents) or "no entities"


if __name__ == "__main__":
    main(sys.argv[1], *map(Path, sys.argv[2:4]))
