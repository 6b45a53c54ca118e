"""A practice's files: how many there may be, and why one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

import inspector
from inspector.limits import PIXELS
from kb.practices.template import BY_CODE

FIELD = BY_CODE["attachments"]

# What may be uploaded. The kinds and their endings stand in inspector/kinds.py.
FILE_BYTES = 20_000_000
MOST_FILES = FIELD.limit or 0
MOST_BYTES = 100_000_000  # of all files of one practice
# Of those that its earlier drafts name, too: removed ones stay for a while (see upkeep.KEPT).
MOST_KEPT = 4 * MOST_BYTES
LONGEST_LOOK = 60.0  # seconds that the files of one form may take to be looked through
# Every file at once, and what the form says besides.
MOST_POSTED = MOST_BYTES + 2_000_000
EXTENSIONS = tuple(extension for kind in inspector.KINDS for extension in kind.extensions)
MEGABYTE = 1_000_000

# One file as the content of a practice names it (cells.files gives its shape).
Row = Mapping[str, Any]

Reason = (
    inspector.Reason | Literal["too-large", "too-many", "too-much", "kept", "waited", "repeated"]
)

SENTENCES: Mapping[Reason, LazyString] = {
    "empty": _("The file is empty. Look at the original and upload it again."),
    "kind": _(
        "Files of this kind are not taken. Upload a PDF, DOCX, XLSX, ODT, JPEG, PNG or WebP."
    ),
    "mislabelled": _(
        "The content is not what the end of the name says. Open the file in its program, save it"
        " as a PDF, DOCX, XLSX, ODT, JPEG, PNG or WebP, and upload that."
    ),
    "old-office": _(
        "This is a file of an old office program, or it has a password. Save it without a password"
        " as DOCX, XLSX or PDF and upload that."
    ),
    "heic": _("Most browsers cannot show this photo (HEIC). Export it as JPEG and upload that."),
    "encrypted": _("The file has a password. Save it without one and upload that."),
    "unreadable": _(
        "The file is damaged and cannot be read. Open it in its program, save it anew and upload"
        " that."
    ),
    "too-heavy": _(
        "The file takes too long to read. Save a simpler or shorter version and upload that."
    ),
    "too-many-pixels": _(
        "The image is too large: at most %(count)d million pixels, such as 8,000 × 6,000. Make it"
        " smaller and upload it again.",
        count=PIXELS // 1_000_000,
    ),
    "bomb": _("The file unpacks to far more than it should. Save it as PDF and upload that."),
    "polyglot": _(
        "There is something else in the file besides the document. Open it in its program, save it"
        " anew and upload that."
    ),
    "script": _(
        "There is a program (JavaScript) in this PDF. Print it to a new PDF and upload that."
    ),
    "launch": _(
        "This PDF starts other programs or opens pages by itself. Print it to a new PDF and upload"
        " that."
    ),
    "embedded": _(
        "There are other files inside this PDF. Print it to a new PDF and upload the others one by"
        " one."
    ),
    "macros": _("There are macros in this file. Save it as DOCX, XLSX, ODT or PDF without macros."),
    "objects": _(
        "There are objects of other programs in this file. Replace them by pictures, or save it as"
        " PDF, and upload that."
    ),
    "external": _(
        "This file fetches content from elsewhere (a template, a picture or another workbook)."
        " Break these links, or save it as PDF, and upload that."
    ),
    "entities": _(
        "This file has declarations that office programs do not write. Open it in its program,"
        " save it anew and upload that."
    ),
    "repeated": _("This file is there already."),
    "too-large": _(
        "The file is larger than %(size)d MB. Make its pictures smaller, or split it.",
        size=FILE_BYTES // MEGABYTE,
    ),
    "too-many": _(
        "A practice has at most %(count)d files. Remove one that is not needed.", count=MOST_FILES
    ),
    "too-much": _(
        "The files of a practice have at most %(size)d MB together. Remove one that is not needed.",
        size=MOST_BYTES // MEGABYTE,
    ),
    "kept": _(
        "Too many files of this practice were replaced. Those that you remove are kept for some"
        " months, so that earlier drafts can be restored; wait until there is room again."
    ),
    "waited": _("The files before this one took long to look through. Upload this one by itself."),
}


@dataclass(frozen=True)
class Refusal:
    """A file that was not taken, by the name under which it came."""

    name: str
    reason: Reason

    @property
    def sentence(self) -> LazyString:
        """What to do about it."""
        return SENTENCES[self.reason]
