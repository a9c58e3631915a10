"""Annotated texts to the bytes of a file. A file is written in shards, which are joined."""
