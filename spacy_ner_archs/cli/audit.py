"""`python -m spacy ner audit`"""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from spacy.cli._util import parse_config_overrides

from spacy_ner_archs.cli.failing import fail, failing, needs
from spacy_ner_archs.cli.predicting import GpuOption, load, use_gpu
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.cli.trainings import train_all
from spacy_ner_archs.cli.writing import make_folder, write_files
from spacy_ner_archs.corpus.errors import ConversionError

if TYPE_CHECKING:
    from spacy_ner_archs.auditing.audit import Audit
    from spacy_ner_archs.auditing.corpus_file import CorpusFile
    from spacy_ner_archs.auditing.judgement import Judgement
    from spacy_ner_archs.auditing.judges import Judges

CORRECTED = "corrected.spacy"
MASKED = "masked.spacy"


def audit_cli(
    context: typer.Context,
    corpus: Annotated[Path, typer.Argument(help=".spacy file with entities")],
    output: Annotated[Path, typer.Argument(help="Folder for what the audit writes")],
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", help="Train the judges with this config, on folds"),
    ] = None,
    folds: Annotated[int, typer.Option("--folds", min=2, help="Folds, with --config")] = 5,
    seed: Annotated[int, typer.Option("--seed", help="Of folds and trainings")] = 0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Trainings at a time")] = 1,
    models: Annotated[
        list[str] | None,
        typer.Option(
            "--models",
            "-m",
            help="A judge that hasn't seen the corpus; repeatable. Or the folder of a config "
            "and seed of ner grid --folds",
        ),
    ] = None,
    apply: Annotated[
        Path | None,
        typer.Option("--apply", help=f"JSONL file of decisions: write {CORRECTED}"),
    ] = None,
    mask: Annotated[
        bool, typer.Option("--mask", help=f"Write {MASKED}, without the doubtful annotation")
    ] = False,
    mask_entities: Annotated[
        float,
        typer.Option(
            "--mask-entities", min=0, max=1, help="Mask entities with a lower probability"
        ),
    ] = 0.1,
    mask_candidates: Annotated[
        float | None,
        typer.Option(
            "--mask-candidates",
            min=0,
            max=1,
            help="Mask places without an entity where one has a higher probability  [default: 0.1 "
            "if entities are often missing, otherwise 0.5]",
        ),
    ] = None,
    gpu_id: GpuOption = -1,
) -> None:
    """Find labels of a corpus that are probably wrong.

    Each doc is judged by a pipeline that hasn't seen it: --config trains one on each fold of the
    corpus's documents, and settings can follow, as for spacy train. --models takes pipelines that
    are there. Writes audit.html to decide the doubts on, audit.json, and tasks for annotation
    tools. With --apply, writes a corrected corpus instead.
    """
    needs("project", "audits")
    given = [bool(each) for each in (config, models, apply)]
    if sum(given) != 1:
        fail("give one of --config CONFIG, --models PIPELINE and --apply FILE")
    if context.args and config is None:
        fail(f"{context.args[0]}: settings are of a config; give --config, too")
    if mask and apply is not None:
        fail("--mask: masks the doubts of an audit; give --config or --models, not --apply")
    read = _read(corpus)
    for name in (CORRECTED, MASKED):
        if (output / name).resolve() == corpus.resolve():
            fail(f"{output}: {name} would take the place of the corpus; give another folder")
    make_folder(output)
    if apply is not None:
        _apply(read, apply, output)
        return
    if config is not None:
        with failing("settings"):
            settings = parse_config_overrides(context.args)
        panels = _folds(read, config, settings, output, folds, seed, jobs, gpu_id)
    else:
        use_gpu(gpu_id)
        panels = _given(read, models or [])
    limits = (mask_entities, mask_candidates) if mask else None
    _audit(read, panels, output, limits)


def _audit(
    corpus: "CorpusFile",
    panels: "list[Judges]",
    output: Path,
    mask_limits: tuple[float, float | None] | None,
) -> None:
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.auditing.audit import make_audit
    from spacy_ner_archs.auditing.judges import judge, judged_labels
    from spacy_ner_archs.reporting.audit_files import audit_files

    with failing(str(corpus.path)):
        labels = judged_labels(corpus.docs, panels)
        judged = judge(corpus.docs, panels, labels)
    names = [name for panel in panels for name in panel.names]
    direction = panels[0].pipelines[0].vocab.writing_system["direction"]
    audit = make_audit(corpus, judged, names, labels, direction)
    files: dict[str, str | bytes] = {**audit_files(audit, corpus.docs)}
    masked = ""
    if mask_limits is not None:
        files[MASKED], masked = _masked(corpus, judged, *mask_limits)
    write_files(str(output), output, files)
    with printing():
        _tell(audit)
        if masked:
            typer.echo(masked)
        typer.echo(f"Wrote {output / 'audit.html'}, {', '.join(list(files)[1:])}")


def _masked(
    corpus: "CorpusFile", judged: "list[Judgement]", entities: float, candidates: float | None
) -> tuple[bytes, str]:
    """The masked corpus, and a line about it."""
    from spacy_ner_archs.auditing.masking import (
        MaskLimits,
        masked_corpus,
        masked_places,
        usual_candidates,
    )

    if candidates is None:
        candidates = usual_candidates(judged)
    places = masked_places(judged, MaskLimits(entities, candidates))
    n_tokens = sum(place.end - place.start for place in places)
    limits = f"entities below {entities:g}, candidates above {candidates:g}"
    told = f"Masked {n_tokens:,} tokens in {len(places):,} places: {limits}"
    return masked_corpus(corpus, places), told


def _tell(audit: "Audit") -> None:
    from spacy_ner_archs.reporting.audit_summary import headline, pattern_lines

    if audit.not_judged:
        told = ", ".join(f"{label} ({n:,})" for label, n in audit.not_judged.items())
        typer.echo(f"Never doubted, as the judges don't have their labels: {told}")
    for line in pattern_lines(audit):
        typer.echo(line)
    typer.echo(headline(audit))


def _apply(corpus: "CorpusFile", file: Path, output: Path) -> None:
    from spacy_ner_archs.auditing.correction import changes_of, corrected_corpus
    from spacy_ner_archs.auditing.decision import ANSWERS, read_decisions

    try:
        decisions = read_decisions(file, corpus)
        changes = changes_of(corpus.docs, decisions)
    except ConversionError as error:
        fail(str(error))
    write_files(str(output), output, {CORRECTED: corrected_corpus(corpus, changes)})
    answers = Counter(decision.answer for decision in decisions)
    told = ", ".join(f"{answer} {answers[answer]:,}" for answer in ANSWERS)
    with printing():
        n_docs = len({change.doc for change in changes})
        typer.echo(f"Decisions: {told}; {n_docs:,} docs changed")
        typer.echo(f"Wrote {output / CORRECTED}")


def _read(corpus: Path) -> "CorpusFile":
    from spacy_ner_archs.auditing.corpus_file import read_corpus

    with failing(str(corpus)):
        return read_corpus(corpus)


def _given(corpus: "CorpusFile", models: list[str]) -> "list[Judges]":
    from spacy_ner_archs.auditing.judges import Judges
    from spacy_ner_archs.experiments.out_of_fold import is_cross_validated

    if any(is_cross_validated(Path(model)) for model in models):
        if len(models) > 1:
            fail("--models: a cross-validated folder judges alone; give no others")
        return _out_of_fold(corpus, Path(models[0]))
    pipelines = tuple(map(_load, models))
    return [Judges(tuple(models), pipelines, range(len(corpus.docs)))]


def _load(name: str) -> Any:
    """A pipeline with one `ner_tagger`."""
    from spacy_ner_archs.pipeline.find_tagger import find_tagger

    nlp = load(name).nlp
    with failing(name):
        find_tagger(nlp)
    return nlp


def _folds(
    corpus: "CorpusFile",
    config: Path,
    settings: dict[str, Any],
    output: Path,
    n_folds: int,
    seed: int,
    n_jobs: int,
    gpu_id: int,
) -> "list[Judges]":
    """Trains a judge for each fold."""
    from spacy_ner_archs.auditing.folds import fold_trainings

    with failing(f"--config {config}"):
        grid = fold_trainings(corpus.path, config, settings, output, n_folds, seed)
    train_all(grid, output, test=None, n_jobs=n_jobs, gpu_id=gpu_id)
    use_gpu(gpu_id)
    return _out_of_fold(corpus, output / grid.runs[0].folder_of_seed)


def _out_of_fold(corpus: "CorpusFile", folder: Path) -> "list[Judges]":
    """The pipelines of a cross-validated run, each with the docs that it hasn't seen."""
    from spacy_ner_archs.auditing.judges import Judges
    from spacy_ner_archs.experiments.out_of_fold import judges_of

    with failing(str(folder)):
        judges = judges_of(folder, corpus.path)
    with_tokens = [i for i, doc in enumerate(corpus.docs) if len(doc)]
    return [
        Judges(
            (str(judge.pipeline),),
            (_load(str(judge.pipeline)),),
            [with_tokens[i] for i in judge.docs],
        )
        for judge in judges
    ]
