"""Parts of an office file as trees of elements, whose names count without their namespaces."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import parse

from inspector.findings import Refused

LONGEST_PART = 12 * 1024 * 1024  # bytes
OFF = frozenset({"0", "false", "off", "none"})


def parsed(archive: zipfile.ZipFile, name: str) -> Element | None:
    """A part that is read whole; None where there is none. Raises Refused."""
    if name not in archive.namelist():
        return None
    if archive.getinfo(name).file_size > LONGEST_PART:
        raise Refused("too-heavy")
    with archive.open(name) as part:
        root: Element = parse(part, forbid_dtd=True).getroot()
        return root


def local(element: Element) -> str:
    """An element's name."""
    return element.tag.rpartition("}")[2]


def child_of(element: Element | None, *path: str) -> Element | None:
    """The first element of that name within, and of the next name within that."""
    for name in path:
        element = next((each for each in children(element) if local(each) == name), None)
    return element


def value_of(element: Element | None, name: str = "val") -> str:
    """An attribute of it; empty where it has none."""
    for key, value in (element.attrib if element is not None else {}).items():
        if key.rpartition("}")[2] == name:
            return value
    return ""


def is_on(element: Element) -> bool:
    """Whether a look that is named holds: it may be named to say that it does not."""
    return value_of(element).lower() not in OFF


def children(element: Element | None) -> Iterable[Element]:
    """What is in it; an element's own truth is being taken out of Python."""
    return () if element is None else element
