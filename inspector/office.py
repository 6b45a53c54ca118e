"""Office files: of the kind they say, without programs, foreign objects or outside content."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from inspector import archive as archives
from inspector import fields, texts
from inspector.findings import Finding, Reason, Refused
from inspector.kinds import KINDS, OLE, ZIP, Kind

CONTENT_TYPES = "[Content_Types].xml"
MANIFEST = "META-INF/manifest.xml"
MAIN = {kind.code: kind.media_type + ".main+xml" for kind in KINDS if kind.family == "ooxml"}
XML = (".xml", ".rels", ".rdf", ".vml")
# No office program writes these; with them, XML can name files and grow without end. Once more
# as UTF-16 has them.
DECLARATIONS = re.compile(
    rb"<!(?:DOCTYPE|ENTITY)|<\0!\0(?:D\0O\0C\0|E\0N\0T\0)|\0<\0!\0(?:D\0O\0C|E\0N\0T)",
    re.IGNORECASE,
)
LONGEST_DECLARATION = 20
# Of the document, and of the charts and formulas in it.
ODF_TEXT = re.compile(r"(?:.*/)?(?:content|styles)\.xml", re.IGNORECASE)

# By a part's path, in small letters.
PARTS: tuple[tuple[re.Pattern[str], Reason], ...] = (
    (re.compile(r"vbaproject|vbadata|macrosheets|/activex/|(?:^|/)(?:basic|scripts)/"), "macros"),
    (re.compile(r"externallinks/|connections\.xml$|/webextensions?/"), "external"),
    (re.compile(r"oleobject|/embeddings/(?!.*\.xlsx$)"), "objects"),
)
MEDIA_TYPES: tuple[tuple[re.Pattern[str], Reason], ...] = (
    (re.compile(r"macroenabled|vbaproject|activex", re.IGNORECASE), "macros"),
    (re.compile(r"oleobject", re.IGNORECASE), "objects"),
)
EMBEDDED_SHEET = re.compile(r"/embeddings/.*\.xlsx$", re.IGNORECASE)
# How programs, archives and documents begin that have no place among pictures and fonts.
FOREIGN = (ZIP, OLE, b"MZ", b"\x7fELF", b"Rar!", b"7z\xbc\xaf")
LOCAL = re.compile(r"file:///[A-Za-z]:[\\/](?![\\/])|[\w .-]+$", re.IGNORECASE)
# Relations that have another document read as if it were a part of this one.
INSERTED = ("/afchunk", "/subdocument")


def inspect(source: BinaryIO, kind: Kind) -> Finding:
    """Raises Refused where the file is not a plain, readable one of that kind."""
    try:
        with archives.opened(source) as archive:
            _check(archive, kind)
            for name in filter(EMBEDDED_SHEET.search, archive.namelist()):
                _check_embedded(archives.whole(archive, name))
            return Finding(kind.code, text=texts.of_office(archive, kind))
    except DefusedXmlException as error:
        raise Refused("entities") from error
    except ParseError as error:
        raise Refused("unreadable") from error


def inspect_file(source: Path, kind: Kind) -> Finding:
    """The same of a file on the disk."""
    with source.open("rb") as file:
        return inspect(file, kind)


def _check_embedded(content: bytes) -> None:
    """The sheet behind a chart: held to the same rules, and nothing further within it."""
    sheet = next(kind for kind in KINDS if kind.code == "xlsx")
    with archives.opened(BytesIO(content)) as archive:
        if any(EMBEDDED_SHEET.search(name) for name in archive.namelist()):
            raise Refused("objects")
        _check(archive, sheet)


def _check(archive: zipfile.ZipFile, kind: Kind) -> None:
    for name in archive.namelist():
        _refuse_match(PARTS, name.lower())
    if kind.family == "ooxml":
        _check_ooxml(archive, kind)
    else:
        _check_odf(archive, kind)
    for name in archive.namelist():
        if name.lower().endswith(XML):
            _refuse_declarations(archive, name)
        elif not EMBEDDED_SHEET.search(name):
            _refuse_foreign(archive, name)
        if kind.code == "docx" and name.lower().endswith(".xml"):
            fields.refuse_fetching(archive, name)


def _refuse_foreign(archive: zipfile.ZipFile, name: str) -> None:
    with archives.part(archive, name) as part:
        if part.read(8).startswith(FOREIGN):
            raise Refused("objects")


def _refuse_match(rules: tuple[tuple[re.Pattern[str], Reason], ...], text: str) -> None:
    for pattern, reason in rules:
        if pattern.search(text):
            raise Refused(reason)


def _refuse_declarations(archive: zipfile.ZipFile, name: str) -> None:
    before = b""
    for chunk in archives.chunks(archive, name):
        if DECLARATIONS.search(before + chunk):
            raise Refused("entities")
        before = chunk[-LONGEST_DECLARATION:]


def _parsed(archive: zipfile.ZipFile, name: str) -> Element:
    root: Element = fromstring(archives.whole(archive, name), forbid_dtd=True)
    return root


def _check_ooxml(archive: zipfile.ZipFile, kind: Kind) -> None:
    if MANIFEST in archive.namelist() and CONTENT_TYPES not in archive.namelist():
        raise Refused("mislabelled")  # of LibreOffice
    types = [each.get("ContentType", "") for each in _parsed(archive, CONTENT_TYPES)]
    for media_type in types:
        _refuse_match(MEDIA_TYPES, media_type)
    if MAIN[kind.code] not in types:
        raise Refused("mislabelled" if set(MAIN.values()) & set(types) else "unreadable")
    for name in archive.namelist():
        if name.lower().endswith(".rels"):
            for relation in _parsed(archive, name):
                _check_relation(relation)


def _check_relation(relation: Element) -> None:
    """Only a link that a person follows may lead out of the file."""
    kind = relation.get("Type", "").lower()
    leads_out = relation.get("TargetMode", "").lower() == "external"
    # Letters are written from a template on a disk of the office; elsewhere there is none.
    own = kind.endswith("/attachedtemplate") and LOCAL.match(relation.get("Target", ""))
    if leads_out and not (own or kind.endswith("/hyperlink")):
        raise Refused("external")
    if kind.endswith(INSERTED):
        raise Refused("objects")


def _check_odf(archive: zipfile.ZipFile, kind: Kind) -> None:
    first = archive.infolist()[0]
    if first.filename != "mimetype" or archives.whole(archive, "mimetype") != (
        kind.media_type.encode("ascii")
    ):
        raise Refused("mislabelled")
    for entry in _parsed(archive, MANIFEST).iter():
        if entry.tag.endswith("}encryption-data"):
            raise Refused("encrypted")
        for value in entry.attrib.values():
            _refuse_match(MEDIA_TYPES, value)
    for name in filter(ODF_TEXT.fullmatch, archive.namelist()):
        for element in texts.elements(archive, name):
            _check_odf_element(element)


def _check_odf_element(element: Element) -> None:
    tag = element.tag.rpartition("}")[2]
    if tag in ("event-listener", "script"):
        raise Refused("macros")
    if tag.startswith("dde-"):
        raise Refused("external")
    for name, value in element.attrib.items():
        leads_out = name.endswith("}href") and re.match(r"[a-z][a-z0-9+.-]*:|//", value, re.I)
        if leads_out and tag != "a":
            raise Refused("external")
