"""The checklist of a revision."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb.access import allow, signed_in_member
from kb.db import NotFound, get_db
from kb.moderation import checklist
from kb.moderation.checklist import Given
from kb.moderation.forms import ANSWER_LABELS, read_checklist
from kb.moderation.model import Answer
from kb.moderation.views.pages import blueprint, submitted
from kb.moderation.views.review import page
from kb.practices import store as practices
from kb.practices.merge import NOTHING
from kb.practices.model import Practice
from kb.vocabularies.store import all_vocabularies
from kb.web import posted_number


@blueprint.post("/review/<int:practice_id>/checklist")
@allow("review", submitted)
def check(practice: Practice) -> Response | tuple[str, int]:
    """Keep the answers for the revision that was looked at."""
    db = get_db()
    revision = practices.get_revision(db, posted_number("revision"))
    if revision.practice_id != practice.id:
        raise NotFound("another practice's revision")
    criteria = all_vocabularies(db)["review_criteria"]
    answers, wrong = read_checklist(request.form, criteria)
    if wrong:
        return page(practice, unchecked=wrong, ticked=request.form), 400
    opened = {code: request.form.get(f"opened_{code}") or NOTHING for code in criteria.terms}
    stays = checklist.save(db, revision, signed_in_member().id, answers, opened)
    if stays:
        return page(practice, unchecked=_both(stays, answers)), 409
    flash(_("The checklist is saved."), "success")
    address = url_for("moderation.review", practice_id=practice.id, _anchor="checklist")
    return redirect(address, 303)


def _both(stays: Mapping[str, Answer], typed: Mapping[str, Given]) -> dict[str, str]:
    """What a colleague answered, which stays, beside what was typed: a message for each."""
    told = _(
        "A colleague changed the same answers while you had the page open. Theirs are kept; the"
        " rest of yours is saved."
    )
    return {"checklist": told} | {
        f"answer_{code}": _(
            "You answered %(typed)s; %(name)s answered %(saved)s, which stays unless you choose"
            " again.",
            name=saved.member_name,
            saved=_said(saved.answer, saved.note),
            typed=_said(*typed[code]),
        )
        for code, saved in stays.items()
    }


def _said(answer: str, note: str) -> str:
    label = ANSWER_LABELS[answer]
    if note:
        return str(_("“%(answer)s: %(note)s”", answer=label, note=note))
    return str(_("“%(answer)s”", answer=label))
