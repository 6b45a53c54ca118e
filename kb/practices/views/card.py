"""The quick card: one page that is enough to begin a practice and to submit it."""

from __future__ import annotations

import secrets

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb.access import allow, signed_in_member
from kb.db import get_db
from kb.practices import actions, forms
from kb.practices.completion import check_complete
from kb.practices.model import Content, Practice
from kb.practices.problems import Problem
from kb.practices.sheets import QUICK
from kb.practices.views import form_page
from kb.practices.views.form_page import State, Typed
from kb.practices.views.pages import Page, blueprint, by_id, to_write
from kb.practices.views.saving import save

PAGES = {"preview": "practices.preview", "submit": "practices.check", "list": "practices.write"}


@blueprint.get("/my-practices/new")
@allow("contribute")
def new() -> str:
    """An empty quick card."""
    key = secrets.token_urlsafe(24)
    return form_page.draw(QUICK, {"submission_key": key}, State())


@blueprint.post("/my-practices")
@allow("contribute")
def create() -> Page | Response:
    """Save what was typed as a new draft."""
    typed = form_page.read(QUICK)
    problems = typed.problems + whose(typed.content)
    if problems or not typed.page:
        return form_page.draw(QUICK, form_page.given_values(), State(problems=problems)), 400
    return _go_on(begin(typed), typed)


@blueprint.get("/my-practices/<int:practice_id>/edit")
@allow("edit", to_write)
def edit(practice: Practice) -> str:
    """The quick card with the working copy in it."""
    draft = actions.working_copy(get_db(), practice)
    values = forms.values_of(draft.content, QUICK.fields)
    return form_page.draw(QUICK, values, form_page.fresh_state(draft, QUICK), practice)


@blueprint.post("/my-practices/<int:practice_id>/edit")
@allow("follow", by_id)
def update(practice: Practice) -> Page | Response:
    """Save what was typed into the working copy."""
    return _go_on(practice, form_page.read(QUICK))


def begin(typed: Typed) -> Practice:
    """The practice that this form begins, or began already."""
    return actions.create(get_db(), signed_in_member(), typed.page, typed.content)


def whose(content: Content) -> list[Problem]:
    """The network's staff have to say whose practice they write."""
    if signed_in_member().municipality or content.get("municipality"):
        return []
    return [
        problem for problem in check_complete(content, {"card"}) if problem.field == "municipality"
    ]


def _go_on(practice: Practice, typed: Typed) -> Page | Response:
    refused = save(practice, QUICK, typed)
    if refused:
        return refused
    then = request.form.get("then", "save")
    if then not in PAGES:
        flash(_("Saved. You can go on now or come back another day."), "success")
    address = url_for(PAGES.get(then, "practices.edit"), practice_id=practice.id)
    return redirect(address, 303)
