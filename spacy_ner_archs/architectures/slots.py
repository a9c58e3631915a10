"""The slots of a model's config, as types."""

from spacy.tokens import Doc
from thinc.api import Model
from thinc.types import Floats2d

#: From docs to vectors of their words: an embedding, or one with an encoder on it.
Tok2Vec = Model[list[Doc], list[Floats2d]]

#: From vectors of words to vectors of words in their context.
Encoder = Model[list[Floats2d], list[Floats2d]]

#: From docs to emissions, with a decoder under the reference "decoder".
Tagger = Model[list[Doc], list[Floats2d]]
