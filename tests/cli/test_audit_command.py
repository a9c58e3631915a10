"""`python -m spacy ner audit` with a tiny pipeline, and with trainings of a few steps."""

import json

import forked
import pytest
import spacy
from audited import tags_of, write_corpus
from short_training import CONFIG
from spacy.tokens import DocBin
from tiny_pipeline import tiny_pipeline
from typer.testing import CliRunner

from spacy_ner_archs.cli.main import ner
from spacy_ner_archs.experiments import processes

#: Rome's label is wrong, and Bob's is missing.
WRONG = [
    ("Ann lives in Paris .", "B-PER O O B-LOC O", [0]),
    ("Rome is older than Paris .", "B-PER O O O B-LOC O", [0]),
    ("Bob and Ann saw Rome", "O O B-PER O B-LOC", [0]),
    ("", "", []),
    ("Paris X", "B-LOC B-X", [0]),
]
FILES = ["audit.html", "audit.json", "doubts.jsonl", "label_studio.json"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("audit")
    tiny_pipeline().to_disk(folder / "model")
    write_corpus(folder / "corpus.spacy", WRONG)
    write_corpus(folder / "dev.spacy", WRONG[:1])
    spacy.blank("en").to_disk(folder / "blank")
    DocBin().to_disk(folder / "empty.spacy")
    DocBin(docs=[spacy.blank("en")("Ann")]).to_disk(folder / "bare.spacy")
    DocBin(attrs=["LEMMA"], docs=[spacy.blank("en")("Ann")]).to_disk(folder / "lemmas.spacy")
    write_corpus(folder / "others.spacy", [("Ann", "B-X", [0])])
    (folder / "text.spacy").write_text("Ann B-PER")
    (folder / "no_json.jsonl").write_text("\n{")
    (folder / "folds").mkdir()
    (folder / "folds" / "folds.json").write_text("{")
    return folder


def run(*args):
    return CliRunner().invoke(ner, ["audit", *map(str, args)])


@pytest.fixture(scope="module")
def audited(folder):
    done = run(folder / "corpus.spacy", folder / "out", "-m", folder / "model", "--mask")
    assert done.exit_code == 0, done.output
    return done


def tasks_in(folder):
    return [json.loads(line) for line in (folder / "out" / "doubts.jsonl").open()]


def test_it_finds_what_is_wrong(folder, audited):
    assert {path.name for path in (folder / "out").iterdir()} == {*FILES, "masked.spacy"}
    audit = json.loads((folder / "out" / "audit.json").read_text())
    found = {
        (d["doc"], d["kind"], d["better"]["text"], d["better"]["label"]) for d in audit["doubts"]
    }
    assert found == {(1, "label", "Rome", "LOC"), (2, "missing", "Bob", "PER")}
    assert audit["labels"] == ["LOC", "PER"]
    assert [s["doc"] for s in audit["sentences"][:2]] == [d["doc"] for d in audit["doubts"]]
    assert len(json.loads((folder / "out" / "label_studio.json").read_text())) == 2
    assert "Never doubted, as the judges don't have their labels: X (1)" in audited.stdout
    last = audited.stdout.splitlines()
    assert "2 doubts about 8 entities" in last[-3]
    assert last[-2:] == [
        "Masked 2 tokens in 2 places: entities below 0.1, candidates above 0.5",
        f"Wrote {folder / 'out' / 'audit.html'}, "
        "audit.json, doubts.jsonl, label_studio.json, masked.spacy",
    ]


def test_the_masked_corpus_is_without_the_doubtful_annotation(folder, audited):
    assert tags_of((folder / "out" / "masked.spacy").read_bytes()) == [
        WRONG[0][1],
        "- O O O B-LOC O",
        "- O B-PER O B-LOC",
        "",
        "B-LOC B-X",
    ]


def test_several_models_judge_together(folder, tmp_path):
    models = ("-m", folder / "model", "-m", folder / "model")
    done = run(
        folder / "corpus.spacy",
        tmp_path,
        *models,
        "--mask",
        "--mask-entities",
        "0",
        "--mask-candidates",
        "1",
    )
    assert done.exit_code == 0, done.output
    assert (
        json.loads((tmp_path / "audit.json").read_text())["judges"] == [str(folder / "model")] * 2
    )
    assert tags_of((tmp_path / "masked.spacy").read_bytes()) == [row[1] for row in WRONG]


def test_decisions_are_applied(folder, audited, tmp_path):
    answers = {"label": "accept", "missing": "reject"}
    rows = [{**task, "answer": answers[task["meta"]["kind"]]} for task in tasks_in(folder)]
    (tmp_path / "decisions.jsonl").write_text("\n".join(map(json.dumps, rows)))
    before = (folder / "corpus.spacy").read_bytes()
    done = run(folder / "corpus.spacy", tmp_path / "new", "--apply", tmp_path / "decisions.jsonl")
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        "Decisions: accept 1, reject 1, ignore 0; 1 docs changed",
        f"Wrote {tmp_path / 'new' / 'corrected.spacy'}",
    ]
    corrected = tags_of((tmp_path / "new" / "corrected.spacy").read_bytes())
    assert corrected == [WRONG[0][1], "B-LOC O O O B-LOC O", *(row[1] for row in WRONG[2:])]
    assert (folder / "corpus.spacy").read_bytes() == before


def test_judges_are_trained_on_folds_once(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(processes, "subprocess", forked)
    settings = {
        "training.max_steps": 2,
        "training.eval_frequency": 2,
        "sizes.word_width": 4,
        "sizes.lstm_width": 8,
        "paths.dev": folder / "dev.spacy",
    }
    options = [part for name, value in settings.items() for part in (f"--{name}", value)]
    command = (folder / "corpus.spacy", tmp_path, "--config", CONFIG, "--folds", "2", *options)
    done = run(*command)
    assert done.exit_code == 0, done.output
    audit = json.loads((tmp_path / "audit.json").read_text())
    folds = [f"{tmp_path}/pipelines/seed-0/fold-{i}/model-best" for i in range(2)]
    assert audit["judges"] == folds
    assert sorted(s["doc"] for s in audit["sentences"]) == [0, 1, 2, 4]
    again = run(*command)
    assert again.stdout.count("(done before)") == 2
    assert json.loads((tmp_path / "audit.json").read_text()) == audit
    of_grid = run(folder / "corpus.spacy", tmp_path, "-m", tmp_path / "pipelines" / "seed-0")
    assert of_grid.exit_code == 0, of_grid.output
    assert json.loads((tmp_path / "audit.json").read_text()) == audit
    other = run(*command, "--training.dropout", "0.3")
    assert other.exit_code == 1
    assert "with other settings or data" in other.stderr


MODEL = ["-m", "{}/model"]
MISTAKES = {
    "half a cross-validated run": (["{}/corpus.spacy", "-m", "{}/folds"], "folds/folds.json: "),
    "two cross-validated runs": (
        ["{}/corpus.spacy", "-m", "{}/folds", "-m", "{}/folds"],
        "a cross-validated folder judges alone",
    ),
    "no corpus": (["{}/nowhere.spacy", *MODEL], "nowhere.spacy: no such file"),
    "no .spacy file": (["{}/text.spacy", *MODEL], "text.spacy: not a .spacy file"),
    "an empty corpus": (["{}/empty.spacy", *MODEL], "empty.spacy: no entity annotation"),
    "no annotation": (["{}/bare.spacy", *MODEL], "bare.spacy: no entity annotation"),
    "no column of entities": (["{}/lemmas.spacy", *MODEL], "lemmas.spacy: no entity annotation"),
    "other labels": (["{}/others.spacy", *MODEL], "none of its labels (X)"),
    "no ner_tagger": (["{}/corpus.spacy", "-m", "{}/blank"], "must have one ner_tagger"),
    "no pipeline": (["{}/corpus.spacy", "-m", "{}/nowhere"], "nowhere"),
    "no judge": (["{}/corpus.spacy"], "give one of --config CONFIG, --models PIPELINE"),
    "two ways": (["{}/corpus.spacy", *MODEL, "--config", "a.cfg"], "give one of --config"),
    "no config": (["{}/corpus.spacy", "--config", "{}/nowhere.cfg"], "nowhere.cfg: no such config"),
    "settings of nothing": (
        ["{}/corpus.spacy", *MODEL, "--training.dropout", "0"],
        "--training.dropout: settings are of a config",
    ),
    "a setting of the audit": (
        ["{}/corpus.spacy", "--config", str(CONFIG), "--paths.train", "a"],
        "paths.train is set by the audit itself",
    ),
    "no section": (
        ["{}/corpus.spacy", "--config", str(CONFIG), "--paths.nowhere", "a"],
        "has no paths.nowhere",
    ),
    "dev is the corpus": (
        ["{}/corpus.spacy", "--config", str(CONFIG), "--paths.dev", "{}/corpus.spacy"],
        "dev is the training corpus",
    ),
    "too few docs": (
        ["{}/corpus.spacy", "--config", str(CONFIG), "--folds", "9"],
        "can't be dealt into 9 folds",
    ),
    "no decisions": (["{}/corpus.spacy", "--apply", "{}/no.jsonl"], "No such file"),
    "no JSON": (["{}/corpus.spacy", "--apply", "{}/no_json.jsonl"], "no_json.jsonl:2: not JSON"),
    "a mask without doubts": (
        ["{}/corpus.spacy", "--apply", "{}/no_json.jsonl", "--mask"],
        "--mask: masks the doubts of an audit",
    ),
    "no GPU": (["{}/corpus.spacy", *MODEL, "--gpu-id", "99"], "--gpu-id 99"),
}


@pytest.mark.parametrize(("args", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_gets_one_line(folder, tmp_path, args, message):
    corpus, *options = (arg.format(folder) for arg in args)
    done = run(corpus, tmp_path, *options)
    assert done.exit_code == 1
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.exception is None or isinstance(done.exception, SystemExit)
    assert not [path for path in tmp_path.iterdir() if path.suffix]


@pytest.mark.parametrize("name", ["corrected.spacy", "masked.spacy"])
def test_the_corpus_is_never_replaced(folder, tmp_path, name):
    corpus = write_corpus(tmp_path / name, WRONG)
    (tmp_path / "link").symlink_to(tmp_path)
    done = run(corpus.path, tmp_path / "link", "-m", folder / "model", "--mask")
    assert done.exit_code == 1
    assert f"{name} would take the place of the corpus" in done.stderr
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [name]
