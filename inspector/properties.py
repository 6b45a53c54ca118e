"""Who made a document, as it says unseen: taken out where nothing that people see changes."""

from __future__ import annotations

import itertools
import mmap
import re
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject, StreamObject

from inspector import archive as archives
from inspector.authors import Authors
from inspector.limits import TEXT

# Where office files keep their properties, and which of those name a person.
PARTS = re.compile(r"docprops/(?:core|app)\d*\.xml|.*\.psmdcp|meta\.xml", re.IGNORECASE)
TAGS = frozenset({"creator", "lastModifiedBy", "Manager", "initial-creator", "printed-by"})
ELEMENT = re.compile(
    rb"(<((?:[\w-]+:)?(?:%s))\b[^<>]*(?<!/)>)[^<]*(</\2\s*>)" % b"|".join(map(str.encode, TAGS))
)

CREATOR = re.compile(rb"<((?:dc:creator|pdf:Author))\b[^>]*>(.*?)</\1\s*>", re.DOTALL)
CREATOR_ATTRIBUTE = re.compile(rb"""\b(?:dc:creator|pdf:Author)\s*=\s*(["'])(.*?)\1""", re.DOTALL)
WORDS = re.compile(rb"(?:^|(?<=>))[^<]+")
LITERAL, HEXADECIMAL = b"(", b"<"

# A signature holds for every byte.
SIGNATURES = re.compile(r"_xmlsignatures/|META-INF/.*signatures.*\.xml", re.IGNORECASE)

Span = tuple[int, int, bytes]


def without_people(source: Path, family: str, into: Path) -> tuple[str, ...]:
    """The names that are left in the document's properties, mostly none.

    Who commented on an office file or changed it is named nowhere in it, either.

    Where there were names to take out, the document without them is written to ``into``; every
    other part of it stays byte for byte what it was.
    """
    return _of_pdf(source, into) if family == "pdf" else _of_office(source, into)


def _of_office(source: Path, into: Path) -> tuple[str, ...]:
    authors = Authors()
    with zipfile.ZipFile(source) as archive:
        names = archive.namelist()
        properties = {
            each: archives.whole(archive, each) for each in filter(PARTS.fullmatch, names)
        }
        people = {each: _people_in(content) for each, content in properties.items()}
        blank = {
            each: ELEMENT.sub(rb"\1\3", properties[each]) for each in names if people.get(each)
        }
        changed = [each for each in names if each in blank or authors.are_named_in(archive, each)]
        if any(map(SIGNATURES.match, names)):
            left = [*itertools.chain.from_iterable(people.values()), *authors.people]
            return tuple(dict.fromkeys(left))

        def content_of(name: str) -> Iterable[bytes]:
            if name in blank:
                return [blank[name]]
            if name in changed:
                return authors.without_names(archive, name)
            return archives.chunks(archive, name)

        if changed:
            _write_anew(archive, content_of, into)
    left = [name for content in blank.values() for name in _people_in(content)]
    return tuple(dict.fromkeys(left))


def _people_in(content: bytes) -> list[str]:
    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return []
    texts = (each.text or "" for each in root.iter() if each.tag.rpartition("}")[2] in TAGS)
    return [text.strip() for text in texts if text.strip()]


def _write_anew(
    archive: zipfile.ZipFile, content_of: Callable[[str], Iterable[bytes]], into: Path
) -> None:
    """The same parts in the same order, packed as they were."""
    with zipfile.ZipFile(into, "w") as target:
        for entry in archive.infolist():
            copy = zipfile.ZipInfo(entry.filename, entry.date_time)
            copy.compress_type, copy.external_attr = entry.compress_type, entry.external_attr
            with target.open(copy, "w") as part:
                for chunk in content_of(entry.filename):
                    part.write(chunk)


def _of_pdf(source: Path, into: Path) -> tuple[str, ...]:
    """Names are written over where they stand: all else in a PDF is found by its distance."""
    people = _told(source, _people_of)
    if not people:
        return ()
    with source.open("rb") as pdf, mmap.mmap(pdf.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(b"/ByteRange") >= 0:  # it is signed
            return tuple(people)
        spans = _told(source, lambda reader: list(_spans(reader, content)))
    shutil.copyfile(source, into)
    with into.open("r+b") as file:
        for start, end, blank in spans:
            file.seek(start)
            file.write((blank * (end - start))[: end - start])
    return tuple(_told(into, _people_of))


def _told(path: Path, ask: Callable[[PdfReader], list[Any]]) -> list[Any]:
    with path.open("rb") as stream:
        try:
            return ask(PdfReader(stream, strict=False))
        except MemoryError:
            raise
        except Exception:  # pypdf raises whatever a damaged part makes it stumble over
            return []


def _people_of(reader: PdfReader) -> list[str]:
    found = [str(reader.metadata.get("/Author") or "")] if reader.metadata else []
    with suppress(Exception):  # where it is not XML, no program shows it either
        found += list((reader.xmp_metadata and reader.xmp_metadata.dc_creator) or [])
    return list(dict.fromkeys(name.strip()[:TEXT] for name in found if name and name.strip()))


def _spans(reader: PdfReader, content: mmap.mmap) -> Iterator[Span]:
    """Where in the file names stand, and what is written over them."""
    info = dict.get(reader.trailer, "/Info")
    place = _place(reader, info)
    said = info.get_object() if isinstance(info, IndirectObject) else None
    if place and isinstance(said, DictionaryObject):
        if elsewhere := _place(reader, dict.get(said, "/Author")):
            yield from _string(content, elsewhere, re.compile(rb"\bobj\s*"))
        else:
            yield from _string(content, place, re.compile(rb"/Author\s*"))
    root = reader.trailer["/Root"]
    metadata = dict.get(root, "/Metadata") if isinstance(root, DictionaryObject) else None
    place = _place(reader, metadata)
    if place and isinstance(metadata, IndirectObject):
        stream = metadata.get_object()
        if isinstance(stream, StreamObject) and "/Filter" not in stream:
            yield from _creators(content, place, content.find(b"endstream", place))


def _place(reader: PdfReader, reference: object) -> int | None:
    """Where an object begins, unless it is packed together with others."""
    if not isinstance(reference, IndirectObject) or reference.idnum in reader.xref_objStm:
        return None
    return reader.xref.get(reference.generation, {}).get(reference.idnum)


def _string(content: mmap.mmap, start: int, before: re.Pattern[bytes]) -> Iterator[Span]:
    """The inside of the string that follows ``before`` in the object at ``start``."""
    found = before.search(content, start, max(start, content.find(b"endobj", start)))
    if found is None:
        return
    begin = found.end() + 1
    kind = content[found.end() : begin]
    if kind == LITERAL:
        yield begin, _end_of_literal(content, begin), b" "
    elif kind == HEXADECIMAL and content[begin : begin + 1] != HEXADECIMAL:
        yield begin, content.find(b">", begin), b"20"


def _end_of_literal(content: mmap.mmap, begin: int) -> int:
    depth, position = 1, begin
    while position < len(content):
        character = content[position : position + 1]
        depth += (character == b"(") - (character == b")")
        if not depth:
            return position
        position += 2 if character == b"\\" else 1
    return begin


def _creators(content: mmap.mmap, start: int, end: int) -> Iterator[Span]:
    for found in CREATOR.finditer(content, start, end):
        for words in WORDS.finditer(content, found.start(2), found.end(2)):
            yield words.start(), words.end(), b" "
    for found in CREATOR_ATTRIBUTE.finditer(content, start, end):
        yield found.start(2), found.end(2), b" "
