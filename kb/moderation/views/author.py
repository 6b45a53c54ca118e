"""What the municipality sees of a review, on its own pages of the practice."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from kb.db import get_db
from kb.moderation import assignments
from kb.moderation.model import Holder, ReviewStep, expected_by
from kb.moderation.views.pages import blueprint
from kb.practices.model import Practice


@dataclass(frozen=True)
class Review:
    """Who has a practice, until when an answer is due, and what happened so far."""

    holder: Holder | None
    expected: str | None
    steps: list[ReviewStep]


@blueprint.app_template_global()
def review_of(practice: Practice) -> Review | None:
    """The review of a practice, once it was submitted."""
    if practice.newest_revision_id is None:
        return None
    db = get_db()
    days = current_app.config["REVIEW_DAYS"]
    return Review(
        assignments.find_holder(db, practice.id),
        expected_by(practice, days) if practice.status == "submitted" else None,
        assignments.list_steps(db, practice.id),
    )
