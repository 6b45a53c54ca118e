"""Archiving what everybody reads while its municipality holds an update of it back."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb.access import allow, signed_in_member
from kb.db import get_db
from kb.moderation import actions
from kb.moderation.forms import ReasonForm
from kb.moderation.model import REASON_LENGTH, Decision
from kb.moderation.views.pages import blueprint, submitted
from kb.moderation.views.review import labels, reason_form
from kb.practices import store as practices
from kb.practices.model import Practice
from kb.vocabularies.store import all_vocabularies


@blueprint.get("/review/<int:practice_id>/take-down")
@allow("take-down", submitted)
def ask_take_down(practice: Practice) -> str | Response:
    """What is public, by its title alone, and the reason to archive it."""
    if not practice.held_back:
        return _review(practice)
    return _page(practice)


@blueprint.post("/review/<int:practice_id>/take-down")
@allow("take-down", submitted)
def take_down(practice: Practice) -> Response | tuple[str, int]:
    """Archive it."""
    form = reason_form(practice, practice.public_revision_id)
    if not form.validate():
        return _page(practice, form), 400
    decision = Decision("archive", form.revision_id, form.text)
    actions.take_down(get_db(), practice, signed_in_member(), decision)
    flash(_("%(reference)s is archived.", reference=practice.reference), "success")
    return _review(practice)


def _review(practice: Practice) -> Response:
    return redirect(url_for("moderation.review", practice_id=practice.id), 303)


def _page(practice: Practice, form: ReasonForm | None = None) -> str:
    db = get_db()
    return render_template(
        "moderation/take-down.html",
        practice=practice,
        revision=practices.get_revision(db, practice.public_revision_id),
        reasons=reason_form(practice, practice.public_revision_id),
        ready_labels=labels(all_vocabularies(db)["decision_reasons"]),
        reason_length=REASON_LENGTH,
        form=form,
        errors=form.messages if form else {},
    )
