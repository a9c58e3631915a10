"""What the Hugging Face hub reads at the top of a card, told by its own library."""

import pytest

pytest.importorskip("huggingface_hub", reason="the extra [hub] is not installed")
from huggingface_hub import ModelCard, metadata_load
from huggingface_hub.repocard_data import model_index_to_eval_results

from spacy_ner_archs.publishing.hub_card import first_source, to_hub_card

META = {
    "lang": "en",
    "name": "letters",
    "version": "1.0",
    "license": "MIT",
    "performance": {"ents_p": 0.912345, "ents_r": 0.8, "ents_f": 0.852},
}
CARD = "# en_letters\n\nFinds people.\n\n---\n\nMore.\n"


def test_the_library_reads_it(tmp_path):
    (tmp_path / "README.md").write_text(to_hub_card(CARD, META, "Letters 2.0"))
    data = metadata_load(tmp_path / "README.md")
    name, found = model_index_to_eval_results(data.pop("model-index"))
    assert data == {
        "language": "en",
        "license": "mit",
        "library_name": "spacy",
        "tags": ["spacy", "token-classification", "ner"],
    }
    assert name == "en_letters"
    assert [(result.metric_type, result.metric_value) for result in found] == [
        ("precision", 0.9123),
        ("recall", 0.8),
        ("f1", 0.852),
    ]
    assert {(result.task_type, result.dataset_name, result.dataset_type) for result in found} == {
        ("token-classification", "Letters 2.0", "letters-2-0")
    }


@pytest.mark.parametrize("own", ["", "---\ntags: [mine]\n---\n"])
def test_the_text_below_stays(own):
    assert to_hub_card(own + CARD, META, None).endswith(f"\n---\n{CARD}")


def test_what_a_card_says_itself_stays():
    own = "---\nlicense: gpl-3.0\ntags: [ner, mine]\nwidget: [{text: Ada}]\n---\n"
    data = ModelCard(to_hub_card(own + CARD, META, None)).data
    assert (data.license, data.language, data.widget) == ("gpl-3.0", "en", [{"text": "Ada"}])
    assert data.tags == ["ner", "mine", "spacy", "token-classification"]


@pytest.mark.parametrize(
    ("meta", "key", "value"),
    [
        ({"lang": "xx"}, "language", "multilingual"),
        ({"license": "CC BY-SA 4.0"}, "license", "cc-by-sa-4.0"),
        ({"license": "GNU GPL 3.0"}, "license", "gpl-3.0"),
        ({"license": "For research only"}, "license", "other"),
        ({"license": ""}, "license", None),
        ({"performance": {}}, "model-index", None),
        ({"performance": {"ents_p": None, "ents_r": 0.5, "ents_f": 0.5}}, "model-index", None),
    ],
)
def test_the_meta_in_the_words_of_the_hub(meta, key, value):
    data = ModelCard(to_hub_card(CARD, {**META, **meta}, "Letters")).data.to_dict()
    assert data.get(key) == value


def test_no_scores_without_the_name_of_their_corpus():
    assert "model-index" not in to_hub_card(CARD, META, None)


@pytest.mark.parametrize(
    ("sources", "name"),
    [([{"name": "A"}, {"name": "B"}], "A"), ([{"url": "x"}], None), ([], None), (None, None)],
)
def test_the_first_source_is_the_corpus(sources, name):
    assert first_source({**META, "sources": sources}) == name
