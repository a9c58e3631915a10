"""`python -m spacy ner audit`"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from spacy_ner_archs.cli.failing import fail, failing, needs
from spacy_ner_archs.cli.predicting import GpuOption, load, use_gpu
from spacy_ner_archs.cli.printing import printing
from spacy_ner_archs.cli.writing import write_files

if TYPE_CHECKING:
    from spacy_ner_archs.auditing.corpus_file import CorpusFile
    from spacy_ner_archs.auditing.judges import Judges


def audit_cli(
    corpus: Annotated[Path, typer.Argument(help=".spacy file with entities")],
    output: Annotated[Path, typer.Argument(help="Folder for the audit's files")],
    models: Annotated[
        list[str] | None,
        typer.Option("--models", "-m", help="Judge: a pipeline that hasn't seen the corpus"),
    ] = None,
    gpu_id: GpuOption = -1,
) -> None:
    """Find labels of a corpus that are probably wrong."""
    needs("project", "audits")
    # not at the top: the command line of spaCy loads this module whatever the command
    from spacy_ner_archs.auditing.audit import make_audit
    from spacy_ner_archs.auditing.judges import judge, judged_labels
    from spacy_ner_archs.reporting.audit_files import audit_files

    read = _read(corpus)
    use_gpu(gpu_id)
    panels = [_given(read, models or [])]
    with failing(str(corpus)):
        labels = judged_labels(read.docs, panels)
        judged = judge(read.docs, panels, labels)
        names = [name for panel in panels for name in panel.names]
        direction = panels[0].pipelines[0].vocab.writing_system["direction"]
        audit = make_audit(read, judged, names, labels, direction)
    files = audit_files(audit, read.docs)
    write_files(str(output), output, files)
    with printing():
        typer.echo(f"{len(audit.doubts)} doubts")


def _read(corpus: Path) -> "CorpusFile":
    from spacy_ner_archs.auditing.corpus_file import read_corpus

    with failing(str(corpus)):
        return read_corpus(corpus)


def _given(corpus: "CorpusFile", models: list[str]) -> "Judges":
    from spacy_ner_archs.auditing.judges import Judges
    from spacy_ner_archs.pipeline.find_tagger import find_tagger

    pipelines = []
    for name in models:
        nlp = load(name).nlp
        with failing(name):
            find_tagger(nlp)
        pipelines.append(nlp)
    return Judges(tuple(models), tuple(pipelines), range(len(corpus.docs)))
