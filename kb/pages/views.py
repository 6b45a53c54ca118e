"""The pages around the library, over HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb import i18n
from kb.access import allow
from kb.db import get_db
from kb.municipalities import store as municipalities
from kb.municipalities.model import Municipality
from kb.pages import actions, crawling, outline, store
from kb.pages.forms import PAGE_LENGTH, FeedbackForm
from kb.pages.model import TooMuchFeedback
from kb.vocabularies.model import Vocabulary
from kb.vocabularies.store import all_vocabularies
from kb.web import local_path, path_here

NEWEST = 6
# A municipality with more than these is searched rather than read.
MOST_LISTED = 50

blueprint = Blueprint("pages", __name__)


@blueprint.record_once
def _without_a_language(state: BlueprintSetupState) -> None:
    cast(Flask, state.app).register_blueprint(crawling.blueprint)


@blueprint.app_template_filter()
def labels(codes: Iterable[str], vocabulary: Vocabulary) -> list[str]:
    """The labels of some codes of a vocabulary, in the reader's language."""
    return [i18n.text(vocabulary.label(code)).value for code in codes]


@blueprint.get("/")
@allow("public")
def home() -> str:
    """Search first, then the ways to browse."""
    db = get_db()
    return render_template(
        "pages/home.html",
        counts=store.counts(db),
        areas=_areas(),
        members=_members(),
        newest=store.list_newest(db, NEWEST),
        by_code=municipalities.by_code(db),
    )


@blueprint.get("/areas")
@allow("public")
def areas() -> str:
    """Every area with what it means and how many practices it has."""
    return render_template("pages/areas.html", areas=_areas(), counts=store.counts(get_db()))


@blueprint.get("/municipalities", endpoint="municipalities")
@allow("public")
def list_of_municipalities() -> str:
    """The members of the network, in a list and on a map."""
    members = _members()
    return render_template(
        "pages/municipalities.html",
        members=members,
        dots=outline.dots(members),
        size=(outline.WIDTH, outline.HEIGHT),
        counts=store.counts(get_db()),
        elsewhere=_elsewhere(),
    )


@blueprint.get("/municipalities/<code>")
@allow("public")
def municipality(code: str) -> str:
    """One municipality and its published practices."""
    db = get_db()
    return render_template(
        "pages/municipality.html",
        municipality=municipalities.get(db, code),
        practices=store.list_of_municipality(db, code, MOST_LISTED),
        total=store.counts(db).by_municipality.get(code, 0),
        by_code=municipalities.by_code(db),
        areas=_areas(),
    )


@blueprint.get("/about")
@allow("public")
def about() -> str:
    """What the network and the library are."""
    return render_template("pages/about.html", members=_members())


@blueprint.get("/privacy")
@allow("public")
def privacy() -> str:
    """What is kept about people, and what is not."""
    return render_template("pages/privacy.html")


@blueprint.get("/accessibility")
@allow("public")
def accessibility() -> str:
    """The accessibility statement, with its feedback form."""
    return _statement(FeedbackForm(page=_page_before()))


@blueprint.post("/accessibility")
@allow("public")
def send_feedback() -> Response | tuple[str, int]:
    """Take a reader's feedback."""
    form = FeedbackForm()
    if not form.validate():
        return _statement(form), 400
    try:
        actions.send_feedback(
            get_db(),
            page=local_path(form.page.data) or "",
            message=form.message.data or "",
            email=form.email.data or "",
            language=i18n.current(),
        )
    except TooMuchFeedback:
        form.message.errors = [_("Too many messages have come just now. Try again in an hour.")]
        return _statement(form), 429
    flash(_("Thank you. Your message was sent to the people who look after the library."))
    return redirect(url_for("pages.accessibility"), 303)


def _page_before() -> str:
    """The path that the reader came from; without the query, which may tell what they sought."""
    return (path_here(request.referrer) or "")[:PAGE_LENGTH]


def _statement(form: FeedbackForm) -> str:
    return render_template(
        "pages/accessibility.html",
        form=form,
        errors={name: messages[0] for name, messages in form.errors.items()},
        mailbox=current_app.config["CONTACT_EMAIL"],
    )


def _areas() -> Vocabulary:
    return all_vocabularies(get_db())["areas"]


def _members() -> list[Municipality]:
    """The network's members, in the order of a reader's alphabet."""
    everyone = municipalities.list_municipalities(get_db())
    members = [each for each in everyone if each.is_member]
    return sorted(members, key=lambda each: i18n.sort_key(i18n.text(each.name).value))


def _elsewhere() -> list[Municipality]:
    """Where cases from outside the network stand."""
    return [each for each in municipalities.list_municipalities(get_db()) if not each.is_member]
