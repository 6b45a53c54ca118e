"""The words of office files, for search: paragraphs, within limits."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse

from inspector.kinds import Kind
from inspector.limits import TEXT

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT_WORD = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_ODF = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"

# Where the text of each kind stands, and which elements are its paragraphs. The names of a
# spreadsheet's columns say little without their cells: it is found by its title.
PLACES = {
    "docx": ("word/document.xml", frozenset({_WORD + "p", _STRICT_WORD + "p"})),
    "odt": ("content.xml", frozenset({_ODF + "p", _ODF + "h"})),
}
_BREAKS = {"tab": "\t", "br": "\n", "line-break": "\n", "s": " "}


def of_office(archive: zipfile.ZipFile, kind: Kind) -> str:
    """The paragraphs of a text document, parted by blank lines; nothing of other kinds."""
    if kind.code not in PLACES or PLACES[kind.code][0] not in archive.namelist():
        return ""
    name, paragraphs = PLACES[kind.code]
    found: list[str] = []
    length = 0
    for element in elements(archive, name, frozenset(paragraphs)):
        if element.tag in paragraphs and (text := _text(element).strip()):
            found.append(text)
            length += len(text)
            if length > TEXT:
                break
    return "\n\n".join(found)


def elements(
    archive: zipfile.ZipFile, name: str, kept: frozenset[str] = frozenset()
) -> Iterator[Element]:
    """Each element of a part as it ends, and then forgotten; those within ``kept`` with theirs."""
    part: IO[bytes]
    with archive.open(name) as part:
        inside = 0
        for event, element in iterparse(part, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                inside += element.tag in kept
                continue
            inside -= element.tag in kept
            yield element
            if not inside:
                element.clear()


def _text(paragraph: Element) -> str:
    pieces = []
    for element in paragraph.iter():
        tag = element.tag.rpartition("}")[2]
        if tag in ("instrText", "delText"):
            continue
        pieces.append(_BREAKS.get(tag, ""))
        pieces.append(element.text or "")
        if element is not paragraph:
            pieces.append(element.tail or "")
    return "".join(pieces)
