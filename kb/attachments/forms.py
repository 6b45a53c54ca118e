"""The form of a practice's files: what it says of each, and what is wrong with that."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict

from kb.attachments.actions import Description, mark
from kb.attachments.model import FIELD, Row
from kb.practices import attached
from kb.practices.problems import Known
from kb.practices.template import LANGUAGES
from kb.practices.validation import check_shape

KEY_LENGTH = 12
NAME_LENGTH = 150
# By the column that lacks something: the first of its inputs.
FIRST_INPUT = {"title": "title_el", "alt": "alt_el", "kind": "kind"}


@dataclass
class Described:
    """What a form says of the files that it showed; ``errors`` by the name of an input."""

    descriptions: dict[str, Description] = field(default_factory=dict)
    errors: dict[str, LazyString] = field(default_factory=dict)


def key(row: Row) -> str:
    """What the inputs of a file have in their names."""
    return str(row["file"])[:KEY_LENGTH]


def read(form: MultiDict[str, str], rows: Sequence[Row], known: Known, whole: bool) -> Described:
    """What the form says of ``rows``; those that it did not show are left out.

    ``whole``: what is missing is an error, too.
    """
    found = Described()
    for row in rows:
        if f"mark-{key(row)}" not in form:
            continue
        raw = {**row, **_said(form, row)}
        content, problems = check_shape({FIELD.code: [raw]}, known)
        for problem in problems:
            name = (problem.part or "0_title_el").partition("_")[2]
            found.errors.setdefault(f"{name}-{key(row)}", problem.message)
        for described in content.get(FIELD.code, []):
            sent = form[f"mark-{key(row)}"]
            found.descriptions[row["file"]] = Description(described, sent)
            for column, message in attached.undescribed(described) if whole else ():
                found.errors.setdefault(f"{FIRST_INPUT[column]}-{key(row)}", message)
    return found


def _said(form: MultiDict[str, str], row: Row) -> dict[str, object]:
    said: dict[str, object] = {
        "title": _texts(form, "title", row),
        "kind": form.get(f"kind-{key(row)}"),
        "licence": form.get(f"licence-{key(row)}"),
    }
    if attached.is_image(row):
        alt = _texts(form, "alt", row)
        return said | {"alt": alt, "decorative": bool(form.get(f"decorative-{key(row)}"))}
    return said | {"language": form.get(f"language-{key(row)}")}


def _texts(form: MultiDict[str, str], column: str, row: Row) -> dict[str, str]:
    """A text in each language, on one line whatever was pasted."""
    return {
        language: " ".join(form.get(f"{column}_{language}-{key(row)}", "").split())
        for language in LANGUAGES
    }


def values(row: Row) -> dict[str, str]:
    """What the inputs of a file show, by their names."""
    shown = {
        f"{column}_{language}": row.get(column, {}).get(language, "")
        for column in ("title", "alt")
        for language in LANGUAGES
    }
    shown |= {name: row.get(name, "") for name in ("kind", "licence", "language")}
    shown |= {"decorative": "yes" if row.get("decorative") else "", "mark": mark(row)}
    return {f"{name}-{key(row)}": value for name, value in shown.items()}


def shown(rows: Sequence[Row], form: MultiDict[str, str]) -> dict[str, str]:
    """What the inputs of all files show: what was typed, where the form had them, else what is.

    The marks are those of the present rows: whoever sends the page again has seen them.
    """
    found: dict[str, str] = {}
    for row in rows:
        own = values(row)
        sent = f"mark-{key(row)}"
        if sent in form:
            own = {name: form.get(name, "") for name in own} | {sent: own[sent]}
        found |= own
    return found


def name_of(sent: str | None) -> str:
    """A file's name as people read it: no path, nothing invisible, of a length that disks take."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", sent or ""))[-1]
    visible = "".join(c for c in last if unicodedata.category(c)[0] != "C")
    stem, dot, extension = " ".join(visible.split()).rpartition(".")
    if not dot:
        stem, extension = extension, ""
    stem = stem[: NAME_LENGTH - len(extension)].strip(". ") or "file"
    return f"{stem}.{extension}" if extension else stem
