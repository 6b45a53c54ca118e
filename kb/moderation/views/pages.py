"""What the views of moderation share: the blueprint, its refusals, finding a practice."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, session, url_for

from kb import web
from kb.db import NotFound
from kb.moderation.desk import NothingWaits
from kb.moderation.model import AlreadyDecided, StaleRevision, TooLate
from kb.practices.model import Practice
from kb.practices.views import by_id

PAGE_SIZE = 25
QUEUE = "queue"  # in the session: how the queue was narrowed, as the parameters of its address

blueprint = Blueprint("moderation", __name__)
web.error_page(AlreadyDecided, 409, "moderation/already-decided.html")
web.error_page(StaleRevision, 409, "moderation/stale-revision.html")
web.error_page(TooLate, 409, "moderation/too-late.html")
web.error_page(NothingWaits, 409, "moderation/nothing-waits.html")


def submitted(practice_id: int) -> Practice:
    """The practice of that number, once it was submitted. Raises NotFound."""
    practice = by_id(practice_id)
    if practice.newest_revision_id is None:
        raise NotFound("never submitted")
    return practice


def keep_queue(**narrowed: Any) -> None:
    """Remember how the queue was looked at, to lead back there; only what differs is kept."""
    given = {name: value for name, value in narrowed.items() if value is not None}
    if given != session.get(QUEUE, {}):
        session[QUEUE] = given


@blueprint.app_template_global()
def queue_address() -> str:
    """The queue as this person looked at it last."""
    return url_for("moderation.queue", **session.get(QUEUE, {}))
