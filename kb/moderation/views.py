"""Moderation over HTTP: the queue, the review of one practice, the decisions, their log."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb import access, i18n, web
from kb.access import allow, current_member, signed_in_member
from kb.accounts import store as accounts
from kb.db import NotFound, get_db
from kb.moderation import actions, changes, mails, store
from kb.moderation.forms import DecisionForm, ReasonForm
from kb.moderation.model import (
    DECIDABLE,
    LOGGED,
    REASON_LENGTH,
    SHELVES,
    WAITING,
    AlreadyDecided,
    Decision,
    StaleRevision,
    days_since,
)
from kb.municipalities import store as municipalities
from kb.municipalities.model import Municipality
from kb.paging import paging
from kb.practices import store as practices
from kb.practices.documents import completeness, missing
from kb.practices.model import Action, Practice, Revision, Status
from kb.practices.validation import complete_languages
from kb.practices.views import by_id, reading
from kb.vocabularies.store import all_vocabularies

PAGE_SIZE = 25
Page = str | tuple[str, int]

blueprint = Blueprint("moderation", __name__)
web.error_page(AlreadyDecided, 409, "moderation/already-decided.html")
web.error_page(StaleRevision, 409, "moderation/stale-revision.html")


def submitted(practice_id: int) -> Practice:
    """The practice of that number, once it was submitted. Raises NotFound."""
    practice = by_id(practice_id)
    if practice.newest_revision_id is None:
        raise NotFound("never submitted")
    return practice


@blueprint.get("/review")
@allow("moderate")
def queue() -> str:
    """What waits for a decision, and every other practice by its status."""
    db = get_db()
    towns = municipalities.by_code(db)
    shelf, town, notes = _wanted(towns)
    by_status = store.count_by_status(db, town)
    page = paging(by_status[shelf], PAGE_SIZE)
    return render_template(
        "moderation/queue.html",
        items=store.list_queue(db, shelf, town, page.size, page.offset),
        shelf=shelf,
        is_waiting=shelf in WAITING,
        town=town,
        towns=towns,
        by_status=by_status,
        by_municipality=store.count_by_municipality(db, shelf),
        paging=page,
        notes=notes,
    )


@blueprint.get("/review/<int:practice_id>")
@allow("review", submitted)
def review(practice: Practice) -> str:
    """The newest revision, what it changes, what happened so far, and the decisions."""
    return _review_page(practice)


@blueprint.post("/review/<int:practice_id>/publish")
@allow("decide", submitted)
def publish(practice: Practice) -> Page | Response:
    """Make the revision the one that everybody reads."""
    return _decide(practice, "publish", DecisionForm())


@blueprint.post("/review/<int:practice_id>/request-changes")
@allow("decide", submitted)
def request_changes(practice: Practice) -> Page | Response:
    """Give it back to the contributor, with what should change."""
    return _decide(practice, "request_changes", _reason_form(practice))


@blueprint.post("/review/<int:practice_id>/decline")
@allow("decide", submitted)
def decline(practice: Practice) -> Page | Response:
    """Not publish it, and say why."""
    return _decide(practice, "decline", _reason_form(practice))


@blueprint.post("/review/<int:practice_id>/archive")
@allow("decide", submitted)
def archive(practice: Practice) -> Page | Response:
    """Take it off the public pages, and say why."""
    return _decide(practice, "archive", _reason_form(practice))


@blueprint.post("/review/<int:practice_id>/restore")
@allow("decide", submitted)
def restore(practice: Practice) -> Page | Response:
    """Put it back on the public pages."""
    return _decide(practice, "restore", DecisionForm())


@blueprint.get("/review/log")
@allow("moderate")
def log() -> str:
    """Everything that was ever decided, newest first."""
    db = get_db()
    reference = request.args.get("reference", "").strip()
    practice_id = store.find_practice(db, reference) if reference else None
    action = next((known for known in LOGGED if known == request.args.get("action")), None)
    page = paging(store.count_log(db, practice_id, action), PAGE_SIZE)
    return render_template(
        "moderation/log.html",
        lines=store.list_log(db, practice_id, action, page.size, page.offset),
        notes=_log_notes(reference, practice_id, action),
        reference=reference,
        action=action,
        actions=LOGGED,
        paging=page,
    )


def _log_notes(reference: str, practice_id: int | None, action: Action | None) -> list[str]:
    notes = []
    if reference and practice_id is None:
        notes.append(_("There is no practice with that reference, so you see all of them."))
    if request.args.get("action") and action is None:
        notes.append(_("There is no such decision, so you see all of them."))
    return notes


def _wanted(towns: Mapping[str, Municipality]) -> tuple[Status, str | None, list[str]]:
    """Shelf and municipality that the address asks for, and a word on what there is not."""
    notes = []
    status, town = request.args.get("status"), request.args.get("municipality")
    shelf = next((known for known in SHELVES if known == status), None)
    if status and shelf is None:
        notes.append(_("There is no such status, so you see what waits for a decision."))
    if town and town not in towns:
        notes.append(_("There is no such municipality, so you see all of them."))
    return shelf or SHELVES[0], town if town in towns else None, notes


def _decide(practice: Practice, action: Action, form: DecisionForm) -> Page | Response:
    if not form.validate():
        return _review_page(practice, form), 400
    decision = Decision(action, form.revision_id, form.text)
    actions.decide(get_db(), practice, signed_in_member(), decision)
    flash(_done(action, practice), "success")
    return redirect(url_for("moderation.queue"), 303)


def _done(action: Action, practice: Practice) -> str:
    said = {
        "publish": _("%(reference)s is published.", reference=practice.reference),
        "request_changes": _(
            "%(reference)s went back to the contributor, with your reason.",
            reference=practice.reference,
        ),
        "decline": _(
            "%(reference)s was declined. The contributor reads your reason.",
            reference=practice.reference,
        ),
        "archive": _("%(reference)s is archived.", reference=practice.reference),
        "restore": _("%(reference)s is public again.", reference=practice.reference),
    }
    return str(said[action])


def _reason_form(practice: Practice) -> ReasonForm:
    db = get_db()
    revision = practices.get_revision(db, practice.newest_revision_id)
    reader = mails.recipient(db, practice, revision)
    language = reader.language if reader else i18n.DEFAULT
    return ReasonForm(all_vocabularies(db)["decision_reasons"], language)


def _review_page(practice: Practice, form: DecisionForm | None = None) -> str:
    db = get_db()
    revision = practices.get_revision(db, practice.newest_revision_id)
    base = _base(practice, revision)
    books = all_vocabularies(db)
    names = changes.Names(books, municipalities.by_code(db), i18n.current())
    ready = books["decision_reasons"].terms.items()
    return render_template(
        "moderation/review.html",
        practice=practice,
        revision=revision,
        base=base,
        changes=changes.compare(base.content, revision.content, names) if base else [],
        days=days_since(practice.status_since),
        log=practices.list_log(db, practice.id),
        people=accounts.names(db),
        completeness=completeness(revision.content),
        missing=missing(revision.content),
        written_in=complete_languages(revision.content),
        decidable=practice.status in DECIDABLE,
        may_decide=access.can(current_member(), "decide", practice),
        reasons=_reason_form(practice),
        ready_labels=[(code, i18n.text(term.label).value) for code, term in ready],
        reason_length=REASON_LENGTH,
        form=form,
        errors=form.messages if form else {},
        **reading(revision.content),
    )


def _base(practice: Practice, revision: Revision) -> Revision | None:
    """What the revision is compared with: what is public, or else the one before it."""
    db = get_db()
    if practice.public_revision_id not in (None, revision.id):
        return practices.get_revision(db, practice.public_revision_id)
    if practice.public_revision_id is None and revision.number > 1:
        earlier = practices.list_revisions(db, practice.id)
        return next(each for each in earlier if each.number == revision.number - 1)
    return None
