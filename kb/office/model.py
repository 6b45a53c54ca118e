"""What an office file may be, and what to tell people about one that is not taken."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from inspector import Reason

MOST_BYTES = 10_000_000  # of one office file
# The file and what the form says besides; a browser that sends more gets the page on large forms.
MOST_POSTED = 2 * MOST_BYTES
MOST_ROWS = 2000  # of one import

TOO_LARGE = _(
    "The file is larger than %(size)d MB. Take out the pictures, or split it, and upload it again.",
    size=MOST_BYTES // 1_000_000,
)
TOO_MANY_ROWS = _(
    "The file has more than %(count)s practices. Split it into several.", count=MOST_ROWS
)
NO_FILE = _("Choose a file.")

_ANEW = _("The file is damaged. Open it in its program, save it anew and upload that.")
_SENTENCES: Mapping[Reason, LazyString] = {
    "empty": _("The file is empty. Look at the original and upload it again."),
    "old-office": _(
        "This is a file of an old office program, or it has a password. Save it without a password"
        " as %(kind)s and upload that."
    ),
    "encrypted": _("The file has a password. Save it without one and upload that."),
    "mislabelled": _(
        "This is not a file of the kind %(kind)s. Save it as %(kind)s and upload that."
    ),
    "unreadable": _ANEW,
    "too-heavy": _("The file takes too long to read. Begin with the template and copy the texts."),
    "bomb": _(
        "The file unpacks to far more than it should. Begin with the template and copy the texts."
    ),
    "polyglot": _(
        "There is something else in the file besides the document. Open it in its program, save it"
        " anew and upload that."
    ),
    "macros": _("There are macros in this file. Save it as %(kind)s without macros."),
    "objects": _(
        "There are objects of other programs in this file. Take them out and upload it again."
    ),
    "external": _(
        "This file fetches content from elsewhere (a template, a picture or another workbook)."
        " Break these links and upload it again."
    ),
    "entities": _(
        "This file has declarations that office programs do not write. Open it in its program,"
        " save it anew and upload that."
    ),
}


def sentence(reason: Reason, kind: str) -> str:
    """What to do about a file that is not taken; ``kind`` is what it should be: DOCX, XLSX."""
    return str(_SENTENCES.get(reason, _ANEW)) % {"kind": kind}
