"""A practice that may be submitted, for tests to change one thing in."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database

from kb.access import Member
from kb.practices import actions, authorship
from kb.practices.model import Content, Draft, Practice
from kb.practices.template import FIELDS

CARD: dict[str, Any] = {
    "title": {"el": "Τράπεζα διερμηνέων για τα σχολεία"},
    "summary": {"el": "Διερμηνείς σε κάθε συνάντηση γονέων, με ένα τηλεφώνημα."},
    "municipality": "athens",
    "areas": ["education", "mediation"],
    "practice_type": "service",
    "target_groups": ["families", "teachers"],
    "stage": "running",
    "start": "2021-09",
    "how_it_works": {"el": "Το σχολείο τηλεφωνεί και ο **διερμηνέας** έρχεται."},
    "contact": {
        "service": {"el": "Τμήμα ένταξης"},
        "mailbox": "entaxi@example.gr",
        "visibility": "public",
    },
}

# The same as the quick card posts it.
FORM: dict[str, Any] = {
    "title_el": "Τράπεζα διερμηνέων για τα σχολεία",
    "title_en": "",
    "summary_el": "Διερμηνείς σε κάθε συνάντηση γονέων, με ένα τηλεφώνημα.",
    "summary_en": "",
    "areas_main": "education",
    "areas": ["mediation"],
    "practice_type": "service",
    "target_groups": ["families", "teachers"],
    "stage": "running",
    "start": "2021-09",
    "end": "",
    "how_it_works_el": "Το σχολείο τηλεφωνεί και ο **διερμηνέας** έρχεται.",
    "how_it_works_en": "",
    "contact_service_el": "Τμήμα ένταξης",
    "contact_service_en": "",
    "contact_mailbox": "entaxi@example.gr",
    "contact_visibility": "public",
}

CONFIRMED = {"no_personal_data": "yes", "photo_consent": "yes", "no_shelter_location": "yes"}


def written_with(db: Database, practice: Practice, colleague: Member) -> Practice:
    """The practice, which a colleague writes along from now on."""
    authorship.join(db, practice, colleague)
    return practice


def write_all(
    db: Database, practice: Practice, member: Member, content: Content, version: int
) -> Draft:
    """The draft after a form of every field, opened as that version, brought the content.

    What others changed since stays as they left it.
    """
    return actions.write(db, practice, member, FIELDS, content, opened=None, version=version).draft


def changed(**fields: Any) -> dict[str, Any]:
    """The card with some fields replaced; None takes a field out."""
    content = {**CARD, **fields}
    return {code: value for code, value in content.items() if value is not None}
