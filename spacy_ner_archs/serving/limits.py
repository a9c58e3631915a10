from typing import NamedTuple

#: JSON takes at most so many bytes for a character: two escapes of the kind of \ud83d.
BYTES_PER_CHAR = 12
#: Of a request beside its texts' characters: settings, quotes, commas.
OTHER_BYTES = 64 * 1024


class Limits(NamedTuple):
    """What a service takes.

    texts: of a request. chars: of a request, its texts together. batch: texts that are computed at
    a time; their characters are at most `chars`, too. waiting: texts in the queue.
    """

    texts: int = 256
    chars: int = 100_000
    batch: int = 256
    waiting: int = 1024

    @property
    def bytes(self) -> int:
        """Of a request's body."""
        return BYTES_PER_CHAR * self.chars + OTHER_BYTES
