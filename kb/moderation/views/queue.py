"""The queue: what waits for a decision, and every other practice by its status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import current_app, render_template, request
from flask_babel import gettext as _

from kb.access import allow, signed_in_member
from kb.accounts import store as accounts
from kb.db import get_db
from kb.moderation import desk, store, undoing
from kb.moderation.model import SHELVES, WAITING, Shelf, days_ago
from kb.moderation.views.pages import PAGE_SIZE, blueprint, keep_queue
from kb.municipalities import store as municipalities
from kb.municipalities.model import Municipality
from kb.paging import paging
from kb.web import asked_number


@blueprint.get("/review")
@allow("moderate")
def queue() -> str:
    """What waits for a decision, and every other practice by its status."""
    db = get_db()
    towns = municipalities.by_code(db)
    shelf, notes = _wanted(towns)
    page = paging(store.count_queue(db, shelf), PAGE_SIZE)
    _keep(shelf, page.page)
    late = replace(shelf, overdue_before=_late())
    return render_template(
        "moderation/queue.html",
        items=store.list_queue(db, shelf, page.size, page.offset),
        shelf=shelf,
        is_waiting=shelf.status in WAITING,
        towns=towns,
        by_status=store.count_by_status(db, shelf.municipality),
        by_municipality=store.count_by_municipality(db, shelf.status),
        by_holder=store.count_by_holder(db, shelf),
        people=accounts.names(db),
        undoable=undoing.list_own(db, signed_in_member().id),
        reviewers=desk.moderators(db),
        overdue=store.count_queue(db, late),
        overdue_before=_late(),
        paging=page,
        notes=notes,
    )


def _keep(shelf: Shelf, page: int) -> None:
    keep_queue(
        status=shelf.status if shelf.status != SHELVES[0] else None,
        municipality=shelf.municipality,
        holder=shelf.holder,
        overdue="yes" if shelf.overdue_before else None,
        page=page if page > 1 else None,
    )


def _late() -> str:
    return days_ago(current_app.config["REVIEW_DAYS"])


def _wanted(towns: Mapping[str, Municipality]) -> tuple[Shelf, list[str]]:
    """The shelf that the address asks for, and a word on what there is not."""
    notes = []
    status, town = request.args.get("status"), request.args.get("municipality")
    known = next((each for each in SHELVES if each == status), None)
    if status and known is None:
        notes.append(_("There is no such status, so you see what waits for a decision."))
    if town and town not in towns:
        notes.append(_("There is no such municipality, so you see all of them."))
    shelf = Shelf(known or SHELVES[0], town if town in towns else None)
    if shelf.status not in WAITING:
        return shelf, notes
    holder = asked_number("holder")
    is_late = shelf.status == "submitted" and "overdue" in request.args
    return replace(shelf, holder=holder, overdue_before=_late() if is_late else None), notes
