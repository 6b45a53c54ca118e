"""The archive that an office file is, and the text that may stand in its parts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import escape, quoteattr

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
# What XML cannot hold.
FORBIDDEN = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The oldest that an archive can say; equal parts make equal files.
MOMENT = (1980, 1, 1, 0, 0, 0)


def escaped(value: str) -> str:
    """As the text of an element."""
    return escape(FORBIDDEN.sub("", value))


def attribute(value: str) -> str:
    """As the value of an attribute, in its quotation marks."""
    return quoteattr(FORBIDDEN.sub("", value))


def packed(files: Mapping[str, str]) -> bytes:
    """The parts, by their paths, as one file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, DECLARATION + content)
    return buffer.getvalue()
