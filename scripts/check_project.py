"""Check variables before the first step: check_project.py LANG NAME VERSION CORPUS."""

import sys
from pathlib import Path

from spacy_ner_archs.packages import check_name, check_version


def main(lang: str, name: str, version: str, corpus: str) -> None:
    """Exit with one line where a package can't be called so, or the corpus isn't a folder."""
    try:
        check_name(name, lang)
    except ValueError as error:
        sys.exit(f"name: {error}")
    try:
        check_version(version)
    except ValueError as error:
        sys.exit(f"version: {error}")
    if not Path(corpus).is_dir():
        sys.exit(f"corpus: {corpus} is no folder; name the one that the corpus is in")


if __name__ == "__main__":
    main(*sys.argv[1:])
