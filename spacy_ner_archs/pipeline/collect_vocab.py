from collections.abc import Callable
from pathlib import Path

from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.training import Corpus

from spacy_ner_archs.architectures.embeddings.vocabulary import collect_vocab


def create_collect_vocab(path: Path) -> Callable[[Language], Language]:
    """Before the initialisation of a pipeline, collect the vocabularies of all its embeddings. An
    `ner_tagger` does that itself, for its own and for a shared tok2vec's; this is for this
    package's embeddings in spaCy's components.

    path (Path): .spacy file or folder with the training data.
    """

    def before_init(nlp: Language) -> Language:
        docs = [eg.predicted for eg in Corpus(path)(nlp)]
        for _, pipe in nlp.pipeline:
            if isinstance(pipe, TrainablePipe):
                collect_vocab(pipe.model, docs)
        return nlp

    return before_init
