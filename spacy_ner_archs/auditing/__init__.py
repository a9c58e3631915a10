"""Wrong labels of a corpus: doubts, their decisions, and corpora without them."""
