"""What the views of practices share: the blueprint, finding a practice, reading a content."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from kb import i18n, web
from kb.access import can, current_member
from kb.db import NotFound, get_db
from kb.markup import render
from kb.municipalities import store as municipalities
from kb.practices import attached, store, template
from kb.practices.model import Content, Impossible, NotAuthor, Practice
from kb.vocabularies.store import all_vocabularies

LONGEST_NUMBER = 63  # bits, of SQLite's integers

Page = str | tuple[str, int]

blueprint = Blueprint("practices", __name__)
blueprint.add_app_template_filter(render, "markdown")
web.error_page(Impossible, 409, "practices/impossible.html")


@blueprint.app_template_filter()
def foreign_language(text: str) -> str | None:
    """The language of a name of one language only, as its letters tell; None for the reader's."""
    found = attached.language_of(text)
    return None if found == i18n.current() else found


def by_slug(slug: str) -> Practice:
    """The practice at that address. Raises NotFound."""
    return store.get_by_slug(get_db(), slug)


def by_id(practice_id: int) -> Practice:
    """The practice of that number. Raises NotFound."""
    if practice_id.bit_length() > LONGEST_NUMBER:
        raise NotFound("no number of ours")
    return store.get(get_db(), practice_id)


def to_write(practice_id: int) -> Practice:
    """The practice, for a page on which it is changed.

    Raises NotFound, and NotAuthor for a colleague of those who write it.
    """
    practice, member = by_id(practice_id), current_member()
    if can(member, "follow", practice) and not can(member, "write", practice):
        raise NotAuthor(practice)
    return practice


def reading(content: Content) -> dict[str, Any]:
    """What templates/practices/reading.html needs to draw a content."""
    return {
        "content": content,
        "books": all_vocabularies(get_db()),
        "towns": municipalities.by_code(get_db()),
        "sections": [(section, list(template.fields_of(section))) for section in template.SECTIONS],
    }
