"""Who has a practice: taking it up, handing it over, releasing it."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb.access import allow, signed_in_member
from kb.db import get_db
from kb.moderation import desk
from kb.moderation.views.pages import blueprint, submitted
from kb.practices.model import Practice
from kb.web import posted_number


@blueprint.post("/review/<int:practice_id>/take-up")
@allow("decide", submitted)
def take_up(practice: Practice) -> Response:
    """Say that I have it."""
    member = signed_in_member()
    holder = desk.take_up(get_db(), practice, member)
    if holder.member_id == member.id:
        flash(_("You have %(reference)s now.", reference=practice.reference), "success")
    else:
        flash(_("%(name)s was first and has it.", name=holder.name), "warning")
    return _back(practice)


@blueprint.post("/review/<int:practice_id>/hand-over")
@allow("review", submitted)
def hand_over(practice: Practice) -> Response:
    """Say that a colleague has it."""
    to = posted_number("to")
    holder = desk.hand_over(get_db(), practice, signed_in_member(), to)
    flash(
        _(
            "%(name)s has %(reference)s now.",
            name=holder.name,
            reference=practice.reference,
        ),
        "success",
    )
    return _back(practice)


@blueprint.post("/review/<int:practice_id>/release")
@allow("review", submitted)
def release(practice: Practice) -> Response:
    """Say that nobody has it."""
    desk.release(get_db(), practice, signed_in_member())
    flash(_("Nobody has %(reference)s now.", reference=practice.reference), "success")
    return _back(practice)


def _back(practice: Practice) -> Response:
    return redirect(url_for("moderation.review", practice_id=practice.id), 303)
