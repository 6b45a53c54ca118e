"""A draft as a Word document, and what came back in one: shown first, saved when confirmed."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from kb import i18n
from kb.access import EDITABLE, allow, can, signed_in_member
from kb.db import get_db
from kb.municipalities import store as municipalities
from kb.office import actions, model
from kb.office.actions import Found, NotTaken
from kb.office.document import MEDIA_TYPE, Subject
from kb.office.roundtrip import Reading
from kb.office.views.pages import Page, blueprint, download, uploaded
from kb.practices.actions import working_copy
from kb.practices.model import Impossible, NotAuthor, Practice
from kb.practices.template import BY_CODE
from kb.practices.views import by_id, to_write
from kb.practices.wording import Difference, differences

KEY_LENGTH = 64


@blueprint.get("/my-practices/word-template")
@allow("contribute")
def template() -> Response:
    """The practice template as an empty document."""
    content = actions.made(get_db(), actions.empty_subject(signed_in_member()))
    return download(content, f"practice-template-{i18n.current()}.docx", MEDIA_TYPE)


@blueprint.get("/my-practices/<int:practice_id>/word")
@allow("follow", by_id)
def document(practice: Practice) -> Response:
    """The working copy as a document to go on writing in."""
    name = practice.reference or f"practice-{practice.id}"
    return download(actions.made(get_db(), _subject(practice)), f"{name}.docx", MEDIA_TYPE)


@blueprint.get("/my-practices/<int:practice_id>/word/upload")
@allow("edit", to_write)
def ask(practice: Practice) -> str:
    """Download the draft, write in Word, upload it."""
    return _upload_page(practice)


@blueprint.post("/my-practices/<int:practice_id>/word/upload")
@allow("follow", by_id)
def upload(practice: Practice) -> Page:
    """What the document would change, before anything is saved."""
    if practice.status not in EDITABLE:
        raise Impossible("submit", practice.status)
    if not can(signed_in_member(), "write", practice):
        raise NotAuthor(practice)
    subject = _subject(practice)
    try:
        reading = actions.read(get_db(), uploaded()[0], subject)
    except NotTaken as trouble:
        return _upload_page(practice, {"file": trouble.sentence}), 400
    return _preview(subject, actions.compare(get_db(), reading, subject), practice, reading)


@blueprint.post("/my-practices/<int:practice_id>/word/apply")
@allow("follow", by_id)
def apply(practice: Practice) -> Page | Response:
    """Save what was shown."""
    db = get_db()
    found = actions.unpacked(request.form.get("found", ""), db)
    chosen = [name for name in found.conflicts if f"take_{name}" in request.form]
    written = actions.apply(db, practice, signed_in_member(), found, chosen)
    if written.conflicts:
        subject = _subject(practice)
        again = actions.again(found, written)
        return _preview(subject, again, practice, late=True), 409
    _say_saved(len(found.taken) + len(chosen))
    return redirect(url_for("practices.write", practice_id=practice.id), 303)


@blueprint.get("/my-practices/word")
@allow("contribute")
def ask_new() -> str:
    """Download the empty template, write in Word, upload it as a new practice."""
    return _upload_page()


@blueprint.post("/my-practices/word")
@allow("contribute")
def begin() -> Page:
    """What the new practice would say, before there is one."""
    subject = actions.empty_subject(signed_in_member(), _municipality())
    try:
        if not _municipality():
            raise NotTaken(_("Choose the municipality."))
        reading = actions.read(get_db(), uploaded()[0], subject)
    except NotTaken as trouble:
        where = "file" if _municipality() else "municipality"
        return _upload_page(errors={where: trouble.sentence}), 400
    return _preview(subject, actions.compare(get_db(), reading, subject), None, reading)


@blueprint.post("/my-practices/word/apply")
@allow("contribute")
def create() -> Page | Response:
    """Begin the practice."""
    db = get_db()
    municipality, key = _municipality(), request.form.get("submission_key", "")[:KEY_LENGTH]
    found = actions.unpacked(request.form.get("found", ""), db)
    if not municipality or not key or not found.taken:
        return _upload_page(errors={"file": _("Upload the document once more.")}), 400
    practice = actions.begin(db, signed_in_member(), key, found, municipality)
    _say_saved(len(found.taken))
    return redirect(url_for("practices.write", practice_id=practice.id), 303)


def _municipality() -> str:
    """Whose practice a new one is: the member's own municipality's, or the one that was chosen."""
    own = signed_in_member().municipality
    asked = request.form.get("municipality", "")
    return own or (asked if asked in municipalities.by_code(get_db()) else "")


def _subject(practice: Practice) -> Subject:
    title = i18n.text(working_copy(get_db(), practice).content.get("title")).value
    return actions.subject_of(get_db(), practice, title)


def _say_saved(count: int) -> None:
    message = ngettext(
        "Saved from the document: %(num)s text or answer.",
        "Saved from the document: %(num)s texts and answers.",
        count,
    )
    flash(message, "success")


def _upload_page(practice: Practice | None = None, errors: dict[str, str] | None = None) -> str:
    towns = municipalities.by_code(get_db())
    subject = _subject(practice) if practice else None
    return render_template(
        "office/upload.html",
        practice=practice,
        title=subject.title if subject else "",
        errors=errors or {},
        towns=[(code, i18n.text(town.name).value) for code, town in towns.items()],
        given=request.form,
        member=signed_in_member(),
        largest=model.MOST_BYTES,
    )


def _preview(
    subject: Subject,
    found: Found,
    practice: Practice | None,
    reading: Reading | None = None,
    *,
    late: bool = False,
) -> str:
    changes = _differences(subject, found)
    return render_template(
        "office/preview.html",
        practice=practice,
        title=subject.title,
        changes=[each for each in changes if each.name in found.taken],
        conflicts=[each for each in changes if each.name in found.conflicts],
        problems=[(BY_CODE[p.field], p) for p in reading.problems] if reading else [],
        rest=reading.rest if reading else [],
        pictures=reading.pictures if reading else 0,
        another=reading is not None and actions.is_of_another(reading, subject),
        late=late,
        found=found.packed(),
        key=secrets.token_urlsafe(24),
        municipality=_municipality() if practice is None else "",
    )


def _differences(subject: Subject, found: Found) -> Sequence[Difference]:
    return list(differences(subject.content, found.content, actions.names(get_db())))
