"""What a review adds to the timeline of a practice: its steps, and what was said about fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flask import url_for
from flask_babel import gettext as _
from sqlite_utils import Database

from kb import i18n
from kb.moderation import assignments, comments
from kb.moderation.mails import place
from kb.moderation.model import ReviewStep, Thread
from kb.practices.model import Practice
from kb.practices.timeline import SOURCES, Event


def _steps(db: Database, practice: Practice) -> Iterable[Event]:
    return [
        Event(step.at, _step(step), step.member_name or _("The library"))
        for step in assignments.list_steps(db, practice.id)
    ]


def _step(step: ReviewStep) -> str:
    labels = {
        "take_up": _("Taken up for review"),
        "hand_over": _("Handed over to %(name)s", name=step.to_name),
        "release": _("Given back to the Coordination Team"),
        "plan": _("Approved, to be published on %(when)s", when=i18n.moment(step.due))
        if step.due
        else _("Approved"),
        "call_off": _("Planned publication called off"),
    }
    return str(labels[step.step])


def _said(db: Database, practice: Practice) -> Iterable[Event]:
    threads = comments.list_threads(db, practice.id)
    return reversed([event for thread in threads for event in _thread(practice, thread)])


def _thread(practice: Practice, thread: Thread) -> Iterator[Event]:
    first, field = thread.first, place(thread.first)
    url = url_for("moderation.own_thread", practice_id=practice.id, comment_id=first.id)
    on, answer = (
        _("Comment on: %(field)s", field=field),
        _("Answer to the comment on: %(field)s", field=field),
    )
    yield Event(first.at, on, first.member_name, first.text, url)
    for each in thread.answers:
        yield Event(each.at, answer, each.member_name, each.text, url)
    if first.resolved_at:
        label = _("Comment resolved: %(field)s", field=field)
        yield Event(first.resolved_at, label, first.resolved_by or "", url=url)


SOURCES.extend([_steps, _said])
