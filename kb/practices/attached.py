"""Files as the content of a practice names them: what is known of each, and what is to be said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from inspector import BY_MEDIA_TYPE, by_name
from kb.practices.model import Content
from kb.practices.template import LANGUAGES, MEMBERS_ONLY

HASH = re.compile(r"[0-9a-f]{64}")
NAME = re.compile(r"[^/\\\x00-\x1f\x7f]{1,200}")

# What the upload found, which no form changes; the columns of the template are what people say.
FACTS = frozenset({"file", "media_type", "size", "width", "height", "language", "decorative"})


def facts(item: Mapping[str, Any]) -> dict[str, Any] | None:
    """What ``item`` says of the file itself, without what is empty; None where it cannot be."""
    found = {code: item[code] for code in sorted(FACTS & set(item)) if item[code]}
    for code, value in found.items():
        if not _IS_SOUND[code](value):
            return None
    # A page that shows an image has to know its size beforehand.
    known = "width" in found and "height" in found
    whole = {"file", "media_type", "size"} <= set(found) and (known or not is_image(found))
    return found if whole and _is_name_of(found["media_type"], item.get("name")) else None


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and bool(HASH.fullmatch(value))


def _is_name_of(media_type: str, value: object) -> bool:
    """Whether a file of that kind may be saved under the name: it says what it is."""
    if not isinstance(value, str) or not NAME.fullmatch(value):
        return False
    return by_name(value) is BY_MEDIA_TYPE[media_type]


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 40


_IS_SOUND: Mapping[str, Callable[[object], bool]] = {
    "file": _is_hash,
    "media_type": lambda value: isinstance(value, str) and value in BY_MEDIA_TYPE,
    "size": _is_count,
    "width": _is_count,
    "height": _is_count,
    "language": lambda value: value in LANGUAGES,
    "decorative": lambda value: value is True,
}


def is_image(row: Mapping[str, Any]) -> bool:
    """Whether a file of a content is an image."""
    return str(row["media_type"]).startswith("image/")


def undescribed(row: Mapping[str, Any]) -> Iterator[tuple[str, LazyString]]:
    """What a file's description lacks before a submission: the column, and what to do."""
    if not row.get("title"):
        yield "title", _("Give “%(name)s” a title.", name=row["name"])
    if not is_image(row) and not row.get("kind"):
        yield "kind", _("Choose what kind of document “%(name)s” is.", name=row["name"])
    if is_image(row) and not row.get("alt") and not row.get("decorative"):
        message = _("Say what “%(name)s” shows, or that it is only decoration.", name=row["name"])
        yield "alt", message


def strangers(content: Content, uploaded: Mapping[str, tuple[str, int]]) -> list[str]:
    """Names of the files that the content claims without their having been uploaded.

    ``uploaded``: media type and size of the practice's own files, by their hash.
    """
    return [
        row["name"]
        for row in content.get("attachments", [])
        if uploaded.get(row["file"]) != (row["media_type"], row["size"])
    ]


def open_to_all(content: Content) -> list[Mapping[str, Any]]:
    """The files of a content that visitors may read and search may know."""
    return [row for row in content.get("attachments", []) if row.get("licence") != MEMBERS_ONLY]


def language_of(text: str) -> str:
    """The language of a document, by its letters."""
    greek = len(re.findall(r"[\u0370-\u03ff\u1f00-\u1fff]", text))
    latin = len(re.findall(r"[A-Za-z]", text))
    return "el" if greek > latin // 2 else "en"
