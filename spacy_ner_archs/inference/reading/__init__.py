"""Files with texts to records, one at a time: nothing here holds a whole file, but for .spacy."""
