"""Show the entities that an installed pipeline finds: demo.py PACKAGE PAGE.html."""

import sys
from pathlib import Path

import spacy
from spacy import displacy

TEXTS = [
    "Maria Fernandez joined Siemens in Munich after six years at the University of Toronto.",
    "Washington said the talks with Jordan would resume in Geneva on Monday.",
    "Chelsea beat Ajax 2-1 in Amsterdam, and Thomas Keller scored both goals.",
    "The Portuguese author Ana Ribeiro won the Booker Prize for her second novel.",
    "Nothing much happened yesterday, and the markets hardly moved.",
]

# displaCy has colours for other labels than CoNLL's
COLORS = {"PER": "#aa9cfc", "MISC": "#ffe066"}


def main(package: str, page: Path) -> None:
    """Print the entities of the texts and write them, highlighted, to a page."""
    nlp = spacy.load(package)
    docs = list(nlp.pipe(TEXTS))
    for doc in docs:
        print(doc.text)
        print("   ", ", ".join(f"{ent.text} ({ent.label_})" for ent in doc.ents) or "no entities")
    found = [doc for doc in docs if doc.ents]
    html = displacy.render(found, style="ent", page=True, options={"colors": COLORS})
    page.write_text(html, encoding="utf-8")
    print(f"Highlighted: {page}")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
