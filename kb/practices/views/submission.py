"""Handing a practice to the moderators: check your answers, confirm, submit."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb.access import allow, signed_in_member
from kb.db import get_db
from kb.practices import actions, forms, template
from kb.practices.completion import check_complete
from kb.practices.model import Draft, Practice, StaleDraft
from kb.practices.sheets import SECTION_SHEETS
from kb.practices.views.form_page import labels
from kb.practices.views.pages import Page, blueprint, by_id, to_write
from kb.practices.wording import answers


@blueprint.get("/my-practices/<int:practice_id>/submit")
@allow("edit", to_write)
def check(practice: Practice) -> str:
    """Everything once more, and the confirmations, before it goes to the moderators."""
    return _check_page(practice, actions.working_copy(get_db(), practice))


@blueprint.post("/my-practices/<int:practice_id>/submit")
@allow("follow", by_id)
def submit(practice: Practice) -> Page | Response:
    """Hand the working copy to the moderators."""
    db = get_db()
    draft = actions.working_copy(db, practice)
    errors = forms.confirmed(request.form)
    if errors and practice.status != "submitted":
        return _check_page(practice, draft, errors=errors), 400
    version = request.form.get("version", type=int, default=-1)
    try:
        actions.submit(db, practice, signed_in_member(), version)
    except actions.Incomplete:
        return _check_page(practice, draft), 400
    except StaleDraft as stale:
        return _check_page(practice, stale.newer, changed=True), 409
    except actions.Unchanged:
        flash(_("There is nothing to submit: the draft says what is published already."))
        return redirect(url_for("practices.follow", practice_id=practice.id), 303)
    return redirect(url_for("practices.submitted", practice_id=practice.id), 303)


@blueprint.get("/my-practices/<int:practice_id>/submitted")
@allow("follow", by_id)
def submitted(practice: Practice) -> str | Response:
    """The reference, and what happens next."""
    if practice.status != "submitted":
        return redirect(url_for("practices.follow", practice_id=practice.id), 303)
    return render_template("practices/submitted.html", practice=practice)


def _check_page(
    practice: Practice,
    draft: Draft,
    *,
    errors: dict[str, Any] | None = None,
    changed: bool = False,
) -> str:
    problems = check_complete(draft.content, actions.SUBMISSION)
    return render_template(
        "practices/submit.html",
        practice=practice,
        draft=draft,
        problems=[(problem, forms.input_of(problem)) for problem in problems],
        errors=errors or {},
        confirmations=forms.CONFIRMATIONS,
        given=request.form,
        changed=changed,
        fields=template.BY_CODE,
        content=draft.content,
        groups=[
            (sheet, list(answers(draft.content, sheet.fields, labels())))
            for sheet in SECTION_SHEETS
        ],
        files=draft.content.get("attachments", []),
        first_input=forms.first_input,
    )
