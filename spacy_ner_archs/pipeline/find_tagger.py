from spacy.language import Language

from spacy_ner_archs.pipeline.ner_tagger import NERTagger


def find_tagger(nlp: Language) -> NERTagger:
    """The `ner_tagger` of a pipeline. Raises ValueError where it has none, or several."""
    found = [pipe for _, pipe in nlp.pipeline if isinstance(pipe, NERTagger)]
    if len(found) != 1:
        raise ValueError(
            f"must have one ner_tagger, and has {len(found)} in "
            f"{', '.join(nlp.pipe_names) or 'an empty pipeline'}"
        )
    return found[0]


def entity_labels(nlp: Language) -> tuple[str, ...]:
    """The labels of those components of a pipeline that find entities."""
    finding = [name for name in nlp.pipe_names if "doc.ents" in nlp.get_pipe_meta(name).assigns]
    return tuple(sorted({label for name in finding for label in nlp.pipe_labels.get(name, [])}))
