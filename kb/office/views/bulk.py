"""Many practices at once: upload, look at every row, confirm, follow how far it is."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb.access import allow, signed_in_member
from kb.db import get_db
from kb.office import importing, imports, model, workbook
from kb.office.actions import NotTaken, names
from kb.office.imports import Import
from kb.office.views.pages import Page, blueprint, download, uploaded

# Of the rows without a fault; those with one are all shown.
MOST_SHOWN = 200


@blueprint.get("/import")
@allow("moderate")
def ask_import() -> str:
    """Where a file is uploaded."""
    return _upload_page({})


@blueprint.get("/import/template")
@allow("moderate")
def import_template() -> Response:
    """The spreadsheet to fill in."""
    return download(workbook.write(names(get_db())), "practices.xlsx", workbook.MEDIA_TYPE)


@blueprint.post("/import")
@allow("moderate")
def check_import() -> Page | Response:
    """Look through the file; nothing is written yet."""
    try:
        stream, name = uploaded()
        found = importing.look_through(get_db(), stream, name, signed_in_member())
    except NotTaken as trouble:
        return _upload_page({"file": trouble.sentence}), 400
    return redirect(url_for("office.show_import", token=found.token), 303)


@blueprint.get("/import/<token>")
@allow("moderate")
def show_import(token: str) -> str:
    """Every row and what is wrong with it; then how far the writing is; then what became of it."""
    found = _find(token)
    page = {"waiting": "check", "failed": "check", "running": "running", "done": "done"}
    return render_template(
        f"office/import-{page[found.state]}.html",
        found=found,
        shown=found.good[:MOST_SHOWN],
        counts={
            fate: sum(row.fate == fate for row in found.good)
            for fate in ("added", "changed", "unchanged")
        },
    )


@blueprint.get("/import/<token>/progress")
@allow("moderate")
def import_progress(token: str) -> dict[str, Any]:
    """How far the writing is, for the page's script."""
    found = _find(token)
    said = _("%(done)s of %(total)s rows", done=found.done, total=found.total)
    return {"state": found.state, "done": found.done, "total": found.total, "said": said}


@blueprint.post("/import/<token>")
@allow("moderate")
def confirm_import(token: str) -> Response:
    """Write the rows without a fault."""
    found = _find(token)
    if found.good:
        importing.begin(found, signed_in_member())
    return redirect(url_for("office.show_import", token=token), 303)


@blueprint.post("/import/<token>/discard")
@allow("moderate")
def discard_import(token: str) -> Response:
    """Forget the file."""
    found = _find(token)
    if found.state != "running":
        imports.forget(found)
        flash(_("The file is forgotten. Nothing was written."))
    return redirect(url_for("office.ask_import"), 303)


def _find(token: str) -> Import:
    return imports.find(token, signed_in_member().id)


def _upload_page(errors: dict[str, str]) -> str:
    return render_template(
        "office/import.html",
        errors=errors,
        most_rows=model.MOST_ROWS,
        largest=model.MOST_BYTES,
    )
