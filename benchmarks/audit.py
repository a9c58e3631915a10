"""How well `ner audit` ranks wrong sentences, beside cleanlab on the same judges' probabilities.

    pip install cleanlab
    python -m spacy ner audit NOISY.spacy AUDIT --config CONFIG
    python benchmarks/audit.py NOISY.spacy CLEAN.spacy AUDIT

Both corpora have the same Docs, each one sentence. A sentence is wrong if its entities aren't those
of the clean corpus. Average precision over the sentences, and the share of wrong ones among the
first hundred. cleanlab ranks by the quality of token labels (Wang & Mueller 2022):
its default, self-confidence and the lowest token, and its other scores. An audit with --models is
ranked alone.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import spacy
import typer
from sklearn.metrics import average_precision_score
from spacy.tokens import Doc, DocBin

from spacy_ner_archs.experiments.out_of_fold import is_cross_validated, judges_of
from spacy_ner_archs.pipeline.find_tagger import find_tagger

#: In the folder of an audit that has trained judges.
FOLDS = Path("pipelines/seed-0")
TOKEN_SCORES = ("self_confidence", "normalized_margin", "confidence_weighted_entropy")


def entities(doc: Doc) -> set[tuple[int, int, str]]:
    return {(ent.start, ent.end, ent.label_) for ent in doc.ents}


def read(path: Path) -> list[Doc]:
    return list(DocBin().from_disk(path).get_docs(spacy.blank("en").vocab))


def by_audit(folder: Path, docs: list[Doc]) -> np.ndarray:
    scores = np.zeros(len(docs))
    for sentence in json.loads((folder / "audit.json").read_text())["sentences"]:
        scores[sentence["doc"]] = max(scores[sentence["doc"]], sentence["score"])
    return scores


def token_labels(
    folder: Path, corpus: Path, docs: list[Doc]
) -> tuple[list[list[int]], list[np.ndarray]]:
    """Of each doc, the numbers of its tokens' labels, 0 for O, and their probabilities."""
    labels: list[list[int]] = [[] for _ in docs]
    probabilities = [np.zeros(0) for _ in docs]
    for judge in judges_of(folder / FOLDS, corpus):
        nlp = spacy.load(judge.pipeline)
        tagger = find_tagger(nlp)
        numbers = {"": 0, **{label: i for i, label in enumerate(tagger.labels, 1)}}
        bare = [Doc(nlp.vocab, words=[t.text for t in docs[i]]) for i in judge.docs]
        for i, found in zip(judge.docs, tagger.token_probabilities(bare), strict=True):
            labels[i] = [numbers[token.ent_type_] for token in docs[i]]
            probabilities[i] = found / found.sum(1, keepdims=True)
    return labels, probabilities


def by_cleanlab(
    labels: list[list[int]], probabilities: list[np.ndarray]
) -> Iterator[tuple[str, np.ndarray]]:
    from cleanlab.token_classification.rank import get_label_quality_scores

    for method in TOKEN_SCORES:
        for sentence in ("min", "softmin"):
            quality, _ = get_label_quality_scores(
                labels,
                probabilities,
                token_score_method=method,
                sentence_score_method=sentence,
            )
            yield f"cleanlab, {method}, {sentence}", -np.asarray(quality)


def main(
    corpus: Annotated[Path, typer.Argument(help=".spacy file that was audited")],
    clean: Annotated[Path, typer.Argument(help="The same with the right labels")],
    audit: Annotated[Path, typer.Argument(help="Folder of the audit, with its judges")],
) -> None:
    """Print a row for each ranking: average precision, and precision of the first hundred."""
    docs = read(corpus)
    pairs = zip(docs, read(clean), strict=True)
    wrong = np.array([entities(one) != entities(other) for one, other in pairs])
    print(f"{wrong.sum():,} of {len(docs):,} sentences are wrong")
    rankings = {"ner audit": by_audit(audit, docs)}
    if is_cross_validated(audit / FOLDS):
        rankings |= by_cleanlab(*token_labels(audit, corpus, docs))
    for name, scores in rankings.items():
        first = wrong[np.argsort(-scores, kind="stable")[:100]].mean()
        print(f"{name:50} {average_precision_score(wrong, scores):.3f}  {first:.2f}")


if __name__ == "__main__":
    typer.run(main)
