"""The link of a letter: looking at it changes nothing, its buttons answer."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from kb import access
from kb.access import allow, current_member
from kb.db import get_db
from kb.municipalities import store as municipalities
from kb.practices import store as practices
from kb.practices.model import Content
from kb.renewals import actions, asking
from kb.renewals.forms import NoteForm
from kb.renewals.model import Asked
from kb.renewals.views.pages import blueprint
from kb.vocabularies.store import all_vocabularies

Answer = Response | tuple[str, int]


@blueprint.after_request
def _keep_to_itself(response: Response) -> Response:
    """The address is a secret: no other page may hear of it, no search engine keep it."""
    if "token" in (request.view_args or {}):
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@blueprint.get("/still-true/<token>")
@allow("public")
def question(token: str) -> str:
    """The practice and what can be answered; programs that scan mail follow links, no more."""
    asked = actions.open_link(get_db(), token, asking.present())
    return _page("question" if asked.is_open else "answered", asked, token)


@blueprint.post("/still-true/<token>/confirm")
@allow("public")
def confirm(token: str) -> Response:
    """Yes, it is still true."""
    actions.confirm(get_db(), token, asking.present())
    return _back(token)


@blueprint.post("/still-true/<token>/edit")
@allow("public")
def want_changes(token: str) -> Response:
    """It needs changes: who may make them goes on to the form."""
    asked = actions.want_changes(get_db(), token, asking.present())
    if asked.is_open and access.can(current_member(), "edit", asked.practice):
        return redirect(url_for("practices.write", practice_id=asked.practice.id), 303)
    return _back(token)


@blueprint.get("/still-true/<token>/ended")
@allow("public")
def ask_end(token: str) -> str:
    """What follows when it has ended, before it does: a wrong click must not be fatal."""
    asked = actions.open_link(get_db(), token, asking.present())
    if asked.is_open and asked.is_on_its_way:
        return _page("question", asked, token)
    return _page("ended" if asked.is_open else "answered", asked, token)


@blueprint.post("/still-true/<token>/ended")
@allow("public")
def end(token: str) -> Answer:
    """It has ended."""
    form, when = NoteForm(), asking.present()
    if not form.validate():
        asked = actions.open_link(get_db(), token, when)
        template = "ended" if asked.is_open else "answered"
        return _page(template, asked, token, errors=form.messages, typed=form.note.data), 400
    actions.end(get_db(), token, form.text, when)
    return _back(token)


def _back(token: str) -> Response:
    return redirect(url_for("renewals.question", token=token), 303)


def _page(template: str, asked: Asked, token: str, **context: object) -> str:
    """A page about the practice as everybody reads it, and nothing else of it."""
    db, practice = get_db(), asked.practice
    content: Content = {}
    if practice.is_public:
        content = practices.get_revision(db, practice.public_revision_id).content
    return render_template(
        f"renewals/{template}.html",
        asked=asked,
        token=token,
        practice=practice,
        content=content,
        town=municipalities.get(db, practice.municipality),
        areas=all_vocabularies(db)["areas"],
        may_edit=access.can(current_member(), "edit", practice),
        may_follow=access.can(current_member(), "follow", practice),
        **context,
    )
