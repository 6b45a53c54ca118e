"""The messages that have not gone out, for administrators."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from kb import mail
from kb.access import allow
from kb.db import get_db
from kb.notices import actions, store
from kb.paging import paging

PAGE_SIZE = 50

blueprint = Blueprint("notices", __name__)


@blueprint.get("/messages")
@allow("administer")
def index() -> str:
    """What waits, what failed, and what will happen next."""
    db = get_db()
    counts = store.count_unsent(db)
    page = paging(sum(counts.values()), PAGE_SIZE)
    return render_template(
        "notices/index.html",
        messages=store.list_unsent(db, page.size, page.offset),
        counts=counts,
        kinds=mail.KINDS,
        last_sent=store.last_sent(db),
        is_stuck=bool(mail.faults(db)),
        has_server=bool(current_app.config["SMTP_HOST"]),
        most=mail.MOST_ATTEMPTS,
        paging=page,
    )


@blueprint.post("/messages/again")
@allow("administer")
def try_all() -> Response:
    """Try everything that failed again, at once."""
    return _tell(actions.try_again(get_db()))


@blueprint.post("/messages/<int:message_id>/again")
@allow("administer")
def try_one(message_id: int) -> Response:
    """Try one message again, at once."""
    return _tell(actions.try_again(get_db(), message_id))


def _tell(count: int) -> Response:
    if count:
        flash(
            ngettext(
                "%(num)s message will be tried again in a few seconds.",
                "%(num)s messages will be tried again in a few seconds.",
                count,
            ),
            "success",
        )
    else:
        flash(_("There is nothing to try again: it was sent meanwhile."))
    return redirect(url_for("notices.index"), 303)


@blueprint.app_template_global()
def unsent_messages() -> int:
    """How many messages failed or were given up."""
    counts = store.count_unsent(get_db())
    return counts.get("given_up", 0) + counts.get("failed", 0)
