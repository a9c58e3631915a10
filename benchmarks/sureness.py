r"""How far probabilities of entities can be trusted, before and after `calibrate`, and beside the
formulas of Flair and EDS-NLP on the same emissions.

    python benchmarks/sureness.py corpus/mine/dev.spacy corpus/mine/test.spacy \
        training/seed0/model-best training/seed1/model-best

Temperatures and thresholds are found on dev, all figures are of test, and the last column is their
mean. What is guaranteed is shown on random halves of test alone: on one half a threshold is found,
on the other it is measured. Guarantees are for exchangeable docs, which dev and test often aren't.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import numpy as np
import spacy
import torch
import typer
from scipy.special import softmax
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from spacy_ner_archs.decoders.calibration import Calibration
from spacy_ner_archs.decoders.decoder import LabelledSpan
from spacy_ner_archs.decoders.lattice import biluo
from spacy_ner_archs.decoders.lattice.scores import Scores
from spacy_ner_archs.evaluation.calibration import (
    aurc,
    brier,
    expected_calibration_error,
    log_loss,
    risk_coverage,
)
from spacy_ner_archs.evaluation.dev_scores import DevScores
from spacy_ner_archs.evaluation.fit_calibration import fit_calibration
from spacy_ner_archs.evaluation.fit_threshold import (
    LOWEST_MIN_SCORE,
    LOWEST_THRESHOLD,
    USUAL_THRESHOLD,
)
from spacy_ner_archs.evaluation.gold import Gold
from spacy_ner_archs.evaluation.predict import read_examples
from spacy_ner_archs.evaluation.risk_control import half_index, precision_index, recall_index
from spacy_ner_archs.evaluation.sweep import Sweep, thresholds_from
from spacy_ner_archs.pipeline.ner_tagger import NERTagger
from spacy_ner_archs.thinc_layers.torch_shim import shim_of

HALVES = 200
Figures = dict[str, float]


def main(
    dev: Annotated[Path, typer.Argument(help=".spacy file that all is chosen on")],
    test: Annotated[Path, typer.Argument(help=".spacy file that is measured")],
    models: Annotated[list[Path], typer.Argument(help="Trained pipelines, as of several seeds")],
) -> None:
    """Print a row for each figure, with a column for each pipeline and one for their mean."""
    columns = [measure(spacy.load(model), dev, test) for model in models]
    for name in columns[0]:
        values = [figures[name] for figures in columns]
        cells = " ".join(f"{value:8.4f}" for value in [*values, float(np.mean(values))])
        typer.echo(f"{name:44} {cells}")


def measure(nlp: Language, dev: Path, test: Path) -> Figures:
    parts = [Part(nlp, read_examples(nlp, path)) for path in (dev, test)]
    calibration = fit_calibration(parts[0].scores).calibration
    found = {"temperature": calibration.temperature, "F1": parts[1].f1()}
    for name in ("before", "after", "Flair's", "EDS-NLP's"):
        of_dev, of_test = (part.confidence(name, calibration) for part in parts)
        found |= {f"{name} {key}": value for key, value in _figures(*of_test).items()}
        kept = of_test[0] >= threshold_for(*of_dev, precision=0.99)
        found[f"{name} precision where dev has .99"] = float(of_test[1][kept].mean())
        found[f"{name} share kept there"] = float(kept.mean())
    found |= halves(parts[1].scores, calibration)
    found["oracle F1 of the 10 best"] = oracle_f1(parts[1], 10)
    return found


def _figures(confidence: np.ndarray, correct: np.ndarray) -> Figures:
    return {
        "ECE": expected_calibration_error(confidence, correct),
        "Brier": brier(confidence, correct),
        "log loss": log_loss(confidence, correct),
        "AURC": aurc(confidence, correct),
    }


class Part:
    """Predicted entities of a part of a corpus, and how sure each formula is of them."""

    def __init__(self, nlp: Language, examples: list[Example]):
        self.scores = DevScores(nlp, examples)
        self.tagger: NERTagger = self.scores.tagger
        self.docs = [example.predicted for example in examples if len(example.predicted)]
        self.predicted = self.scores.predicted()
        pairs = zip(self.predicted, self.scores.gold, strict=True)
        self.correct = np.array([span in gold.spans for spans, gold in pairs for span in spans])

    def f1(self) -> float:
        n_gold = sum(gold.counts.total() for gold in self.scores.gold)
        return float(2 * self.correct.sum() / (len(self.correct) + n_gold))

    def confidence(self, name: str, calibration: Calibration) -> tuple[np.ndarray, np.ndarray]:
        """How sure a formula is of the entities [N], and whether they are right [N]."""
        if name in ("before", "after"):
            chosen = calibration if name == "after" else Calibration()
            of_docs = self.scores.probabilities(chosen, self.predicted)
        else:
            formula = flair if name == "Flair's" else eds_nlp
            potentials = potentials_of(self.tagger, self.docs)
            of_docs = [
                np.array([formula(p, span, self.tagger.labels) for span in spans])
                for p, spans in zip(potentials, self.predicted, strict=True)
            ]
        return np.concatenate(of_docs), self.correct


def potentials_of(tagger: NERTagger, docs: list[Doc]) -> Iterator[Scores]:
    """Emissions [T, K], transitions, starts and ends of each doc, as arrays."""
    module = shim_of(tagger.model.get_ref("decoder")).module
    for batch in spacy.util.minibatch(docs, 64):
        for emissions in tagger.model.predict(batch):
            with torch.no_grad():
                scores = module.scores(torch.from_numpy(np.asarray(emissions))[None].double())
            yield Scores(scores.emissions[0].numpy(), *(s.numpy() for s in scores[1:]))


def flair(potentials: Scores, span: LabelledSpan, labels: tuple[str, ...]) -> float:
    """Flair's score of an entity (0.15, `ViterbiDecoder.decode` and `get_spans_from_bio`): at each
    token the softmax over the scores of the best paths up to it, by their last tags, of which the
    largest is taken; the mean over the entity's tokens."""
    best = potentials.starts + potentials.emissions[0]
    paths = [best]
    for emissions in potentials.emissions[1 : span[1]]:
        best = (best[:, None] + potentials.transitions).max(0) + emissions
        paths.append(best)
    return float(softmax(paths[span[0] :], axis=1).max(1).mean())


def eds_nlp(potentials: Scores, span: LabelledSpan, labels: tuple[str, ...]) -> float:
    """EDS-NLP's score of an entity (0.23, `ner_crf.postprocess`): the mean over its tokens of 1 -
    P(O), in a softmax of the emissions of O and of the label's own tags, before the CRF."""
    start, end, label = span
    own = [biluo.tag(labels.index(label), position) for position in range(biluo.TAGS_PER_LABEL)]
    emissions = potentials.emissions[start:end, [biluo.OUTSIDE, *own]]
    return float((1 - softmax(emissions, axis=1)[:, 0]).mean())


def threshold_for(confidence: np.ndarray, correct: np.ndarray, precision: float) -> float:
    """The lowest confidence above which so many are right; above 1 where there is none."""
    risk = risk_coverage(confidence, correct).risk
    enough = np.flatnonzero(risk <= 1 - precision)
    return float(np.sort(confidence)[::-1][enough[-1]]) if len(enough) else 2.0


def halves(scores: DevScores, calibration: Calibration) -> Figures:
    """What is realised of a recall or a precision on random halves."""
    entities, candidates = (
        Sweep(
            scores.candidates(calibration, lowest),
            scores.gold,
            thresholds_from(lowest),
            overlap=overlap,
        )
        for lowest, overlap in ((LOWEST_THRESHOLD, False), (LOWEST_MIN_SCORE, True))
    )
    found: Figures = {}
    for recall in (0.9, 0.95, 0.98):
        found |= _missed(f"missed entities of recall {recall}", entities, recall)
    for recall in (0.9, 0.95, 0.98):
        found |= _missed(f"missed candidates of recall {recall}", candidates, recall)
    for precision in (0.9, 0.95):
        found |= _wrong(f"wrong entities of precision {precision}", entities, precision)
    return found


def _missed(name: str, sweep: Sweep, recall: float) -> Figures:
    missed, gold = sweep.missed(None), sweep.gold(None)

    def find(docs: np.ndarray) -> int | None:
        return recall_index(missed[docs], gold[docs], recall)

    return _realised(name, find, missed, np.broadcast_to(gold[:, None], missed.shape))


def _wrong(name: str, sweep: Sweep, precision: float) -> Figures:
    wrong, kept = sweep.wrong(None), sweep.kept(None)
    usual = int(np.searchsorted(sweep.thresholds, USUAL_THRESHOLD))

    def find(docs: np.ndarray) -> int | None:
        begin = half_index(kept[docs], usual)
        return precision_index(wrong[docs], kept[docs], precision, begin)

    return _realised(name, find, wrong, kept)


def _realised(
    name: str, find: Callable[[np.ndarray], int | None], counts: np.ndarray, of: np.ndarray
) -> Figures:
    """The mean share of `counts` on the halves that the threshold wasn't found on, and how often
    none was found."""
    rng = np.random.default_rng(0)
    shares = []
    for _ in range(HALVES):
        first, second = np.array_split(rng.permutation(len(counts)), 2)
        if (i := find(first)) is not None:
            shares.append(counts[second, i].sum() / of[second, i].sum())
    mean = float(np.mean(shares)) if shares else float("nan")
    return {name: mean, f"{name}, none found": 1 - len(shares) / HALVES}


def oracle_f1(part: Part, n: int) -> float:
    """F1 of the best of each doc's n best annotations."""
    right = total = 0
    for best, gold in zip(part.tagger.n_best(part.docs, n), part.scores.gold, strict=True):
        options = [_match({entity[:3] for entity in entities}, gold) for entities, _ in best]
        chosen = max(
            options, key=lambda option: 2 * option[0] / max(option[1], 1) + (not option[1])
        )
        right, total = right + chosen[0], total + chosen[1]
    return 2 * right / total


def _match(found: set[LabelledSpan], gold: Gold) -> tuple[int, int]:
    """Right entities; predicted and gold ones in all."""
    return len(found & gold.spans), len(found) + gold.counts.total()


if __name__ == "__main__":
    typer.run(main)
