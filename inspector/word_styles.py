"""The styles and lists of a Word document: what a paragraph or a run looks like."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from inspector.elements import child_of, children, is_on, local, parsed, value_of

DEEPEST_STYLE = 20


@dataclass(frozen=True)
class Look:
    """Of a paragraph: the English name of its style, its level as a heading, its kind of list."""

    style: str = ""
    level: int = 0
    item: str = ""
    depth: int = 0


class Styles:
    """The styles and lists that a document defines."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        styles = parsed(archive, "word/styles.xml")
        self.styles = {
            value_of(each, "styleId"): each for each in children(styles) if local(each) == "style"
        }
        self.known: dict[str, tuple[Element, ...]] = {}
        self.lists = _lists(parsed(archive, "word/numbering.xml"))

    def look(self, look: Element | None) -> Look:
        """What the properties of a paragraph come to."""
        chain = self._chain(value_of(child_of(look, "pStyle")))
        names = [value_of(child_of(each, "name")).lower() for each in chain]
        headings = (re.fullmatch(r"heading (\d)", name) for name in names)
        level = next((int(found[1]) for found in headings if found), 0)
        style = names[0] if names else ""
        for where in (look, *(child_of(each, "pPr") for each in chain)):
            numbering = child_of(where, "numPr")
            if numbering is not None:
                number = value_of(child_of(numbering, "numId"))
                depth = value_of(child_of(numbering, "ilvl"))
                deep = int(depth) if depth.isdecimal() else 0
                return Look(style, level, self.lists.get((number, deep), ""), deep)
        return Look(style, level)

    def emphasis(self, look: Element | None) -> tuple[bool, bool]:
        """Whether a run of these properties is bold, and whether it is italic."""
        bold, italic = child_of(look, "b"), child_of(look, "i")
        style = value_of(child_of(look, "rStyle"))
        for each in self._chain(style):
            name = value_of(child_of(each, "name")).lower()
            if name in ("strong", "emphasis"):
                return (
                    is_on(bold) if bold is not None else name == "strong",
                    is_on(italic) if italic is not None else name == "emphasis",
                )
        return bold is not None and is_on(bold), italic is not None and is_on(italic)

    def _chain(self, style: str) -> tuple[Element, ...]:
        """The style and what it is based on."""
        if style not in self.known:
            found: list[Element] = []
            name = style
            while name in self.styles and len(found) < DEEPEST_STYLE:
                found.append(self.styles[name])
                name = value_of(child_of(found[-1], "basedOn"))
            self.known[style] = tuple(found)
        return self.known[style]


def _lists(root: Element | None) -> dict[tuple[str, int], str]:
    """bullet or number, by a list's number and depth; lists without a mark are left out."""
    kinds: dict[str, dict[int, str]] = {}
    for each in children(root):
        if local(each) == "abstractNum":
            kinds[value_of(each, "abstractNumId")] = dict(_levels(each))
    found: dict[tuple[str, int], str] = {}
    for each in children(root):
        if local(each) == "num":
            levels = kinds.get(value_of(child_of(each, "abstractNumId")), {})
            found |= {(value_of(each, "numId"), depth): kind for depth, kind in levels.items()}
    return found


def _levels(definition: Element) -> Iterator[tuple[int, str]]:
    for level in definition:
        depth = value_of(level, "ilvl")
        mark = value_of(child_of(level, "numFmt"))
        if local(level) == "lvl" and depth.isdecimal() and mark != "none":
            yield int(depth), "bullet" if mark == "bullet" else "number"
