"""What tests do with office files: change a word in one, as a person would in Word."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

MAIN = "word/document.xml"


def edited(made: bytes, change: Callable[[str], str], part: str = MAIN) -> bytes:
    """The file with one of its parts changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as before, zipfile.ZipFile(buffer, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == part:
                changed = change(content.decode())
                assert changed != content.decode(), "nothing to change"
                content = changed.encode()
            after.writestr(name, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def changed_text(made: bytes, old: str, new: str, count: int = -1) -> bytes:
    """The document with other words in it."""
    return edited(made, lambda xml: xml.replace(old, new, count))


def with_parts(made: bytes, parts: Mapping[str, bytes]) -> bytes:
    """The file with further parts, or others in place of its own."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as before, zipfile.ZipFile(buffer, "w") as after:
        for name in before.namelist():
            if name not in parts:
                after.writestr(name, before.read(name), zipfile.ZIP_DEFLATED)
        for name, content in parts.items():
            after.writestr(name, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
