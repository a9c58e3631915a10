"""Neural named entity recognition architectures for spaCy."""
