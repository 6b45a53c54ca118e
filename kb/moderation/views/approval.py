"""The approval of a municipality's coordinator, before a practice goes to the network."""

from __future__ import annotations

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb import i18n, web
from kb.access import allow, signed_in_member
from kb.accounts import store as accounts
from kb.db import get_db
from kb.moderation import changes
from kb.moderation.forms import DecisionForm, OwnReasonForm
from kb.moderation.model import REASON_LENGTH, days_ago
from kb.moderation.views.pages import blueprint, submitted
from kb.municipalities import store as municipalities
from kb.practices import approval as actions
from kb.practices import held_back
from kb.practices import store as practices
from kb.practices.documents import completeness, missing
from kb.practices.model import Practice, Revision
from kb.practices.views import reading
from kb.vocabularies.store import all_vocabularies

Answer = Response | tuple[str, int]

web.error_page(actions.NotAwaiting, 409, "moderation/not-awaiting.html")


@blueprint.get("/my-practices/<int:practice_id>/approval")
@allow("approve", submitted)
def approval(practice: Practice) -> str | Response:
    """What waits for approval: as readers will see it, what changed, and the decision."""
    if not practice.awaits_approval:
        flash(_("This practice does not wait for your approval."))
        return redirect(url_for("practices.follow", practice_id=practice.id), 303)
    return _page(practice)


@blueprint.post("/my-practices/<int:practice_id>/approval/approve")
@allow("approve", submitted)
def approve(practice: Practice) -> Answer:
    """Send it to the network."""
    form = DecisionForm()
    if not form.validate():
        return _page(practice, form), 400
    actions.approve(get_db(), practice, signed_in_member(), form.revision_id)
    message = _("%(reference)s is with the Coordination Team now.", reference=practice.reference)
    flash(message, "success")
    return redirect(url_for("practices.mine"), 303)


@blueprint.post("/my-practices/<int:practice_id>/approval/request-changes")
@allow("approve", submitted)
def send_back(practice: Practice) -> Answer:
    """Give it back to its author, with what should change."""
    form = OwnReasonForm()
    if not form.validate():
        return _page(practice, form), 400
    actions.send_back(get_db(), practice, signed_in_member(), form.revision_id, form.text)
    flash(
        _("%(reference)s went back to its author, with your reason.", reference=practice.reference)
    )
    return redirect(url_for("practices.mine"), 303)


@blueprint.app_template_global()
def waits_too_long(practice: Practice) -> bool:
    """Whether it has waited for as long as its coordinators are reminded after."""
    days = current_app.config["APPROVAL_DAYS"]
    return bool(days) and practice.awaits_approval and practice.status_since < days_ago(days - 1)


def _page(practice: Practice, form: DecisionForm | None = None) -> str:
    db = get_db()
    revision = practices.get_revision(db, practice.newest_revision_id)
    base = _base(practice)
    names = changes.Names(all_vocabularies(db), municipalities.by_code(db), i18n.current())
    return render_template(
        "moderation/approval.html",
        practice=practice,
        revision=revision,
        base=base,
        changes=changes.compare(base.content, revision.content, names) if base else [],
        people=accounts.names(db),
        completeness=completeness(revision.content),
        missing=missing(revision.content),
        form=form,
        errors=form.messages if form else {},
        reason_length=REASON_LENGTH,
        **reading(revision.content),
    )


def _base(practice: Practice) -> Revision | None:
    """What is public, or else what the network had last."""
    db = get_db()
    held = held_back.find(db, practice.id)
    base = practice.public_revision_id or (held.before_revision_id if held else None)
    if base in (None, practice.newest_revision_id):
        return None
    return practices.get_revision(db, base)
