"""A practice as everybody reads it."""

from __future__ import annotations

from flask import render_template
from werkzeug.wrappers import Response

from kb import i18n, web
from kb.access import allow
from kb.db import get_db
from kb.practices import store
from kb.practices.model import Practice
from kb.practices.views.pages import Page, blueprint, by_slug, reading


@blueprint.get("/practices/<slug>")
@allow("read", by_slug)
def show(practice: Practice) -> Page | Response:
    """The public revision; to those who may see more, what there is with a word on its status."""
    if practice.status == "archived":
        return render_template("practices/archived.html", practice=practice), 410
    revision = store.get_revision(
        get_db(), practice.public_revision_id or practice.newest_revision_id
    )
    return render_template(
        "practices/show.html",
        practice=practice,
        address=web.absolute_url("practices.show", lang=i18n.current(), slug=practice.slug),
        **reading(revision.content),
    )
