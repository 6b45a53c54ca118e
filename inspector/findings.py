"""What an inspection says: the file is fine and what it is, or why it is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# What is wrong with a refused file. Whoever shows it to people has a sentence for each.
Reason = Literal[
    "empty",  # no content
    "kind",  # none of the kinds that are taken
    "mislabelled",  # another kind than its name says
    "old-office",  # .doc and the like, or an office file with a password
    "heic",  # a telephone's own image format
    "encrypted",  # needs a password
    "unreadable",  # damaged, or not made by the rules of its kind
    "too-heavy",  # takes too much time or memory to read
    "too-many-pixels",  # an image that is too large to open
    "bomb",  # unpacks to far more than it should
    "polyglot",  # a file of two kinds at once, or with something hidden behind its end
    "script",  # a PDF with a program in it
    "launch",  # a PDF that starts other programs
    "embedded",  # a PDF with files in it
    "macros",  # an office file with a program in it
    "objects",  # an office file with objects of other programs in it
    "external",  # an office file that fetches content from elsewhere
    "entities",  # XML with declarations of its own
]


class Refused(Exception):
    """The file is not taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Finding:
    """What a file is. Images were written anew, without what the camera noted.

    ``text`` is what search may find of a document; ``people`` are the names in its properties,
    comments and changes that could not be taken out; ``peak`` the kilobytes of memory that the
    inspection took.
    """

    kind: str
    text: str = ""
    width: int | None = None
    height: int | None = None
    people: tuple[str, ...] = ()
    peak: int = 0
