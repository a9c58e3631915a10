"""Check downloaded files against known SHA-256 sums: verify.py SUMS FOLDER."""

import hashlib
import sys
from pathlib import Path


def main(sums: Path, folder: Path) -> None:
    """Compare the files of the folder that the sums list; exit with one line where one differs."""
    checked = 0
    for line in sums.read_text(encoding="utf-8").splitlines():
        expected, name = line.split(maxsplit=1)
        path = sums.parent / name
        if path.parent != folder:
            continue
        if not path.is_file():
            sys.exit(f"{path}: missing; download it with: python -m spacy project assets . --extra")
        if hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            sys.exit(f"{path}: not the file that is expected (SHA-256 {expected}); delete it")
        print(f"{path}: ok")
        checked += 1
    if not checked:
        sys.exit(f"{folder}: {sums} has no sum of a file in it")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
