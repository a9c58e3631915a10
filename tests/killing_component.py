"""A component for processes of Ray: one text kills the process the first time, another fails."""

import os
import signal
from pathlib import Path

from spacy.language import Language

KILLS, FAILS = "kill this process", "fail on this text"


@Language.factory("killing")
class Killing:
    def __init__(self, nlp: Language, name: str, marker: str):
        self.marker = Path(marker)

    def __call__(self, doc):
        if doc.text == KILLS and not self.marker.exists():
            self.marker.write_text(str(os.getpid()))
            os.kill(os.getpid(), signal.SIGKILL)
        if doc.text == FAILS:
            raise ValueError("this text\nfails")
        return doc
