"""What the yearly question adds to a practice's timeline, besides what the log has."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import lazy_gettext as _
from sqlite_utils import Database

from kb.practices.model import Practice
from kb.practices.timeline import SOURCES, Event
from kb.renewals import store


def asked(db: Database, practice: Practice) -> Iterator[Event]:
    """When its municipality was asked, and that it wanted changes."""
    for each in store.list_asked(db, practice.id):
        if each.first_asked_at:
            yield Event(each.first_asked_at, _("The municipality was asked if it is still true"))
        if each.letters > 1 and each.last_asked_at:
            yield Event(each.last_asked_at, _("The municipality was reminded"))
        if each.changes_wanted_at:
            who = each.wanted_by or _("The municipality, by the link in its mail")
            yield Event(each.changes_wanted_at, _("It needs changes"), who)


SOURCES.append(asked)
