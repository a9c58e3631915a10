"""Annotated text to spaCy Docs and back: the only place that knows of tag schemes.

files.py, binary.py   a file          -> its lines, or what it is if it is no text
layout.py             first lines     -> which column holds what
conll.py, gmb.py      lines           -> rows, a number each (rows.py)
retag.py              any tag scheme  -> IOB2, checked
sentences.py          rows            -> sentences
docs.py, split.py     sentences       -> grouped Docs -> .spacy (docbin_file.py)
convert.py            all of the above, for one file
write.py              Docs            -> tags in any scheme, CoNLL text
"""
