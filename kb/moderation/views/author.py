"""What the municipality sees of a review, on its own pages of the practice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from flask import current_app

from kb.db import get_db
from kb.moderation import assignments, comments, plans, store
from kb.moderation.model import Holder, Plan, RevisionHead, Thread, expected_by, is_overdue
from kb.moderation.views.pages import blueprint
from kb.practices import forms
from kb.practices.model import Practice
from kb.practices.template import BY_CODE, Field


@dataclass(frozen=True)
class Review:
    """Who has a practice, until when an answer is due, and what was said and sent so far."""

    holder: Holder | None
    expected: date | None
    is_overdue: bool
    threads: list[tuple[Thread, Field]]
    plan: Plan | None
    revisions: list[RevisionHead]


@blueprint.app_template_global()
def review_of(practice: Practice) -> Review | None:
    """The review of a practice, once it was submitted."""
    if practice.newest_revision_id is None:
        return None
    db = get_db()
    days, plan = current_app.config["REVIEW_DAYS"], plans.find(db, practice.id)
    return Review(
        assignments.find_holder(db, practice.id),
        expected_by(practice, days)
        if practice.status == "submitted" and not practice.held_back
        else None,
        is_overdue(practice, days, plan),
        [
            (thread, BY_CODE[thread.first.field])
            for thread in sorted(
                comments.list_threads(db, practice.id), key=lambda t: not t.is_open
            )
        ],
        plan,
        store.list_revisions(db, practice.id),
    )


@blueprint.app_template_global()
def comments_on(practice: Practice, fields: Iterable[Field]) -> list[tuple[Thread, Field, str]]:
    """The open comments on those fields, each with the input that it is about."""
    shown = {field.code: field for field in fields}
    return [
        (thread, field, forms.first_input(field, thread.first.language))
        for thread in comments.list_open(get_db(), practice.id)
        if (field := shown.get(thread.first.field))
    ]
