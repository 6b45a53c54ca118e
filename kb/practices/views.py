"""Practices over HTTP: reading one, writing one, following what becomes of it."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb import access, i18n, web
from kb.access import allow, current_member, signed_in_member
from kb.db import get_db
from kb.markup import render
from kb.municipalities import store as municipalities
from kb.practices import actions, forms, store, template
from kb.practices.documents import completeness, missing
from kb.practices.model import Content, Draft, Impossible, Practice, StaleDraft
from kb.practices.validation import Problem, check_complete, check_shape
from kb.vocabularies.store import all_vocabularies

Page = str | tuple[str, int]
KEY_LENGTH = 64

blueprint = Blueprint("practices", __name__)
blueprint.add_app_template_filter(render, "markdown")
web.error_page(Impossible, 409, "practices/impossible.html")


def by_slug(slug: str) -> Practice:
    """The practice at that address. Raises NotFound."""
    return store.get_by_slug(get_db(), slug)


def by_id(practice_id: int) -> Practice:
    """The practice of that number. Raises NotFound."""
    return store.get(get_db(), practice_id)


def reading(content: Content) -> dict[str, Any]:
    """What templates/practices/reading.html needs to draw a content."""
    return {
        "content": content,
        "books": all_vocabularies(get_db()),
        "towns": municipalities.by_code(get_db()),
        "sections": [(section, list(template.fields_of(section))) for section in template.SECTIONS],
    }


@blueprint.get("/practices/<slug>")
@allow("read", by_slug)
def show(practice: Practice) -> Page | Response:
    """The public revision; to those who may see more, what there is with a word on its status."""
    if practice.status == "archived":
        return render_template("practices/archived.html", practice=practice), 410
    revision = store.get_revision(
        get_db(), practice.public_revision_id or practice.newest_revision_id
    )
    return render_template(
        "practices/show.html",
        practice=practice,
        address=web.absolute_url("practices.show", lang=i18n.current(), slug=practice.slug),
        **reading(revision.content),
    )


@blueprint.get("/my-practices")
@allow("contribute")
def mine() -> str:
    """What my municipality has in the library or on its way there."""
    db = get_db()
    member = signed_in_member()
    found = (
        store.list_of_municipality(db, member.municipality)
        if member.municipality
        else store.list_of_author(db, member.id)
    )
    entries = [
        (practice, actions.working_copy(db, practice), store.list_log(db, practice.id)[:1])
        for practice in found
    ]
    return render_template(
        "practices/mine.html", entries=entries, towns=municipalities.by_code(db), member=member
    )


@blueprint.get("/my-practices/new")
@allow("contribute")
def new() -> str:
    """An empty quick card."""
    values: forms.Values = {"submission_key": secrets.token_urlsafe(24)}
    return _card(values, version=0)


@blueprint.post("/my-practices")
@allow("contribute")
def create() -> Page | Response:
    """Save what was typed as a new draft."""
    db = get_db()
    raw = forms.read_card(request.form, {})
    content, problems = check_shape(raw, actions.known_codes(db))
    problems += _whose(content)
    key = request.form.get("submission_key", "")[:KEY_LENGTH]
    if problems or not key:
        return _card(forms.typed(request.form), version=0, problems=problems), 400
    practice = actions.create(db, signed_in_member(), key, content)
    return _saved(practice)


@blueprint.get("/my-practices/<int:practice_id>")
@allow("follow", by_id)
def follow(practice: Practice) -> str:
    """Where the practice stands, what was said about it and what happens next."""
    db = get_db()
    draft = actions.working_copy(db, practice)
    return render_template(
        "practices/follow.html",
        practice=practice,
        draft=draft,
        has_draft=store.find_draft(db, practice.id) is not None,
        log=store.list_log(db, practice.id),
        problems=check_complete(draft.content, actions.SUBMISSION),
        completeness=completeness(draft.content),
        missing=missing(draft.content),
        may_edit=access.can(current_member(), "edit", practice),
        editable_by_withdrawal=practice.status == "submitted",
    )


@blueprint.get("/my-practices/<int:practice_id>/edit")
@allow("edit", by_id)
def edit(practice: Practice) -> str:
    """The quick card with the working copy in it."""
    draft = actions.working_copy(get_db(), practice)
    return _card(forms.values_of(draft.content), version=draft.version, practice=practice)


@blueprint.post("/my-practices/<int:practice_id>/edit")
@allow("follow", by_id)
def update(practice: Practice) -> Page | Response:
    """Save what was typed over the working copy that it was typed into."""
    db = get_db()
    before = actions.working_copy(db, practice).content
    version = request.form.get("version", type=int, default=0)
    raw = forms.read_card(request.form, before)
    content, problems = check_shape(raw, actions.known_codes(db))
    values = forms.typed(request.form)
    if problems:
        return _card(values, version=version, practice=practice, problems=problems), 400
    try:
        actions.save(db, practice, signed_in_member(), content, version)
    except StaleDraft as stale:
        return _card(values, version=stale.newer.version, practice=practice, newer=stale.newer), 409
    except Impossible:
        return _card(values, version=version, practice=by_id(practice.id), too_late=True), 409
    return _saved(practice)


@blueprint.get("/my-practices/<int:practice_id>/preview")
@allow("follow", by_id)
def preview(practice: Practice) -> str:
    """The working copy as readers would see it."""
    draft = actions.working_copy(get_db(), practice)
    return render_template(
        "practices/preview.html",
        practice=practice,
        may_edit=access.can(current_member(), "edit", practice),
        **reading(draft.content),
    )


@blueprint.get("/my-practices/<int:practice_id>/submit")
@allow("edit", by_id)
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


@blueprint.post("/my-practices/<int:practice_id>/withdraw")
@allow("follow", by_id)
def withdraw(practice: Practice) -> Response:
    """Take back what was submitted."""
    actions.withdraw(get_db(), practice, signed_in_member())
    flash(_("The practice is yours again. You can change it and submit it when it is ready."))
    return redirect(url_for("practices.follow", practice_id=practice.id), 303)


def _whose(content: Content) -> list[Problem]:
    """The network's staff have to say whose practice they write."""
    if signed_in_member().municipality or content.get("municipality"):
        return []
    return [
        problem for problem in check_complete(content, {"card"}) if problem.field == "municipality"
    ]


def _saved(practice: Practice) -> Response:
    then = request.form.get("then", "save")
    pages = {"preview": "practices.preview", "submit": "practices.check"}
    if then not in pages:
        flash(_("Saved. You can go on now or come back another day."), "success")
    return redirect(url_for(pages.get(then, "practices.edit"), practice_id=practice.id), 303)


def _card(
    values: forms.Values,
    *,
    version: int,
    practice: Practice | None = None,
    problems: list[Problem] | None = None,
    newer: Draft | None = None,
    too_late: bool = False,
) -> str:
    db = get_db()
    towns = municipalities.by_code(db)
    choices = _choices()
    return render_template(
        "practices/edit.html",
        values=values,
        version=version,
        practice=practice,
        errors=forms.errors_of(problems or []),
        newer=newer,
        newer_values=forms.values_of(newer.content) if newer else {},
        too_late=too_late,
        card=template.CARD,
        choices=choices,
        labels_of={code: [item[:2] for item in items] for code, items in choices.items()},
        towns=[(code, i18n.text(town.name).value) for code, town in towns.items()],
        by_code=towns,
        member=signed_in_member(),
        log=store.list_log(db, practice.id)[:1] if practice else [],
    )


def _choices() -> dict[str, list[tuple[str, str, str]]]:
    """Each vocabulary of the card as (code, label, definition), in the reader's language."""
    books = all_vocabularies(get_db())
    return {
        field.vocabulary: [
            (term.code, i18n.text(term.label).value, i18n.text(term.definition).value)
            for term in books[field.vocabulary].terms.values()
        ]
        for field in template.CARD
        if field.vocabulary
    }


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
        **reading(draft.content),
    )
