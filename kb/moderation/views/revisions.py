"""Every revision of a practice: read, compared with any other, restored; for either side."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb import access, i18n
from kb.access import allow, current_member, signed_in_member
from kb.db import get_db
from kb.moderation import changes, store
from kb.moderation.views.pages import blueprint, submitted
from kb.municipalities import store as municipalities
from kb.practices import actions
from kb.practices import store as practices
from kb.practices.model import Practice, Revision
from kb.practices.views import reading
from kb.vocabularies.store import all_vocabularies


def on_revision(practice_id: int, number: int) -> Practice:
    """The practice, where it has a revision of that number. Raises NotFound."""
    practice = submitted(practice_id)
    store.get_revision_id(get_db(), practice.id, number)
    return practice


def on_revision_sent(practice_id: int, number: int) -> Practice:
    """The same, where the revision came to the network. Raises NotFound."""
    practice = submitted(practice_id)
    store.get_revision_id(get_db(), practice.id, number, for_network=True)
    return practice


@blueprint.get("/review/<int:practice_id>/revisions/<int:number>")
@allow("review", on_revision_sent)
def revision(practice: Practice) -> str:
    """One revision, for a moderator."""
    return _revision_page(practice)


@blueprint.get("/my-practices/<int:practice_id>/revisions/<int:number>")
@allow("follow", on_revision)
def own_revision(practice: Practice) -> str:
    """One revision, for the municipality."""
    return _revision_page(practice, is_own=True)


@blueprint.get("/review/<int:practice_id>/compare")
@allow("review", submitted)
def compare(practice: Practice) -> str:
    """Two revisions, for a moderator."""
    return _compare_page(practice)


@blueprint.get("/my-practices/<int:practice_id>/compare")
@allow("follow", submitted)
def own_compare(practice: Practice) -> str:
    """Two revisions, for the municipality."""
    return _compare_page(practice, is_own=True)


@blueprint.post("/my-practices/<int:practice_id>/revisions/<int:number>/restore")
@allow("follow", on_revision)
def restore_revision(practice: Practice) -> Response:
    """Make it the draft again."""
    db = get_db()
    actions.restore_revision(db, practice, signed_in_member(), _asked(practice).id)
    flash(_("Restored. What stood in the draft before is in the history, too."), "success")
    return redirect(url_for("practices.follow", practice_id=practice.id), 303)


def _asked(practice: Practice) -> Revision:
    return _numbered(practice, (request.view_args or {})["number"])


def _numbered(practice: Practice, number: int, *, for_network: bool = False) -> Revision:
    db = get_db()
    revision_id = store.get_revision_id(db, practice.id, number, for_network=for_network)
    return practices.get_revision(db, revision_id)


def _revision_page(practice: Practice, *, is_own: bool = False) -> str:
    found = _asked(practice)
    heads = store.list_revisions(get_db(), practice.id, for_network=not is_own)
    return render_template(
        "moderation/revision.html",
        practice=practice,
        revision=found,
        head=next(each for each in heads if each.id == found.id),
        revisions=heads,
        is_own=is_own,
        may_restore=is_own and access.can(current_member(), "edit", practice),
        **reading(found.content),
    )


def _compare_page(practice: Practice, *, is_own: bool = False) -> str:
    """The revisions ``a`` and ``b`` of the address; without, the newest two."""
    db = get_db()
    heads = store.list_revisions(db, practice.id, for_network=not is_own)
    b = _numbered(practice, _number("b", heads[0].number), for_network=not is_own)
    earlier = next((each.number for each in heads if each.number < b.number), b.number)
    a = _numbered(practice, _number("a", earlier), for_network=not is_own)
    names = changes.Names(all_vocabularies(db), municipalities.by_code(db), i18n.current())
    return render_template(
        "moderation/compare.html",
        practice=practice,
        a=a,
        b=b,
        changes=changes.compare(a.content, b.content, names),
        revisions=heads,
        is_own=is_own,
    )


def _number(name: str, default: int) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else default
