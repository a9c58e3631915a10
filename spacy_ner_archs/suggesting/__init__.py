"""Which texts, or which spans of them, an annotator should be asked for."""
