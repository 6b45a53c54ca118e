"""Earlier saves of a draft: finding one, comparing it with the draft as it is, restoring it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb import access
from kb.access import allow, current_member, signed_in_member
from kb.db import NotFound, get_db
from kb.paging import paging
from kb.practices import actions, drafts
from kb.practices.model import DraftVersion, Practice
from kb.practices.views.form_page import labels
from kb.practices.views.pages import LONGEST_NUMBER, blueprint, by_id
from kb.practices.wording import differences

PAGE = 25


def on_version(practice_id: int, version_id: int) -> Practice:
    """The practice, where it has such a version. Raises NotFound."""
    practice = by_id(practice_id)
    if version_id.bit_length() > LONGEST_NUMBER:
        raise NotFound("no number of ours")
    drafts.get(get_db(), practice_id, version_id)
    return practice


@blueprint.get("/my-practices/<int:practice_id>/history")
@allow("follow", by_id)
def history(practice: Practice) -> str:
    """The saves that are kept, newest first, each with what it changed."""
    db = get_db()
    pages = paging(drafts.count(db, practice.id), PAGE)
    versions = drafts.list_versions(db, practice.id, PAGE + 1, pages.offset)
    known = labels()
    before = [version.content for version in versions[1:]] + [{}]
    entries = [
        (version, list(differences(earlier, version.content, known)))
        for version, earlier in zip(versions, before, strict=False)
    ]
    return render_template(
        "practices/history.html", practice=practice, entries=entries[:PAGE], paging=pages
    )


@blueprint.get("/my-practices/<int:practice_id>/history/<int:version_id>")
@allow("follow", on_version)
def version(practice: Practice) -> str:
    """One save beside the draft as it is now."""
    found = _asked(practice)
    draft = actions.working_copy(get_db(), practice)
    return render_template(
        "practices/version.html",
        practice=practice,
        version=found,
        draft=draft,
        differences=list(differences(found.content, draft.content, labels())),
        may_edit=access.can(current_member(), "edit", practice),
    )


@blueprint.post("/my-practices/<int:practice_id>/history/<int:version_id>/restore")
@allow("follow", on_version)
def restore(practice: Practice) -> Response:
    """Make that save the draft again, as a new version."""
    found = _asked(practice)
    actions.restore(get_db(), practice, signed_in_member(), found.id)
    flash(_("Restored. What stood in the draft before is in the history, too."), "success")
    return redirect(url_for("practices.write", practice_id=practice.id), 303)


def _asked(practice: Practice) -> DraftVersion:
    return drafts.get(get_db(), practice.id, (request.view_args or {})["version_id"])
