"""The moderation log: who did what, when and why."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _

from kb.access import allow
from kb.db import get_db
from kb.moderation import store
from kb.moderation.model import LOGGED
from kb.moderation.views.pages import PAGE_SIZE, blueprint
from kb.paging import paging
from kb.practices.model import Action


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
        notes=_notes(reference, practice_id, action),
        reference=reference,
        action=action,
        actions=LOGGED,
        paging=page,
    )


def _notes(reference: str, practice_id: int | None, action: Action | None) -> list[str]:
    notes = []
    if reference and practice_id is None:
        notes.append(_("There is no practice with that reference, so you see all of them."))
    if request.args.get("action") and action is None:
        notes.append(_("There is no such decision, so you see all of them."))
    return notes
