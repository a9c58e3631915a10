"""README and the pages of docs/: their blocks, commands, links and tables."""

import re
import shlex
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

BLOCK = re.compile(r"^( *)```(\w+)([^\n]*)\n(.*?)^\1```$", re.M | re.S)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]*)?\)")
HEADING = re.compile(r"^#+ (.+?)(?: \{ #([\w-]+) \})?$", re.M)
ROW = re.compile(r"^\|(.+)\|$", re.M)


class Block(NamedTuple):
    language: str
    options: str
    code: str


def name_of(page):
    return str(page.relative_to(ROOT))


def blocks_of(page):
    return [
        Block(language, options, re.sub(rf"^{indent}", "", code, flags=re.M))
        for indent, language, options, code in BLOCK.findall(page.read_text())
    ]


def prose_of(page):
    """Without the blocks."""
    return BLOCK.sub("", page.read_text())


def rows_of(page, section):
    """The cells of a section's tables, without their heads."""
    _, text = page.read_text().split(f"\n{section}\n", 1)
    text = re.split(r"^#", text, maxsplit=1, flags=re.M)[0]
    rows = [[cell.strip() for cell in row.split("|")] for row in ROW.findall(text)]
    return [row for row in rows[1:] if not row[0].startswith("---")]


def codes_in(cell):
    return INLINE.findall(cell)


def anchors_of(page):
    """As Python-Markdown makes them of headings."""
    found = HEADING.findall(BLOCK.sub("", page.read_text()))
    return {anchor or slug(re.sub(r"[`*]", "", title)) for title, anchor in found}


def slug(title):
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", title).strip().lower())


def commands_of(page):
    """The words of each shell command in a block, or beginning with `python` in the text. Values
    that the environment gets come first."""
    shell = [block.code for block in blocks_of(page) if block.language == "bash"]
    inline = [code for code in INLINE.findall(prose_of(page)) if code.startswith("python ")]
    return [words for code in [*shell, *inline] for words in _commands(code)]


def _commands(code):
    pending = ""
    for line in code.replace("\\\n", " ").splitlines():
        pending = f"{pending}\n{line}".strip()
        try:
            words = shlex.split(pending, comments=True)
        except ValueError:  # a quote that ends in a line below
            continue
        pending = ""
        yield from _simple_commands(words)


def _simple_commands(words):
    if words[:1] in (["for"], ["done"]):
        return
    if ">" in words:
        words = words[: words.index(">")]
    if "|" in words:
        yield from _simple_commands(words[: words.index("|")])
        words = words[words.index("|") + 1 :]
    if words:
        yield words
