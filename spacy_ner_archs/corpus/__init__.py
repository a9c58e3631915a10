"""Annotated text to spaCy Docs and back: the only place that knows of tag schemes.

conll.py, gmb.py    text            -> sentences
retag.py            any tag scheme  -> IOB2, checked
docs.py, split.py   sentences       -> grouped Docs -> .spacy
convert.py          all of the above, for one file
write.py            Docs            -> tags in any scheme, CoNLL text
"""
