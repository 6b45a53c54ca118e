"""Comments on fields: a moderator's on the review, a thread as either side answers it."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb import access
from kb.access import allow, current_member, signed_in_member
from kb.db import get_db
from kb.moderation import comments, conversation
from kb.moderation.forms import CommentForm
from kb.moderation.views.pages import blueprint, submitted
from kb.moderation.views.review import page
from kb.practices import forms, sheets
from kb.practices import store as practices
from kb.practices.model import Practice
from kb.practices.template import BY_CODE
from kb.practices.views import by_id

Answer = Response | tuple[str, int]


def on_comment(practice_id: int, comment_id: int) -> Practice:
    """The practice, where it has such a comment. Raises NotFound."""
    practice = by_id(practice_id)
    comments.get_thread(get_db(), practice.id, comment_id)
    return practice


@blueprint.post("/review/<int:practice_id>/comments")
@allow("review", submitted)
def comment(practice: Practice) -> Answer:
    """Say something about a field."""
    form = CommentForm()
    field, language = conversation.field_of(form.field.data or "", form.language.data or "")
    if not form.validate():
        return page(practice, comment=form), 400
    conversation.comment(
        get_db(),
        practice,
        signed_in_member(),
        form.key.data,
        field.code,
        language or "",
        form.written,
    )
    flash(_("Your comment is saved; the municipality reads it."), "success")
    return _to_review(practice, field.code)


@blueprint.get("/review/<int:practice_id>/comments/<int:comment_id>")
@allow("review", on_comment)
def thread(practice: Practice) -> str:
    """A comment and its answers, for a moderator."""
    return _thread_page(practice)


@blueprint.post("/review/<int:practice_id>/comments/<int:comment_id>")
@allow("review", on_comment)
def answer(practice: Practice) -> Answer:
    """Answer as a moderator."""
    form = CommentForm()
    if not form.validate():
        return _thread_page(practice, form), 400
    _answer(practice, form, is_own=False)
    return redirect(url_for("moderation.thread", **_asked()), 303)


@blueprint.post("/review/<int:practice_id>/comments/<int:comment_id>/resolve")
@allow("review", on_comment)
def resolve(practice: Practice) -> Response:
    """Say that it needs nothing more."""
    conversation.resolve(get_db(), practice, signed_in_member(), _asked()["comment_id"])
    flash(_("The comment is resolved."), "success")
    return _to_review(practice, _field(practice))


@blueprint.post("/review/<int:practice_id>/comments/<int:comment_id>/reopen")
@allow("review", on_comment)
def reopen(practice: Practice) -> Response:
    """Take it up again."""
    conversation.reopen(get_db(), practice, _asked()["comment_id"])
    flash(_("The comment is open again."), "success")
    return _to_review(practice, _field(practice))


@blueprint.get("/my-practices/<int:practice_id>/comments/<int:comment_id>")
@allow("follow", on_comment)
def own_thread(practice: Practice) -> str:
    """A comment and its answers, for the municipality."""
    return _thread_page(practice, is_own=True)


@blueprint.get("/my-practices/<int:practice_id>/comments/<int:comment_id>/field")
@allow("follow", on_comment)
def own_field(practice: Practice) -> Response:
    """Lead to the field of the form that a comment is on, or where it can only be answered.

    Messages link to this: what stands after a # would be lost on the way through signing in.
    """
    said = comments.get_thread(get_db(), practice.id, _asked()["comment_id"]).first
    field = BY_CODE[said.field]
    if not (forms.is_written(field) and access.can(current_member(), "edit", practice)):
        return redirect(url_for("moderation.own_thread", **_asked()), 303)
    address = url_for(
        "practices.section",
        practice_id=practice.id,
        section=sheets.sheet_of(field).code,
        _anchor=forms.first_input(field, said.language),
    )
    return redirect(address, 303)


@blueprint.post("/my-practices/<int:practice_id>/comments/<int:comment_id>")
@allow("follow", on_comment)
def own_answer(practice: Practice) -> Answer:
    """Answer as the municipality."""
    form = CommentForm()
    if not form.validate():
        return _thread_page(practice, form, is_own=True), 400
    _answer(practice, form, is_own=True)
    return redirect(url_for("moderation.own_thread", **_asked()), 303)


def _answer(practice: Practice, form: CommentForm, *, is_own: bool) -> None:
    conversation.answer(
        get_db(),
        practice,
        signed_in_member(),
        form.key.data,
        _asked()["comment_id"],
        form.written,
        is_own=is_own,
    )
    flash(_("Your answer is saved."), "success")


def _thread_page(
    practice: Practice, form: CommentForm | None = None, *, is_own: bool = False
) -> str:
    db = get_db()
    found = comments.get_thread(db, practice.id, _asked()["comment_id"])
    field = BY_CODE[found.first.field]
    newest = practices.get_revision(db, practice.newest_revision_id)
    return render_template(
        "moderation/thread.html",
        practice=practice,
        thread=found,
        field=field,
        is_own=is_own,
        section=sheets.sheet_of(field).code if is_own and forms.is_written(field) else None,
        input=forms.first_input(field, found.first.language),
        has_changed=conversation.has_changed(found.first, newest.content),
        content=newest.content,
        key=secrets.token_urlsafe(18),
        form=form,
        errors={"text": form.message} if form else {},
    )


def _asked() -> dict[str, Any]:
    return dict(request.view_args or {})


def _field(practice: Practice) -> str:
    return comments.get_thread(get_db(), practice.id, _asked()["comment_id"]).first.field


def _to_review(practice: Practice, code: str) -> Response:
    address = url_for("moderation.review", practice_id=practice.id, _anchor=f"comments-{code}")
    return redirect(address, 303)
