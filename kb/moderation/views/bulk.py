"""Several practices of the queue at once: each by itself, and what became of each."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb.access import Member, allow, can, signed_in_member
from kb.db import NotFound, get_db
from kb.moderation import actions, desk
from kb.moderation.desk import NothingWaits
from kb.moderation.model import AlreadyDecided, Decision, StaleRevision
from kb.moderation.views.pages import PAGE_SIZE, blueprint, queue_address, submitted
from kb.practices import store as practices
from kb.practices.model import Practice
from kb.practices.views import by_id
from kb.web import LARGEST_NUMBER, posted_number

# What is done with one of the chosen: the practice, the revision that the queue showed, who.
# Returns a code of templates/moderation/bulk.html.
Step = Callable[[Practice, int, Member], str]
OUTCOMES = "bulk"  # in the session: [[practice, code], …]


@blueprint.post("/review/bulk")
@allow("moderate")
def bulk() -> Response:
    """Do the same with everything that was chosen."""
    step = STEPS.get(request.form.get("do", ""))
    chosen = request.form.getlist("practice")[:PAGE_SIZE]
    if step is None or not chosen:
        flash(_("Choose at least one practice, and what to do with it."), "warning")
        return redirect(queue_address(), 303)
    member = signed_in_member()
    session[OUTCOMES] = [_outcome(step, each, member) for each in chosen]
    return redirect(url_for("moderation.bulk_done"), 303)


@blueprint.get("/review/bulk")
@allow("moderate")
def bulk_done() -> str:
    """What became of each, the last time."""
    db = get_db()
    chosen = [(practices.get(db, number), code) for number, code in session.get(OUTCOMES, [])]
    found = [each for each in chosen if can(signed_in_member(), "review", each[0])]
    texts = [practices.get_revision(db, each.newest_revision_id).content for each, _code in found]
    return render_template(
        "moderation/bulk.html",
        outcomes=[
            (each, code, text["title"]) for (each, code), text in zip(found, texts, strict=True)
        ],
    )


@blueprint.post("/review/<int:practice_id>/undo")
@allow("review", submitted)
def undo(practice: Practice) -> Response:
    """Take back my own decision of a moment ago."""
    log_id = posted_number("decision")
    actions.undo(get_db(), practice, signed_in_member(), log_id)
    flash(
        _("%(reference)s is as it was before.", reference=practice.reference),
        "success",
    )
    return redirect(queue_address(), 303)


def _outcome(step: Step, chosen: str, member: Member) -> tuple[int, str]:
    """The practice's number and what became of it; a form that was tampered with is a 404."""
    number, _colon, revision = chosen.partition(":")
    if not (number.isdecimal() and revision.isdecimal() and len(chosen) < 40):
        raise NotFound("no practice of the queue")
    practice = submitted(by_id(min(int(number), LARGEST_NUMBER)).id)
    try:
        return practice.id, step(practice, int(revision), member)
    except AlreadyDecided:
        return practice.id, "too_late"
    except StaleRevision:
        return practice.id, "newer"
    except NothingWaits:
        return practice.id, "too_late"
    except NotFound:
        return practice.id, "not_yours"


def _publish(practice: Practice, revision_id: int, member: Member) -> str:
    actions.decide(get_db(), practice, member, Decision("publish", revision_id))
    return "published"


def _take_up(practice: Practice, revision_id: int, member: Member) -> str:
    holder = desk.take_up(get_db(), practice, member)
    return "taken_up" if holder.member_id == member.id else "taken"


def _hand_over(practice: Practice, revision_id: int, member: Member) -> str:
    desk.hand_over(get_db(), practice, member, posted_number("to"))
    return "handed_over"


STEPS: dict[str, Step] = {"publish": _publish, "take-up": _take_up, "hand-over": _hand_over}
