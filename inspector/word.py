"""The content of a Word document as it reads: paragraphs, lists, tables, links, filled-in controls.

Inserted text counts, deleted text does not, comments are passed over; what Word or LibreOffice cut
into pieces for their own ends is put together again.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from inspector.elements import child_of, children, local, parsed, value_of
from inspector.findings import Refused
from inspector.word_styles import Styles

MAIN = "word/document.xml"
# What only wraps other content.
WRAPPERS = frozenset({"ins", "moveTo", "smartTag", "customXml", "Choice", "AlternateContent"})
# What is not there for the reader, or is told in another place.
GONE = frozenset({"del", "moveFrom", "delText", "instrText", "Fallback", "rPr", "pPr", "sdtPr"})
BREAKS = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "\u2011"}
PICTURES = frozenset({"drawing", "pict", "object"})
# Boxes of Wingdings, as older versions of Word tick with them.
SYMBOLS = {
    "F0A8": "☐",
    "F06F": "☐",
    "F0FE": "☒",
    "F078": "☒",
    "F0FD": "☒",
    "F052": "☒",
    "F0FC": "✓",
}
HYPERLINK = re.compile(r'^\s*HYPERLINK\s+"([^"]+)"')


@dataclass(frozen=True)
class Run:
    """Text of one look. ``link`` is where it leads, if anywhere."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


@dataclass
class Paragraph:
    """``slot`` is the tag of the control it stands in; ``blank``: the control was left untouched.

    ``style`` is the English name of its style, in small letters; ``item`` says of what kind a list
    item is, ``depth`` how deep.
    """

    runs: list[Run] = field(default_factory=list)
    style: str = ""
    level: int = 0
    item: str = ""
    depth: int = 0
    slot: str = ""
    blank: bool = False
    bookmarks: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass
class Table:
    """The text of each cell, row by row."""

    rows: list[list[str]]


@dataclass
class Document:
    """``properties`` are the document's own, by name; ``notes`` its foot- and endnotes."""

    blocks: list[Paragraph | Table]
    properties: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    pictures: int = 0


def from_plain(raw: Mapping[str, Any]) -> Document:
    """The document that was written as JSON (see reading.py)."""
    blocks: list[Paragraph | Table] = []
    for each in raw["blocks"]:
        if "rows" in each:
            blocks.append(Table(each["rows"]))
        else:
            blocks.append(Paragraph(**{**each, "runs": [Run(**run) for run in each["runs"]]}))
    return Document(blocks, raw["properties"], raw["notes"], raw["pictures"])


def read(archive: zipfile.ZipFile) -> Document:
    """The document in an archive that was looked through before. Raises Refused."""
    reader = _Reader(archive)
    root = parsed(archive, MAIN)
    body = None if root is None else child_of(root, "body")
    if body is None:
        raise Refused("unreadable")
    return Document(
        list(reader.blocks(body)), _properties(archive), list(_notes(archive)), reader.pictures
    )


def _properties(archive: zipfile.ZipFile) -> dict[str, str]:
    root = parsed(archive, "docProps/custom.xml")
    return {
        each.get("name", ""): "".join(each.itertext()).strip()
        for each in (root if root is not None else ())
    }


def _notes(archive: zipfile.ZipFile) -> Iterator[str]:
    for name in ("word/footnotes.xml", "word/endnotes.xml"):
        root = parsed(archive, name)
        for note in children(root):
            text = "".join(each.text or "" for each in note.iter() if local(each) == "t").strip()
            if text:
                yield text


class _Reader:
    """Reads the body; holds what its paragraphs refer to."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.styles = Styles(archive)
        relations = parsed(archive, "word/_rels/document.xml.rels")
        self.links = {
            each.get("Id", ""): each.get("Target", "")
            for each in children(relations)
            if each.get("Type", "").endswith("/hyperlink")
        }
        self.pictures = 0
        self.waiting: list[str] = []  # bookmarks that stand before their paragraph
        self.field = ""  # the address of the field whose result is being read
        self.code = ""  # of a field, so far
        self.joined: Paragraph | None = None  # a paragraph whose end was deleted

    def blocks(
        self, parent: Element, slot: str = "", blank: bool = False
    ) -> Iterator[Paragraph | Table]:
        for child in parent:
            name = local(child)
            if name == "p":
                yield from self._paragraph(child, slot, blank)
            elif name == "tbl":
                yield from self._unjoined()
                yield Table([list(self._cells(row)) for row in self._rows(child)])
            elif name == "sdt":
                tag, untouched = _control(child)
                content = child_of(child, "sdtContent")
                if content is not None:
                    yield from self.blocks(content, tag or slot, untouched or blank)
            elif name == "bookmarkStart":
                self.waiting.append(value_of(child, "name"))
            elif name in WRAPPERS:
                yield from self.blocks(child, slot, blank)
        yield from self._unjoined()

    def _unjoined(self) -> Iterator[Paragraph]:
        """The paragraph whose end was deleted, where none follows that it could be joined to."""
        if self.joined is not None:
            yield self.joined
            self.joined = None

    def _paragraph(self, element: Element, slot: str, blank: bool) -> Iterator[Paragraph | Table]:
        look = child_of(element, "pPr")
        paragraph = self.joined or Paragraph(**vars(self.styles.look(look)))
        paragraph.slot, paragraph.blank = paragraph.slot or slot, blank
        paragraph.bookmarks += self.waiting
        self.waiting, self.joined = [], None
        boxes: list[Element] = []
        self._runs(element, paragraph, "", boxes)
        if child_of(look, "rPr", "del") is not None:
            self.joined = paragraph
            return
        yield paragraph
        for box in boxes:
            yield from self.blocks(box)

    def _runs(self, parent: Element, into: Paragraph, link: str, boxes: list[Element]) -> None:
        for child in parent:
            name = local(child)
            if name == "r":
                self._run(child, into, link, boxes)
            elif name == "hyperlink":
                address = self.links.get(value_of(child, "id"), "")
                self._runs(child, into, address or link, boxes)
            elif name == "fldSimple":
                found = HYPERLINK.match(value_of(child, "instr"))
                self._runs(child, into, found[1] if found else link, boxes)
            elif name == "sdt":
                tag, untouched = _control(child)
                into.slot = into.slot or tag
                into.blank = into.blank or untouched
                content = child_of(child, "sdtContent")
                self._runs(content if content is not None else child, into, link, boxes)
            elif name == "bookmarkStart":
                into.bookmarks.append(value_of(child, "name"))
            elif name in WRAPPERS:
                self._runs(child, into, link, boxes)

    def _run(self, run: Element, into: Paragraph, link: str, boxes: list[Element]) -> None:
        bold, italic = self.styles.emphasis(child_of(run, "rPr"))
        text = "".join(self._pieces(run, boxes))
        if text:
            into.runs.append(Run(text, bold, italic, link or self.field))

    def _pieces(self, parent: Element, boxes: list[Element]) -> Iterator[str]:
        for child in parent:
            name = local(child)
            if name == "t":
                yield child.text or ""
            elif name == "br":
                yield "\n" if value_of(child, "type") in ("", "textWrapping") else ""
            elif name in BREAKS:
                yield BREAKS[name]
            elif name == "sym":
                yield SYMBOLS.get(value_of(child, "char").upper(), "")
            elif name == "fldChar":
                self._field_begins_or_ends(value_of(child, "fldCharType"))
            elif name == "instrText":
                self.code += child.text or ""
            elif name in PICTURES:
                inner = [each for each in child.iter() if local(each) == "txbxContent"]
                boxes += inner
                self.pictures += not inner
            elif name not in GONE:
                yield from self._pieces(child, boxes)

    def _field_begins_or_ends(self, step: str) -> None:
        if step == "separate":
            found = HYPERLINK.match(self.code)
            self.field = found[1] if found else ""
        else:
            self.field = self.code = ""

    def _rows(self, parent: Element) -> Iterator[Element]:
        for child in parent:
            if local(child) == "tr" and child_of(child, "trPr", "del") is None:
                yield child
            elif local(child) in WRAPPERS | {"sdt", "sdtContent"}:
                yield from self._rows(child)

    def _cells(self, row: Element) -> Iterator[str]:
        for child in row:
            if local(child) == "tc":
                parts = [
                    "" if isinstance(block, Paragraph) and block.blank else _text_of(block)
                    for block in self.blocks(child)
                ]
                yield "\n".join(part for part in parts if part.strip())
                span = value_of(child_of(child, "tcPr", "gridSpan"))
                yield from [""] * (min(int(span), 50) - 1 if span.isdecimal() else 0)
            elif local(child) in WRAPPERS | {"sdt", "sdtContent"}:
                yield from self._cells(child)


def _text_of(block: Paragraph | Table) -> str:
    if isinstance(block, Paragraph):
        return block.text
    return "\n".join(" ".join(cell for cell in row if cell) for row in block.rows)


def _control(element: Element) -> tuple[str, bool]:
    """The tag of a content control, and whether it still shows what it asks for."""
    facts = child_of(element, "sdtPr")
    return value_of(child_of(facts, "tag")), child_of(facts, "showingPlcHdr") is not None
