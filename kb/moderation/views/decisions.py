"""The decisions: each names the revision that was looked at."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb.access import allow, signed_in_member
from kb.db import get_db
from kb.i18n import moment
from kb.moderation import actions
from kb.moderation.forms import AssessmentForm, DecisionForm, PublishForm
from kb.moderation.model import Decision
from kb.moderation.views.pages import blueprint, queue_address, submitted
from kb.moderation.views.review import page, reason_form
from kb.practices.model import Action, Practice
from kb.vocabularies.store import all_vocabularies

Answer = Response | tuple[str, int]


@blueprint.post("/review/<int:practice_id>/publish")
@allow("decide", submitted)
def publish(practice: Practice) -> Answer:
    """Make the revision the one that everybody reads."""
    form = PublishForm(all_vocabularies(get_db()))
    if form.is_later:
        return _plan(practice, form)
    return _decide(practice, "publish", form)


@blueprint.post("/review/<int:practice_id>/assess")
@allow("decide", submitted)
def assess(practice: Practice) -> Answer:
    """Say anew how strong the evidence is, and how mature it is."""
    form = AssessmentForm(all_vocabularies(get_db()))
    if not form.validate():
        return page(practice, form), 400
    decision = Decision("assess", form.revision_id, "", form.level, form.maturity_level)
    actions.assess(get_db(), practice, signed_in_member(), decision)
    flash(_("The assessment is saved; readers see it."), "success")
    return redirect(url_for("moderation.review", practice_id=practice.id), 303)


@blueprint.post("/review/<int:practice_id>/call-off")
@allow("decide", submitted)
def call_off(practice: Practice) -> Answer:
    """Not publish it at the time that was planned."""
    actions.call_off(get_db(), practice, signed_in_member())
    flash(_("%(reference)s waits for a decision again.", reference=practice.reference), "success")
    return redirect(url_for("moderation.review", practice_id=practice.id), 303)


@blueprint.post("/review/<int:practice_id>/request-changes")
@allow("decide", submitted)
def request_changes(practice: Practice) -> Answer:
    """Give it back to the contributor, with what should change."""
    return _decide(practice, "request_changes", reason_form(practice))


@blueprint.post("/review/<int:practice_id>/decline")
@allow("decide", submitted)
def decline(practice: Practice) -> Answer:
    """Not publish it, and say why."""
    return _decide(practice, "decline", reason_form(practice))


@blueprint.post("/review/<int:practice_id>/archive")
@allow("decide", submitted)
def archive(practice: Practice) -> Answer:
    """Take it off the public pages, and say why."""
    return _decide(practice, "archive", reason_form(practice))


@blueprint.post("/review/<int:practice_id>/restore")
@allow("decide", submitted)
def restore(practice: Practice) -> Answer:
    """Put it back on the public pages."""
    return _decide(practice, "restore", DecisionForm())


def _decide(practice: Practice, action: Action, form: DecisionForm) -> Answer:
    if not form.validate():
        return page(practice, form), 400
    decision = Decision(action, form.revision_id, form.text, form.level, form.maturity_level)
    actions.decide(get_db(), practice, signed_in_member(), decision)
    flash(_done(action, practice), "success")
    return redirect(queue_address(), 303)


def _plan(practice: Practice, form: PublishForm) -> Answer:
    if not form.validate():
        return page(practice, form), 400
    decision = Decision("publish", form.revision_id, "", form.level, form.maturity_level)
    actions.plan(get_db(), practice, signed_in_member(), decision, form.due)
    flash(
        _(
            "%(reference)s will be published on %(when)s.",
            reference=practice.reference,
            when=moment(form.due),
        ),
        "success",
    )
    return redirect(queue_address(), 303)


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
