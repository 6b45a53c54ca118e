"""Fields of a Word document that start a program or fetch what stands elsewhere."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from inspector import archive as archives
from inspector import texts
from inspector.elements import local, value_of
from inspector.findings import Refused

# What a part with fields holds, in either encoding.
CODES = re.compile(rb"instrText|fldSimple|i\0n\0s\0t\0r\0T|f\0l\0d\0S\0i")
LONGEST_CODE = 20
# A picture that came along from a web page is fetched; one that stood on somebody's disk is not.
FETCHING = re.compile(
    r"\s*(?:(?:DDE|DDEAUTO|LINK|INCLUDETEXT|INCLUDE|IMPORT|DATABASE)\b"
    r"|INCLUDEPICTURE\b(?:.*\b(?:https?|ftp):|\s+(?:\\\w\s+)*\"?[\\/]{2}))",
    re.IGNORECASE | re.DOTALL,
)
# In place of a field's code, where what it showed when it was saved begins.
RESULT = "(result)"


def refuse_fetching(archive: zipfile.ZipFile, name: str) -> None:
    """Raise Refused where a field of the part does; parts without fields are not parsed."""
    if _has_fields(archive, name):
        for code in _codes(texts.elements(archive, name)):
            if FETCHING.match(code):
                raise Refused("external")


def _has_fields(archive: zipfile.ZipFile, name: str) -> bool:
    before = b""
    for chunk in archives.chunks(archive, name):
        if CODES.search(before + chunk):
            return True
        before = chunk[-LONGEST_CODE:]
    return False


def _codes(elements: Iterator[Element]) -> Iterator[str]:
    """What each field says; of one within another, which may give the other its name, both."""
    open_codes: list[str] = []
    for element in elements:
        name = local(element)
        if name == "fldSimple":
            yield value_of(element, "instr")
        elif name == "instrText" and open_codes:
            open_codes[-1] += element.text or ""
        elif name == "fldChar":
            yield from _step(value_of(element, "fldCharType"), open_codes)


def _step(step: str, open_codes: list[str]) -> Iterator[str]:
    if step == "begin":
        # The name of a field is never put together by another, except to hide it.
        if open_codes and not open_codes[-1].strip():
            raise Refused("external")
        open_codes.append("")
    elif step == "separate" and open_codes:
        yield open_codes[-1]
        open_codes[-1] = RESULT
    elif step == "end" and open_codes:
        yield open_codes.pop()
