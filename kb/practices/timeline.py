"""What happened to a practice, put together from all parts of the library, for its municipality."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from sqlite_utils import Database

from kb.practices import authors, store
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
    "assess": _("Evidence and maturity assessed"),
}
# The same between a municipality's people and its coordinator.
IN_HOUSE: Mapping[str, LazyString] = {
    "submit": _("Submitted for the coordinator’s approval"),
    "request_changes": _("Changes requested by the coordinator"),
}

# What was done about who writes it.
BY_OTHERS: Mapping[str, LazyString] = {
    "add": _("Author added: %(name)s"),
    "remove": _("Author removed: %(name)s"),
    "lead": _("Responsible from then on: %(name)s"),
}
BY_THEMSELVES: Mapping[str, LazyString] = {
    "add": _("Began to write along: %(name)s"),
    "remove": _("Stopped writing along: %(name)s"),
}


def events(db: Database, practice: Practice) -> list[Event]:
    """Everything that is known to have happened, newest first."""
    found = [event for source in SOURCES for event in source(db, practice)]
    return sorted(found, key=lambda event: event.at, reverse=True)


def _logged(db: Database, practice: Practice) -> Iterable[Event]:
    """The rows of the moderation log."""
    return [
        Event(entry.at, _label(entry), _doer(entry), entry.reason)
        for entry in store.list_log(db, practice.id)
    ]


def _label(entry: LogEntry) -> LazyString:
    own = IN_HOUSE.get(entry.action) if entry.in_house else None
    return own or LABELS[entry.action]


def _doer(entry: LogEntry) -> LazyString | str:
    """Who did it; without an account it was done by a letter's link, or came from an import."""
    if entry.member_name:
        return entry.member_name
    if entry.action in ("confirm", "archive"):
        return _("The municipality, by the link in its mail")
    if entry.action == "pass_on":
        return _("The library, because nobody approves there any more")
    return _("The network’s import")


def _written(db: Database, practice: Practice) -> Iterator[Event]:
    """Who came to write it, who went, who became responsible for it; not who began it."""
    for step in authors.list_steps(db, practice.id):
        label = BY_THEMSELVES.get(step.action) if step.is_own else None
        sentence = (label or BY_OTHERS[step.action]) % {"name": step.name}
        yield Event(step.at, sentence, "" if step.is_own else step.by)


SOURCES.extend([_logged, _written])
