"""Lets mkdocstrings read docstrings as spaCy writes them: an argument is a line
`name (type): meaning`, and what comes back is `RETURNS (type): meaning`."""

import re
import textwrap
from typing import Any

import griffe

ITEM = re.compile(r"(?P<name>\w+) \((?P<type>[^()]+(\([^()]*\))*[^()]*)\): ")


class SpacyDocstrings(griffe.Extension):
    """Rewrites them into Google's sections, which Griffe parses."""

    def on_object(self, *, obj: griffe.Object, **kwargs: Any) -> None:
        if obj.docstring:
            obj.docstring.value = to_google(obj.docstring.value)


def to_google(docstring: str) -> str:
    """Of a docstring without indentation; an item's further lines are indented."""
    text: list[str] = []
    sections: dict[str, list[str]] = {"Args": [], "Returns": []}
    lines = text
    for line in textwrap.dedent(docstring).splitlines():
        if found := ITEM.match(line):
            name, rest = found["name"], line[found.end() :]
            lines = sections["Returns" if name == "RETURNS" else "Args"]
            start = found["type"] if name == "RETURNS" else f"{name} ({found['type']})"
            lines.append(f"    {start}: {rest}")
        elif lines is text or not line.startswith(" "):
            lines = text
            lines.append(line)
        else:
            lines.append(f"    {line}")
    parts = [f"{title}:\n" + "\n".join(items) for title, items in sections.items() if items]
    return "\n\n".join(["\n".join(text).strip(), *parts])
