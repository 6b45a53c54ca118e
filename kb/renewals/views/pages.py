"""What the views of confirming share: the blueprint, its refusals, what templates may ask."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from kb.db import get_db
from kb.practices.model import Practice
from kb.renewals import (
    asking,
    commands,  # noqa: F401 – adds the worker's chore
    store,
    timeline,  # noqa: F401 – adds what it knows to that of a practice
)
from kb.renewals.model import Case, LinkGone, NobodyToAsk, NotDue, is_due, since
from kb.web import error_page

PAGE_SIZE = 25

blueprint = Blueprint("renewals", __name__)
error_page(LinkGone, 410, "renewals/gone.html")
error_page(NotDue, 409, "renewals/not-due.html")
error_page(NobodyToAsk, 409, "renewals/nobody.html")


@blueprint.after_request
def _keep_out_of_caches(response: Response) -> Response:
    """Even the page that needs no account holds a form's secret."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@blueprint.app_template_global()
def to_confirm(practice: Practice) -> Case | None:
    """The practice as a case, where its municipality should say whether it is still true."""
    if not is_to_be_confirmed(practice):
        return None
    return store.find_due(get_db(), practice.id, asking.months(), asking.present())


@blueprint.app_template_global()
def is_to_be_confirmed(practice: Practice) -> bool:
    """Whether its time is over; says so without a look into the store."""
    start = since(practice.published_at, practice.confirmed_on)
    return practice.is_public and is_due(start, asking.months(), asking.present())


@blueprint.app_template_global()
def count_to_confirm() -> int:
    """How many practices have to be confirmed."""
    return store.count_due(get_db(), asking.months(), asking.present())
