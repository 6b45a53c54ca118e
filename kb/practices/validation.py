"""Whether a content has the shape that the template gives it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _

from kb.practices.problems import Known, Malformed, Problem
from kb.practices.shapes import SHAPES
from kb.practices.template import BY_CODE, FIELDS, Field


def check_shape(raw: object, known: Known) -> tuple[dict[str, Any], list[Problem]]:
    """The content that ``raw`` holds, without its empty fields, and what is wrong with it.

    A field with a problem is left out of the content. Nothing is asked for here, and word limits
    are not looked at: a draft may be anything between empty and too long (see check_complete).
    """
    if not isinstance(raw, Mapping):
        return {}, [Problem("", _("A practice is an object of fields and values."))]
    content: dict[str, Any] = {}
    problems = [
        Problem(str(name), _("The template has no such field."))
        for name in raw
        if name not in BY_CODE
    ]
    for field in FIELDS:
        try:
            value = SHAPES[field.kind](field, raw.get(field.code), known)
        except Malformed as error:
            problems.append(Problem(field.code, error.message, error.part))
            continue
        if value not in (None, "", [], {}, False):
            content[field.code] = value
    return content, problems


def check_rows(
    field: Field, rows: Iterable[Mapping[str, Any]], known: Known
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """The rows of a table without the cells that are wrong, and what is wrong with each of those.

    A draft keeps what is right in a row while somebody still looks for the rest.
    """
    left, problems = [dict(row) for row in rows], list[Problem]()
    while True:
        content, wrong = check_shape({field.code: left}, known)
        if not wrong or not wrong[0].part:
            return content.get(field.code, []), problems + wrong
        number, column, *language = wrong[0].part.split("_")
        row = left[int(number)]
        value = row.pop(column)
        if language:  # what is right in the other one stays, too
            row[column] = {lang: text for lang, text in value.items() if lang not in language}
        problems += wrong
