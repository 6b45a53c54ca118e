"""What the views of moderation share: the blueprint, its refusals, finding a practice."""

from __future__ import annotations

from flask import Blueprint

from kb import web
from kb.db import NotFound
from kb.moderation.desk import NothingWaits
from kb.moderation.model import AlreadyDecided, StaleRevision, TooLate
from kb.practices.model import Practice
from kb.practices.views import by_id

PAGE_SIZE = 25

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
