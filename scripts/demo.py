"""Show what an installed pipeline finds in a corpus: demo.py PACKAGE CORPUS.spacy PAGE.html."""

import sys
from itertools import pairwise
from pathlib import Path

import spacy
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from spacy_ner_archs.drafts import replace_files
from spacy_ner_archs.evaluation.predict import predict, read_examples

N_DOCS = 5
#: How many tokens a demo sentence has, where the corpus has enough of them.
LENGTHS = range(8, 26)

# displaCy has colours for other labels than CoNLL's
COLORS = {"PER": "#aa9cfc", "MISC": "#ffe066"}


def main(package: str, corpus: Path, page: Path) -> None:
    """Print a few docs of the corpus with their gold and predicted entities side by side, and write
    both, highlighted, to a page."""
    nlp = spacy.load(package)
    examples = choose(read_examples(nlp, corpus))
    predict(nlp, examples)
    for example in examples:
        print(f"\n{example.reference.text}")
        for line in comparison(example):
            print(f"    {line}")
    replace_files({page: highlighted(examples)})
    print(f"\n{about(nlp)}")
    print(f"Highlighted sentences: {page}")
    print(f"Next: read metrics/{nlp.meta['name']}/report.html, or try sentences of your own in a")
    print(f"browser: python -m spacy ner serve {package}")


def choose(examples: list[Example]) -> list[Example]:
    """From each of N_DOCS parts of the corpus, the doc with the most labels; the first, of several.
    Docs in capitals, very short and very long ones come last."""
    ends = [i * len(examples) // N_DOCS for i in range(N_DOCS + 1)]
    parts = [examples[start:end] for start, end in pairwise(ends)]
    return [max(part, key=interest) for part in parts if part]


def interest(example: Example) -> tuple[bool, int, int]:
    doc = example.reference
    readable = len(doc) in LENGTHS and not doc.text.isupper()
    return readable, len({ent.label for ent in doc.ents}), len(doc.ents)


def comparison(example: Example) -> list[str]:
    """A table of the entities: the text, the gold label, the predicted label, what differs."""
    gold, predicted = labels_of(example.reference), labels_of(example.predicted)
    rows = [("entity", "gold", "predicted")]
    for start, end in sorted(gold.keys() | predicted.keys()):
        labels = gold.get((start, end), "-"), predicted.get((start, end), "-")
        rows.append((example.reference[start:end].text, *labels))
    width = max(len(text) for text, *_ in rows)
    return [
        f"{text:{width}}  {one:5} {other:9} {mark(one, other)}".rstrip()
        for text, one, other in rows
    ]


def mark(gold: str, predicted: str) -> str:
    return "" if gold == predicted or gold == "gold" else "<-- differs"


def labels_of(doc: Doc) -> dict[tuple[int, int], str]:
    return {(ent.start, ent.end): ent.label_ for ent in doc.ents}


def about(nlp: Language) -> str:
    """The scores that the model card holds, and of which text they are."""
    score = nlp.meta.get("performance", {}).get("ents_f")
    sources = ", ".join(source["name"] for source in nlp.meta.get("sources") or [])
    measured = "not measured" if score is None else f"{100 * score:.1f}"
    text = f"Text: {sources or 'not told'}."
    return f"Strict F1 on the test part: {measured}. {text}\n{nlp.meta['description']}".rstrip()


def highlighted(examples: list[Example]) -> str:
    """The docs as HTML, the gold one before the predicted one."""
    docs = []
    for example in examples:
        for title, doc in (("gold", example.reference), ("predicted", example.predicted)):
            doc.user_data["title"] = title
            docs.append(doc)
    return displacy.render(docs, style="ent", page=True, options={"colors": COLORS})


if __name__ == "__main__":
    main(sys.argv[1], *map(Path, sys.argv[2:4]))
