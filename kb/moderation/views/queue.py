"""The queue: what waits for a decision, and every other practice by its status."""

from __future__ import annotations

from collections.abc import Mapping

from flask import render_template, request
from flask_babel import gettext as _

from kb.access import allow
from kb.db import get_db
from kb.moderation import store
from kb.moderation.model import SHELVES, WAITING
from kb.moderation.views.pages import PAGE_SIZE, blueprint
from kb.municipalities import store as municipalities
from kb.municipalities.model import Municipality
from kb.paging import paging
from kb.practices.model import Status


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
