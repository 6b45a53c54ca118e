"""The page of a practice's files: added, described and removed in one form."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, nullcontext
from typing import Any, cast

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_babel.speaklater import LazyString
from werkzeug.wrappers import Response

from kb import access, i18n, web
from kb.access import allow, current_member, signed_in_member
from kb.attachments import actions, forms, model
from kb.attachments.model import Refusal, Row
from kb.attachments.views.pages import blueprint
from kb.db import NotFound, get_db
from kb.practices import attached, sheets
from kb.practices.actions import known_codes, working_copy
from kb.practices.model import NotAuthor, Practice
from kb.practices.views import by_id, to_write, why_not_author
from kb.vocabularies.model import Vocabulary
from kb.vocabularies.store import all_vocabularies

Page = str | tuple[str, int]


@blueprint.before_app_request
def take_large_forms() -> None:
    """Let whoever may add files send them; for other members the limit of every form stands.

    Of whoever is signed out the words are taken: they go on after signing in, their files do not.
    """
    if request.endpoint != "attachments.update" or request.method != "POST":
        return
    if current_member() is None:
        cast(web.Request, request).keeps_files = False
        request.max_content_length = model.MOST_POSTED
        return
    try:
        practice = by_id(**(request.view_args or {}))
    except NotFound:
        return
    if access.can(current_member(), "follow", practice):
        request.max_content_length = model.MOST_POSTED


@blueprint.get("/my-practices/<int:practice_id>/files")
@allow("edit", to_write)
def index(practice: Practice) -> str:
    """The files of the working copy, and a place for more."""
    return _page(practice)


@blueprint.post("/my-practices/<int:practice_id>/files")
@allow("follow", by_id)
def update(practice: Practice) -> Page | Response | dict[str, Any]:
    """Add the files that were sent, describe or remove those that were there."""
    db = get_db()
    rows = _rows(practice)
    removed = request.form.getlist("remove")
    whole = request.form.get("then") == "save"
    said = forms.read(request.form, rows, known_codes(db), whole)
    descriptions = {} if said.errors else said.descriptions
    with ExitStack() as kept:
        looked = [kept.enter_context(each) for each in _examined()]
        uploads = [each for each in looked if isinstance(each, actions.Examined)]
        try:
            outcome = actions.save(db, practice, signed_in_member(), uploads, descriptions, removed)
        except NotAuthor as refusal:
            if request.headers.get("Accept") != "application/json":
                raise
            return _refused(refusal, len(looked))
    outcome.refused[:0] = [each for each in looked if isinstance(each, Refusal)]
    if request.headers.get("Accept") == "application/json":
        return _told(practice, outcome, said.errors)
    if said.errors or outcome.refused or outcome.conflicts:
        return _page(practice, errors=said.errors, outcome=outcome), 400
    _say(len(outcome.added), bool(removed))
    for sentence in _warnings(outcome):
        flash(sentence, "warning")
    return redirect(url_for(".index", practice_id=practice.id), 303)


def _examined() -> Iterator[AbstractContextManager[actions.Examined | Refusal]]:
    """The files of this request, each looked through when it is entered; not without end."""
    sent = [each for each in request.files.getlist("files") if each.filename]
    begun = time.monotonic()
    for number, each in enumerate(sent):
        name = forms.name_of(each.filename)
        if number >= model.MOST_FILES:
            yield nullcontext(Refusal(name, "too-many"))
        elif time.monotonic() - begun > model.LONGEST_LOOK:
            yield nullcontext(Refusal(name, "waited"))
        else:
            yield actions.examined(each.stream, name)


def _told(
    practice: Practice, outcome: actions.Outcome, errors: Mapping[str, LazyString]
) -> dict[str, Any]:
    """For the page's module: the new files as they stand in the form, the others in a sentence.

    ``marks`` are for the descriptions that were saved; ``problems`` say why others were not;
    ``notes`` are about what was added.
    """
    added = [
        render_template("attachments/file.html", practice=practice, row=row, **_inputs([row]))
        for row in outcome.added
    ]
    kept = [row for row in _rows(practice) if row not in outcome.conflicts]
    theirs = [
        _("Somebody described “%(name)s” meanwhile. Save to see what they wrote.", name=row["name"])
        for row in outcome.conflicts
    ]
    return {
        "added": added,
        "refused": [f"{each.name}: {each.sentence}" for each in outcome.refused],
        "marks": {} if errors else {f"mark-{forms.key(row)}": actions.mark(row) for row in kept},
        "problems": [*map(str, errors.values()), *theirs],
        "notes": _warnings(outcome),
    }


def _refused(refusal: NotAuthor, count: int) -> dict[str, Any]:
    """For the page's module: why nothing of it was taken."""
    reason = _("Not saved: %(reason)s", reason=why_not_author(refusal.practice))
    return {"added": [], "refused": [reason] * count, "marks": {}, "problems": [reason]}


def _warnings(outcome: actions.Outcome) -> list[str]:
    return [
        _(
            "“%(name)s” says who made it or changed it: %(people)s. If that should not be public,"
            " remove this file, take these names out of its properties, comments and changes, and"
            " upload it again.",
            name=name,
            people=", ".join(people),
        )
        for name, people in outcome.naming
    ]


def _say(added: int, removed: bool) -> None:
    if added:
        flash(
            ngettext(
                "The file was added. Describe it below.",
                "%(num)d files were added. Describe them below.",
                added,
            ),
            "success",
        )
    else:
        flash(_("The file was removed.") if removed else _("Saved."), "success")


def _rows(practice: Practice) -> list[Row]:
    return list(working_copy(get_db(), practice).content.get(model.FIELD.code, []))


def _page(
    practice: Practice,
    errors: dict[str, Any] | None = None,
    outcome: actions.Outcome | None = None,
) -> str:
    content = working_copy(get_db(), practice).content
    rows = _rows(practice)
    return render_template(
        "attachments/index.html",
        practice=practice,
        content=content,
        rows=rows,
        errors=errors or {},
        outcome=outcome or actions.Outcome(),
        extensions=model.EXTENSIONS,
        largest=model.FILE_BYTES,
        too_large=model.SENTENCES["too-large"],
        most_files=model.MOST_FILES,
        used=sum(row["size"] for row in rows),
        most_bytes=model.MOST_BYTES,
        **_inputs(rows),
    )


def _inputs(rows: list[Row]) -> dict[str, Any]:
    """What the inputs of the files offer and show."""
    books, values = all_vocabularies(get_db()), forms.shown(rows, request.form)
    held = set(values.values())
    return {
        "values": values,
        "key": forms.key,
        "kinds": _labels(books["attachment_kinds"], held),
        "licences": _labels(books["licences"], held),
        "is_image": attached.is_image,
    }


def _labels(book: Vocabulary, held: set[str]) -> list[tuple[str, str]]:
    return [(term.code, i18n.text(term.label).value) for term in book.offered(held)]


def task(practice: Practice) -> sheets.Task:
    """The row of the task list that leads here."""
    rows = _rows(practice)
    state: sheets.State = "complete" if rows else "not_started"
    if any(True for row in rows for _lack in attached.undescribed(row)):
        state = "problems"
    url = url_for("attachments.index", practice_id=practice.id)
    return sheets.Task(model.FIELD.label, model.FIELD.hint, url, state, {})


sheets.MORE_TASKS.append(task)
