"""What a municipality has in the library or on its way there, and where each practice stands."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb import access
from kb.access import allow, current_member, signed_in_member
from kb.db import get_db
from kb.municipalities import store as municipalities
from kb.practices import actions, authors, store, timeline
from kb.practices.completion import check_complete
from kb.practices.documents import completeness, missing
from kb.practices.model import TRANSITIONS, Draft, Impossible, LogEntry, Practice
from kb.practices.views.pages import blueprint, by_id, reading, to_write

Entry = tuple[Practice, Draft, list[LogEntry]]
SHELF_OF = {
    "draft": "writing",
    "changes_requested": "writing",
    "submitted": "review",
    "published": "public",
    "declined": "closed",
    "archived": "closed",
}


@blueprint.get("/my-practices")
@allow("contribute")
def mine() -> str:
    """What my municipality has in the library or on its way there."""
    db = get_db()
    member = signed_in_member()
    found = (
        store.list_of_municipality(db, member.municipality)
        if member.municipality
        else store.list_of_author(db, member.id)
    )
    entries = [
        (practice, actions.working_copy(db, practice), store.list_log(db, practice.id)[:1])
        for practice in found
    ]
    return render_template(
        "practices/mine.html",
        shelves=_shelved(entries),
        towns=municipalities.by_code(db),
        member=member,
        leads=authors.names_of_leads(db, member.municipality) if member.municipality else {},
        awaiting=[
            (practice, draft)
            for practice, draft, _log in reversed(entries)
            if practice.awaits_approval and access.can(member, "approve", practice)
        ],
    )


def _shelved(entries: list[Entry]) -> dict[str, list[Entry]]:
    """The entries by who has the next step: first what is being written, sent back texts on top."""
    shelves: dict[str, list[Entry]] = {"writing": [], "review": [], "public": [], "closed": []}
    for entry in sorted(entries, key=lambda each: each[0].status != "changes_requested"):
        practice, draft, _log = entry
        begun = practice.status == "published" and draft.version > 0
        shelves["writing" if begun else SHELF_OF[practice.status]].append(entry)
    return shelves


@blueprint.get("/my-practices/<int:practice_id>")
@allow("follow", by_id)
def follow(practice: Practice) -> str:
    """Where the practice stands, what was said about it and what happens next."""
    db = get_db()
    draft = actions.working_copy(db, practice)
    return render_template(
        "practices/follow.html",
        practice=practice,
        draft=draft,
        has_draft=store.find_draft(db, practice.id) is not None,
        log=store.list_log(db, practice.id),
        events=timeline.events(db, practice),
        problems=check_complete(draft.content, actions.SUBMISSION),
        completeness=completeness(draft.content),
        missing=missing(draft.content),
        may_edit=access.can(current_member(), "edit", practice),
        may_write=access.can(current_member(), "write", practice),
        editable_by_withdrawal=practice.status == "submitted",
    )


@blueprint.get("/my-practices/<int:practice_id>/preview")
@allow("follow", by_id)
def preview(practice: Practice) -> str:
    """The working copy as readers would see it."""
    draft = actions.working_copy(get_db(), practice)
    return render_template(
        "practices/preview.html",
        practice=practice,
        may_edit=access.can(current_member(), "edit", practice),
        **reading(draft.content),
    )


@blueprint.get("/my-practices/<int:practice_id>/withdraw")
@allow("write", to_write)
def ask_withdraw(practice: Practice) -> str:
    """What taking it back means."""
    if practice.status not in TRANSITIONS["withdraw"]:
        raise Impossible("withdraw", practice.status)
    draft = actions.working_copy(get_db(), practice)
    return render_template("practices/withdraw.html", practice=practice, draft=draft)


@blueprint.post("/my-practices/<int:practice_id>/withdraw")
@allow("follow", by_id)
def withdraw(practice: Practice) -> Response:
    """Take back what was submitted."""
    actions.withdraw(get_db(), practice, signed_in_member())
    flash(_("The practice is yours again. You can change it and submit it when it is ready."))
    return redirect(url_for("practices.follow", practice_id=practice.id), 303)
