"""The same question to a municipality's people, on their own page of the practice."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb.access import allow, signed_in_member
from kb.db import get_db
from kb.practices.model import Practice
from kb.practices.views import by_id
from kb.renewals import actions, asking
from kb.renewals.forms import NoteForm
from kb.renewals.model import NotDue
from kb.renewals.views.pages import blueprint, to_confirm

Answer = Response | tuple[str, int]


@blueprint.post("/my-practices/<int:practice_id>/still-true/confirm")
@allow("write", by_id)
def confirm_own(practice: Practice) -> Response:
    """Yes, it is still true."""
    actions.confirm_by(get_db(), practice, signed_in_member(), asking.present())
    flash(_("Thank you. Readers see that it was confirmed today."), "success")
    return _back(practice)


@blueprint.post("/my-practices/<int:practice_id>/still-true/edit")
@allow("write", by_id)
def want_own_changes(practice: Practice) -> Response:
    """It needs changes: on to the form."""
    actions.want_changes_by(get_db(), practice, signed_in_member(), asking.present())
    return redirect(url_for("practices.write", practice_id=practice.id), 303)


@blueprint.get("/my-practices/<int:practice_id>/still-true/ended")
@allow("write", by_id)
def ask_own_end(practice: Practice) -> str:
    """What follows when it has ended, before it does."""
    return _page(practice)


@blueprint.post("/my-practices/<int:practice_id>/still-true/ended")
@allow("write", by_id)
def end_own(practice: Practice) -> Answer:
    """It has ended."""
    form = NoteForm()
    if not form.validate():
        return _page(practice, errors=form.messages, typed=form.note.data), 400
    actions.end_by(get_db(), practice, signed_in_member(), form.text, asking.present())
    flash(_("The practice is archived. The moderators were told and can restore it."), "success")
    return _back(practice)


def _page(practice: Practice, **context: object) -> str:
    case = to_confirm(practice)
    if case is None or practice.status != "published":
        raise NotDue(practice.id)
    return render_template(
        "renewals/ended-own.html", practice=practice, title=case.title, **context
    )


def _back(practice: Practice) -> Response:
    return redirect(url_for("practices.follow", practice_id=practice.id), 303)
