"""Files over HTTP: the page where they are added and described, and the files themselves."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb import access, files, i18n
from kb.access import allow, current_member, signed_in_member
from kb.attachments import actions, commands, forms, model, store
from kb.attachments.model import Refusal, Row
from kb.db import NotFound, get_db
from kb.practices import attached, sheets
from kb.practices.actions import known_codes, working_copy
from kb.practices.model import Practice
from kb.practices.slugs import latin
from kb.practices.views import by_id, by_slug
from kb.vocabularies.store import all_vocabularies

# Whatever a file holds, nothing of it runs in the name of this site.
SANDBOX = "default-src 'none'; sandbox"
PUBLIC = "public, max-age=86400, immutable"

Page = str | tuple[str, int]
blueprint = Blueprint("attachments", __name__, cli_group=None)
blueprint.cli.add_command(commands.files)


@dataclass(frozen=True)
class AskedFile:
    """A practice and the hash of one of its files, for the rules about the practice."""

    practice: Practice
    name: str

    @property
    def municipality(self) -> str:
        return self.practice.municipality

    @property
    def status(self) -> str:
        return self.practice.status

    @property
    def is_public(self) -> bool:
        return self.practice.is_public

    @property
    def author_ids(self) -> frozenset[int]:
        return self.practice.author_ids


def of_slug(slug: str, sha256: str, filename: str) -> AskedFile:
    """A file of the practice at that address; whether there is one is not asked yet."""
    return AskedFile(by_slug(slug), sha256)


def of_id(practice_id: int, sha256: str, filename: str) -> AskedFile:
    """A file of the practice of that number."""
    return AskedFile(by_id(practice_id), sha256)


@blueprint.get("/practices/<slug>/files/<sha256>/<filename>")
@allow("read", of_slug)
def show(asked: AskedFile) -> Response:
    """A file of a practice that has an address, to those who may read it."""
    return _send(asked)


@blueprint.get("/my-practices/<int:practice_id>/files/<sha256>/<filename>")
@allow("follow", of_id)
def show_own(asked: AskedFile) -> Response:
    """A file of one's own practice, which may have no address yet."""
    return _send(asked)


def _send(asked: AskedFile) -> Response:
    db = get_db()
    row = actions.find_row(db, asked.practice, current_member(), asked.name)
    path = files.path_of(row["file"])
    media_type = store.media_type_of(db, row["file"])
    if media_type is None or not path.is_file():
        raise NotFound("the file is not in its place")
    answer: Response = send_file(path, mimetype=media_type, etag=row["file"], conditional=True)
    answer.headers["Content-Disposition"] = disposition(row["name"])
    answer.headers["Content-Security-Policy"] = SANDBOX
    for_all = current_member() is None and actions.is_public(db, asked.practice, asked.name)
    answer.headers["Cache-Control"] = PUBLIC if for_all else "no-store"
    return answer


def disposition(name: str) -> str:
    """The header that has a file saved under its name, in Latin letters where nothing else goes."""
    stem, _dot, extension = name.rpartition(".")
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "-_ ") else "_" for c in latin(stem))
    return f"attachment; filename=\"{plain}.{extension}\"; filename*=UTF-8''{quote(name, safe='')}"


@blueprint.before_app_request
def take_large_forms() -> None:
    """Let whoever may add files send them; for all others the limit of every form stands."""
    if request.endpoint != "attachments.update" or request.method != "POST":
        return
    try:
        practice = by_id(**(request.view_args or {}))
    except NotFound:
        return
    if access.can(current_member(), "edit", practice):
        request.max_content_length = model.MOST_POSTED


@blueprint.get("/my-practices/<int:practice_id>/files")
@allow("edit", by_id)
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
        looked = [
            kept.enter_context(actions.examined(sent.stream, forms.name_of(sent.filename)))
            for sent in request.files.getlist("files")[: model.MOST_FILES]
            if sent.filename
        ]
        refused = [each for each in looked if isinstance(each, Refusal)]
        uploads = [each for each in looked if isinstance(each, actions.Examined)]
        outcome = actions.save(db, practice, signed_in_member(), uploads, descriptions, removed)
    outcome.refused[:0] = refused
    if request.headers.get("Accept") == "application/json":
        return _told(practice, outcome)
    if said.errors or outcome.refused or outcome.conflicts:
        return _page(practice, errors=said.errors, outcome=outcome), 400
    _say(len(outcome.added), bool(removed))
    return redirect(url_for(".index", practice_id=practice.id), 303)


def _told(practice: Practice, outcome: actions.Outcome) -> dict[str, Any]:
    """For the page's module: the new files as they stand in the form, the others in a sentence."""
    added = [
        render_template("attachments/file.html", practice=practice, row=row, **_choices([row]))
        for row in outcome.added
    ]
    refused = [f"{each.name}: {each.sentence}" for each in outcome.refused]
    return {"added": added, "refused": refused}


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
        most_files=model.MOST_FILES,
        used=sum(row["size"] for row in rows),
        most_bytes=model.MOST_BYTES,
        **_choices(rows, typed=request.method == "POST"),
    )


def _choices(rows: list[Row], typed: bool = False) -> dict[str, Any]:
    """What the inputs of the files offer and show; ``typed``: what was sent, where it was."""
    books = all_vocabularies(get_db())
    values = {name: value for row in rows for name, value in forms.values(row).items()}
    sent = {name: request.form[name] for name in values if name in request.form} if typed else {}
    shown = {row["file"]: f"mark-{forms.key(row)}" in sent for row in rows}
    for row in rows:
        if shown[row["file"]] and f"decorative-{forms.key(row)}" not in sent:
            values.pop(f"decorative-{forms.key(row)}", None)
    marks = {name: value for name, value in values.items() if name.startswith("mark-")}
    return {
        "values": values | sent | marks,
        "key": forms.key,
        "kinds": _labels(books["attachment_kinds"]),
        "licences": _labels(books["licences"]),
        "is_image": attached.is_image,
    }


def _labels(book: Any) -> list[tuple[str, str]]:
    return [(term.code, i18n.text(term.label).value) for term in book.terms.values()]


@blueprint.app_template_filter("file_size")
def file_size(size: int) -> str:
    """Bytes as people say them: 340 KB, 1.2 MB."""
    if size < model.MEGABYTE:
        return str(_("%(number)s KB", number=format_decimal(max(1, round(size / 1000)))))
    return str(_("%(number)s MB", number=format_decimal(round(size / model.MEGABYTE, 1))))


@blueprint.app_template_global("file_url")
def file_url(practice: Practice, row: Row) -> str:
    """Where a file of the practice is read."""
    named = {"sha256": row["file"], "filename": row["name"]}
    if practice.slug:
        return url_for("attachments.show", slug=practice.slug, **named)
    return url_for("attachments.show_own", practice_id=practice.id, **named)


@blueprint.app_template_test("image_file")
def is_image_file(row: Row) -> bool:
    """Whether a file of a content can be shown as a picture."""
    return attached.is_image(row)


def task(practice: Practice) -> sheets.Task:
    """The row of the task list that leads here."""
    rows = _rows(practice)
    state: sheets.State = "complete" if rows else "not_started"
    if any(True for row in rows for _lack in attached.undescribed(row)):
        state = "problems"
    url = url_for("attachments.index", practice_id=practice.id)
    return sheets.Task(model.FIELD.label, model.FIELD.hint, url, state, {})


sheets.MORE_TASKS.append(task)
