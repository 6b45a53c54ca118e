"""The vocabularies, for administrators: what terms are called, and which of them are offered."""

from __future__ import annotations

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb import i18n
from kb.access import allow
from kb.db import get_db
from kb.vocabularies import actions, store
from kb.vocabularies.forms import NewTermForm, TermForm, code_taken
from kb.vocabularies.model import NEEDED, CodeTaken, StaleTerm, StillNeeded, Wording

blueprint = Blueprint("vocabularies", __name__)


@blueprint.get("/vocabularies")
@allow("administer")
def index() -> str:
    """List the vocabularies."""
    books = store.all_vocabularies(get_db()).values()
    return render_template("vocabularies/index.html", books=books)


@blueprint.get("/vocabularies/<code>")
@allow("administer")
def vocabulary(code: str) -> str:
    """List the terms of one, in their order."""
    book = store.get_vocabulary(get_db(), code)
    return render_template("vocabularies/vocabulary.html", book=book)


@blueprint.get("/vocabularies/<code>/new")
@allow("administer")
def new_term(code: str) -> Response:
    """Ask for a new term."""
    return _show_new(NewTermForm(store.get_vocabulary(get_db(), code)))


@blueprint.post("/vocabularies/<code>/new")
@allow("administer")
def add_term(code: str) -> Response:
    """Add it."""
    db = get_db()
    form = NewTermForm(store.get_vocabulary(db, code))
    if not form.validate():
        return _show_new(form, 400)
    try:
        actions.add(db, code, form.code.data, form.wording())
    except CodeTaken:
        form.code.errors = [code_taken()]
        return _show_new(form, 400)
    return _done(code, _("“%(label)s” is added. It is offered from now on.", label=_label(form)))


@blueprint.get("/vocabularies/<code>/terms/<term>")
@allow("administer")
def show_term(code: str, term: str) -> Response:
    """Show what is written of a term."""
    db = get_db()
    stored = store.get_wording(db, code, term)
    return _show(code, term, TermForm(store.get_vocabulary(db, code), term, stored), stored.mark)


@blueprint.post("/vocabularies/<code>/terms/<term>")
@allow("administer")
def change_term(code: str, term: str) -> Response:
    """Set it."""
    db = get_db()
    store.get_term(db, code, term)
    form = TermForm(store.get_vocabulary(db, code), term)
    opened = form.opened.data or ""
    if not form.validate():
        return _show(code, term, form, opened, 400)
    try:
        actions.change(db, code, term, form.wording(), opened)
    except StaleTerm:
        stored = store.get_wording(db, code, term)
        return _show(code, term, form, stored.mark, 409, stored)
    return _done(code, _("“%(label)s” is saved.", label=_label(form)))


@blueprint.post("/vocabularies/<code>/terms/<term>/retire")
@allow("administer")
def retire(code: str, term: str) -> Response:
    """Offer a term no longer."""
    label = i18n.text(store.get_term(get_db(), code, term).label).value
    try:
        actions.retire(get_db(), code, term)
    except StillNeeded:
        flash(_("“%(label)s” is still needed, and stays in use.", label=label), "warning")
        return redirect(url_for(".show_term", code=code, term=term), 303)
    return _done(code, _("“%(label)s” is no longer offered. What has it keeps it.", label=label))


@blueprint.post("/vocabularies/<code>/terms/<term>/restore")
@allow("administer")
def restore(code: str, term: str) -> Response:
    """Offer a term again."""
    label = i18n.text(store.get_term(get_db(), code, term).label).value
    actions.restore(get_db(), code, term)
    return _done(code, _("“%(label)s” is offered again.", label=label))


def _show(
    code: str,
    term: str,
    form: TermForm,
    opened: str,
    status: int = 200,
    stored: Wording | None = None,
) -> Response:
    book = store.get_vocabulary(get_db(), code)
    page = render_template(
        "vocabularies/term.html",
        book=book,
        term=book.terms[term],
        form=form,
        opened=opened,
        conflicts=form.differing(stored) if stored else [],
        errors=form.messages,
        is_needed=book.needs(term),
        is_named=term in NEEDED.get(code, ()),
    )
    return make_response(page, status)


def _show_new(form: NewTermForm, status: int = 200) -> Response:
    page = render_template(
        "vocabularies/new.html", book=form.vocabulary, form=form, errors=form.messages
    )
    return make_response(page, status)


def _label(form: TermForm) -> str:
    return i18n.text(form.wording().label).value


def _done(code: str, message: str) -> Response:
    flash(message, "success")
    return redirect(url_for(".vocabulary", code=code), 303)
