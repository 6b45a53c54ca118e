"""The checklist of a revision."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb.access import allow, signed_in_member
from kb.db import NotFound, get_db
from kb.moderation import checklist
from kb.moderation.forms import read_checklist
from kb.moderation.views.pages import blueprint, submitted
from kb.moderation.views.review import page
from kb.practices import store as practices
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
    answers, wrong = read_checklist(request.form, all_vocabularies(db)["review_criteria"])
    if wrong:
        return page(practice, unchecked=wrong), 400
    checklist.save(db, revision, signed_in_member().id, answers)
    flash(_("The checklist is saved."), "success")
    address = url_for("moderation.review", practice_id=practice.id, _anchor="checklist")
    return redirect(address, 303)
