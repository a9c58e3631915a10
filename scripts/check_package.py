"""Check what a package will be called: check_package.py LANG NAME VERSION."""

import sys

from spacy_ner_archs.packages import check_name, check_version


def main(lang: str, name: str, version: str) -> None:
    """Exit with one line where a package can't be called so."""
    try:
        check_name(name, lang)
    except ValueError as error:
        sys.exit(f"name: {error}")
    try:
        check_version(version)
    except ValueError as error:
        sys.exit(f"version: {error}")


if __name__ == "__main__":
    main(*sys.argv[1:])
