"""The content of a Word document as it reads: paragraphs, lists, tables, links, filled-in controls.

Inserted text counts, deleted text does not, comments are passed over; what Word or LibreOffice cut
into pieces for their own ends is put together again.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import parse

from inspector.findings import Refused

LONGEST_PART = 12 * 1024 * 1024  # bytes of the document itself, its pictures apart
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
OFF = frozenset({"0", "false", "off", "none"})
HYPERLINK = re.compile(r'^\s*HYPERLINK\s+"([^"]+)"')
DEEPEST_STYLE = 20


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
    root = _parsed(archive, MAIN)
    body = None if root is None else _child(root, "body")
    if body is None:
        raise Refused("unreadable")
    return Document(
        list(reader.blocks(body)), _properties(archive), list(_notes(archive)), reader.pictures
    )


def _children(element: Element | None) -> Iterable[Element]:
    """What is in it; an element's own truth is being taken out of Python."""
    return () if element is None else element


def _parsed(archive: zipfile.ZipFile, name: str) -> Element | None:
    if name not in archive.namelist():
        return None
    if archive.getinfo(name).file_size > LONGEST_PART:
        raise Refused("too-heavy")
    with archive.open(name) as part:
        root: Element = parse(part, forbid_dtd=True).getroot()
        return root


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _child(element: Element | None, *path: str) -> Element | None:
    for name in path:
        element = next((each for each in _children(element) if _local(each) == name), None)
    return element


def _value(element: Element | None, name: str = "val") -> str:
    for key, value in (element.attrib if element is not None else {}).items():
        if key.rpartition("}")[2] == name:
            return value
    return ""


def _is_on(element: Element) -> bool:
    return _value(element).lower() not in OFF


def _properties(archive: zipfile.ZipFile) -> dict[str, str]:
    root = _parsed(archive, "docProps/custom.xml")
    return {
        each.get("name", ""): "".join(each.itertext()).strip()
        for each in (root if root is not None else ())
    }


def _notes(archive: zipfile.ZipFile) -> Iterator[str]:
    for name in ("word/footnotes.xml", "word/endnotes.xml"):
        root = _parsed(archive, name)
        for note in _children(root):
            text = "".join(each.text or "" for each in note.iter() if _local(each) == "t").strip()
            if text:
                yield text


class _Reader:
    """Reads the body; holds what its paragraphs refer to."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        styles = _parsed(archive, "word/styles.xml")
        self.styles = {
            _value(each, "styleId"): each for each in _children(styles) if _local(each) == "style"
        }
        self.known: dict[str, tuple[Element, ...]] = {}
        self.lists = _lists(_parsed(archive, "word/numbering.xml"))
        relations = _parsed(archive, "word/_rels/document.xml.rels")
        self.links = {
            each.get("Id", ""): each.get("Target", "")
            for each in _children(relations)
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
            name = _local(child)
            if name == "p":
                yield from self._paragraph(child, slot, blank)
            elif name == "tbl":
                yield Table([list(self._cells(row)) for row in self._rows(child)])
            elif name == "sdt":
                tag, untouched = _control(child)
                content = _child(child, "sdtContent")
                if content is not None:
                    yield from self.blocks(content, tag or slot, untouched or blank)
            elif name == "bookmarkStart":
                self.waiting.append(_value(child, "name"))
            elif name in WRAPPERS:
                yield from self.blocks(child, slot, blank)

    def _paragraph(self, element: Element, slot: str, blank: bool) -> Iterator[Paragraph | Table]:
        look = _child(element, "pPr")
        paragraph = self.joined or self._look(look)
        paragraph.slot, paragraph.blank = paragraph.slot or slot, blank
        paragraph.bookmarks += self.waiting
        self.waiting, self.joined = [], None
        boxes: list[Element] = []
        self._runs(element, paragraph, "", boxes)
        if _child(look, "rPr", "del") is not None:
            self.joined = paragraph
            return
        yield paragraph
        for box in boxes:
            yield from self.blocks(box)

    def _look(self, look: Element | None) -> Paragraph:
        style = _value(_child(look, "pStyle"))
        chain = self._chain(style)
        names = [_value(_child(each, "name")).lower() for each in chain]
        paragraph = Paragraph(style=names[0] if names else "")
        for name in names:
            if found := re.fullmatch(r"heading (\d)", name):
                paragraph.level = int(found[1])
                break
        for where in (look, *(_child(each, "pPr") for each in chain)):
            numbering = _child(where, "numPr")
            if numbering is not None:
                number = _value(_child(numbering, "numId"))
                depth = _value(_child(numbering, "ilvl"))
                paragraph.depth = int(depth) if depth.isdecimal() else 0
                paragraph.item = self.lists.get((number, paragraph.depth), "")
                break
        return paragraph

    def _chain(self, style: str) -> tuple[Element, ...]:
        """The style and what it is based on."""
        if style not in self.known:
            found: list[Element] = []
            name = style
            while name in self.styles and len(found) < DEEPEST_STYLE:
                found.append(self.styles[name])
                name = _value(_child(found[-1], "basedOn"))
            self.known[style] = tuple(found)
        return self.known[style]

    def _runs(self, parent: Element, into: Paragraph, link: str, boxes: list[Element]) -> None:
        for child in parent:
            name = _local(child)
            if name == "r":
                self._run(child, into, link, boxes)
            elif name == "hyperlink":
                address = self.links.get(_value(child, "id"), "")
                self._runs(child, into, address or link, boxes)
            elif name == "fldSimple":
                found = HYPERLINK.match(_value(child, "instr"))
                self._runs(child, into, found[1] if found else link, boxes)
            elif name == "sdt":
                tag, untouched = _control(child)
                into.slot = into.slot or tag
                into.blank = into.blank or untouched
                content = _child(child, "sdtContent")
                self._runs(content if content is not None else child, into, link, boxes)
            elif name == "bookmarkStart":
                into.bookmarks.append(_value(child, "name"))
            elif name in WRAPPERS:
                self._runs(child, into, link, boxes)

    def _run(self, run: Element, into: Paragraph, link: str, boxes: list[Element]) -> None:
        bold, italic = self._emphasis(_child(run, "rPr"))
        text = "".join(self._pieces(run, boxes))
        if text:
            into.runs.append(Run(text, bold, italic, link or self.field))

    def _emphasis(self, look: Element | None) -> tuple[bool, bool]:
        bold, italic = _child(look, "b"), _child(look, "i")
        style = _value(_child(look, "rStyle"))
        for each in self._chain(style):
            name = _value(_child(each, "name")).lower()
            if name in ("strong", "emphasis"):
                return (
                    _is_on(bold) if bold is not None else name == "strong",
                    _is_on(italic) if italic is not None else name == "emphasis",
                )
        return bold is not None and _is_on(bold), italic is not None and _is_on(italic)

    def _pieces(self, parent: Element, boxes: list[Element]) -> Iterator[str]:
        for child in parent:
            name = _local(child)
            if name == "t":
                yield child.text or ""
            elif name == "br":
                yield "\n" if _value(child, "type") in ("", "textWrapping") else ""
            elif name in BREAKS:
                yield BREAKS[name]
            elif name == "sym":
                yield SYMBOLS.get(_value(child, "char").upper(), "")
            elif name == "fldChar":
                self._field_begins_or_ends(_value(child, "fldCharType"))
            elif name == "instrText":
                self.code += child.text or ""
            elif name in PICTURES:
                inner = [each for each in child.iter() if _local(each) == "txbxContent"]
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
            if _local(child) == "tr" and _child(child, "trPr", "del") is None:
                yield child
            elif _local(child) in WRAPPERS | {"sdt", "sdtContent"}:
                yield from self._rows(child)

    def _cells(self, row: Element) -> Iterator[str]:
        for child in row:
            if _local(child) == "tc":
                parts = [
                    "" if isinstance(block, Paragraph) and block.blank else _text_of(block)
                    for block in self.blocks(child)
                ]
                yield "\n".join(part for part in parts if part.strip())
                span = _value(_child(child, "tcPr", "gridSpan"))
                yield from [""] * (min(int(span), 50) - 1 if span.isdecimal() else 0)
            elif _local(child) in WRAPPERS | {"sdt", "sdtContent"}:
                yield from self._cells(child)


def _text_of(block: Paragraph | Table) -> str:
    if isinstance(block, Paragraph):
        return block.text
    return "\n".join(" ".join(cell for cell in row if cell) for row in block.rows)


def _control(element: Element) -> tuple[str, bool]:
    """The tag of a content control, and whether it still shows what it asks for."""
    facts = _child(element, "sdtPr")
    return _value(_child(facts, "tag")), _child(facts, "showingPlcHdr") is not None


def _lists(root: Element | None) -> dict[tuple[str, int], str]:
    """bullet or number, by a list's number and depth; lists without a mark are left out."""
    kinds: dict[str, dict[int, str]] = {}
    for each in _children(root):
        if _local(each) == "abstractNum":
            kinds[_value(each, "abstractNumId")] = dict(_levels(each))
    found: dict[tuple[str, int], str] = {}
    for each in _children(root):
        if _local(each) == "num":
            levels = kinds.get(_value(_child(each, "abstractNumId")), {})
            found |= {(_value(each, "numId"), depth): kind for depth, kind in levels.items()}
    return found


def _levels(definition: Element) -> Iterator[tuple[int, str]]:
    for level in definition:
        depth = _value(level, "ilvl")
        mark = _value(_child(level, "numFmt"))
        if _local(level) == "lvl" and depth.isdecimal() and mark != "none":
            yield int(depth), "bullet" if mark == "bullet" else "number"
