"""What happened to a practice, put together from all parts of the library, for its municipality."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from sqlite_utils import Database

from kb.practices import store
from kb.practices.model import LogEntry, Practice


@dataclass(frozen=True)
class Event:
    """One thing that happened: when, what, who did it, what they wrote, where more of it stands."""

    at: str
    label: LazyString | str
    who: LazyString | str = ""
    quote: str = ""
    url: str = ""


# Features above add what they know of a practice: a function of it. Only those who may follow
# the practice are shown any of this.
SOURCES: list[Callable[[Database, Practice], Iterable[Event]]] = []

LABELS: Mapping[str, LazyString] = {
    "submit": _("Submitted"),
    "approve": _("Approved by the municipality"),
    "pass_on": _("Sent on without the municipality’s approval"),
    "withdraw": _("Withdrawn by the municipality"),
    "request_changes": _("Changes requested"),
    "publish": _("Published"),
    "decline": _("Declined"),
    "archive": _("Archived"),
    "restore": _("Restored to the library"),
    "undo": _("Decision taken back"),
    "confirm": _("Confirmed as still true"),
}


def events(db: Database, practice: Practice) -> list[Event]:
    """Everything that is known to have happened, newest first."""
    found = [event for source in SOURCES for event in source(db, practice)]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _logged(db: Database, practice: Practice) -> Iterable[Event]:
    """The rows of the moderation log."""
    return [
        Event(entry.at, LABELS[entry.action], _doer(entry), entry.reason)
        for entry in store.list_log(db, practice.id)
    ]


def _doer(entry: LogEntry) -> LazyString | str:
    """Who did it; without an account it was done by a letter's link, or came from an import."""
    if entry.member_name:
        return entry.member_name
    if entry.action in ("confirm", "archive"):
        return _("The municipality, by the link in its mail")
    return _("The network’s import")


SOURCES.append(_logged)
