"""PDF files: well-formed, open to read, and without anything that runs or hides in them."""

from __future__ import annotations

import mmap
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject, PdfObject

from inspector.findings import Finding, Reason, Refused
from inspector.limits import PDF_OBJECTS, TEXT, TEXT_PAGES, TEXT_SECONDS

# Names that have no place in a document that is only read, as keys or as kinds of actions.
FORBIDDEN: dict[str, Reason] = {
    "/JavaScript": "script",
    "/JS": "script",
    "/XFA": "script",
    "/Launch": "launch",
    "/ImportData": "launch",
    "/GoToE": "embedded",
    "/EmbeddedFile": "embedded",
    "/EmbeddedFiles": "embedded",
    "/EF": "embedded",
    "/RichMedia": "embedded",
}
TELLING = ("/S", "/Type", "/Subtype")  # the keys whose values are looked at, too
# What a link may do when somebody follows it, and no document by itself when it is opened.
ONLY_FOLLOWED = frozenset({"/URI", "/SubmitForm", "/GoToR"})
# Long enough that no picture has them by chance: whatever part of the file they stand in.
ANYWHERE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")
ESCAPED = re.compile(rb"/[^\s/<>\[\]()%{}]*#[0-9a-fA-F]{2}[^\s/<>\[\]()%{}]*")
MARKUP = re.compile(rb"<(?:!doctype|html|script|svg|\?xml|\?php)", re.IGNORECASE)
HEAD = 1024


def inspect(source: Path) -> Finding:
    """Raises Refused where the file is not a plain, readable PDF."""
    _look_at_bytes(source)
    try:
        with source.open("rb") as stream:
            reader = PdfReader(stream, strict=False)
            if reader.is_encrypted:
                raise Refused("encrypted")
            _look_at_objects(reader)
            if not len(reader.pages):
                raise Refused("unreadable")
            return Finding("pdf", text=_text(reader))
    except (Refused, MemoryError, RecursionError):
        raise
    except Exception as error:  # pypdf raises whatever a damaged file makes it stumble over
        raise Refused("unreadable") from error


def _look_at_bytes(source: Path) -> None:
    with source.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        end = content.rfind(b"%%EOF")
        if end < 0:
            raise Refused("unreadable")
        if content[end + 5 : end + 5 + HEAD].strip(b"\0\t\n\f\r ") or end + HEAD < len(content):
            raise Refused("polyglot")
        if MARKUP.search(content[:HEAD]) or zipfile.is_zipfile(source):
            raise Refused("polyglot")
        found = ANYWHERE.search(content)
        names = [found[0]] if found else []
        for name in [*names, *(_unescaped(match[0]) for match in ESCAPED.finditer(content))]:
            if ANYWHERE.fullmatch(name):
                raise Refused(FORBIDDEN[name.decode("ascii")])


def _unescaped(name: bytes) -> bytes:
    return re.sub(rb"#([0-9a-fA-F]{2})", lambda match: bytes([int(match[1], 16)]), name)


def _look_at_objects(reader: PdfReader) -> None:
    """Walk all that can be reached from the root, through compressed objects, too."""
    for value in _reachable(reader):
        if not isinstance(value, DictionaryObject):
            continue
        for key, inner in dict.items(value):
            if key in FORBIDDEN:
                raise Refused(FORBIDDEN[key])
            if key in TELLING and str(inner) in FORBIDDEN:
                raise Refused(FORBIDDEN[str(inner)])
            if key == "/OpenAction" and _kind_of_action(inner) in ONLY_FOLLOWED:
                raise Refused("launch")


def _kind_of_action(action: object) -> str:
    found = action.get_object() if isinstance(action, IndirectObject) else action
    return str(dict.get(found, "/S", "")) if isinstance(found, DictionaryObject) else ""


def _reachable(reader: PdfReader) -> Iterator[PdfObject]:
    seen: set[tuple[int, int]] = set()
    waiting: list[object] = [dict.get(reader.trailer, "/Root")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, IndirectObject):
            key = (value.generation, value.idnum)
            if key in seen:
                continue
            seen.add(key)
            if len(seen) > PDF_OBJECTS:
                raise Refused("too-heavy")
            value = value.get_object()
            # Nothing is kept: the pictures of a whole file would be in memory at once.
            reader.resolved_objects.pop(key, None)
        if isinstance(value, DictionaryObject):
            waiting += dict.values(value)
        elif isinstance(value, list):
            waiting += list.__iter__(value)
        if isinstance(value, PdfObject):
            yield value


def _text(reader: PdfReader) -> str:
    """As much of the text as the limits allow; a page that cannot be read is passed over."""
    found: list[str] = []
    length, begun = 0, time.monotonic()
    for number in range(min(len(reader.pages), TEXT_PAGES)):
        if length > TEXT or time.monotonic() - begun > TEXT_SECONDS:
            break
        try:
            page = reader.pages[number].extract_text()
        except MemoryError:
            break
        except Exception:  # noqa: S112 – a page of its own making; the next may be sound
            continue
        found.append(page)
        length += len(page)
        reader.resolved_objects.clear()
    return "\n\n".join(found)
