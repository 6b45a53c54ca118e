"""The full form: a list of its sections with their state, and a page for each."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from kb.access import allow
from kb.db import NotFound, get_db
from kb.practices import actions, forms, sheets
from kb.practices.documents import completeness, missing
from kb.practices.model import Content, Practice
from kb.practices.sheets import SECTION_SHEETS, Sheet, Task
from kb.practices.views import form_page
from kb.practices.views.pages import Page, blueprint, by_id, to_write
from kb.practices.views.saving import save


def on_sheet(practice_id: int, section: str) -> Practice:
    """The practice, where the address names a page of the form. Raises NotFound."""
    if section not in sheets.SHEETS:
        raise NotFound("no such section")
    return by_id(practice_id)


def on_sheet_to_write(practice_id: int, section: str) -> Practice:
    """The same, for the page itself. Raises NotFound, NotAuthor."""
    on_sheet(practice_id, section)
    return to_write(practice_id)


def asked_sheet() -> Sheet:
    """The page of the form that this request's address names."""
    return sheets.SHEETS[(request.view_args or {})["section"]]


@blueprint.get("/my-practices/<int:practice_id>/write")
@allow("edit", to_write)
def write(practice: Practice) -> str:
    """The sections and how far each is."""
    draft = actions.working_copy(get_db(), practice)
    lacking = missing(draft.content)
    return render_template(
        "practices/write.html",
        practice=practice,
        draft=draft,
        tasks=[_task(sheet, practice, draft.content) for sheet in SECTION_SHEETS]
        + [make(practice) for make in sheets.MORE_TASKS],
        completeness=completeness(draft.content),
        missing=[(field, sheets.sheet_of(field), forms.first_input(field)) for field in lacking],
        presence=form_page.told(form_page.others_on(practice)),
    )


@blueprint.get("/my-practices/<int:practice_id>/write/<section>")
@allow("edit", on_sheet_to_write)
def section(practice: Practice) -> str:
    """One section with the working copy in it."""
    sheet, draft = asked_sheet(), actions.working_copy(get_db(), practice)
    values = forms.values_of(draft.content, sheet.fields)
    return form_page.draw(sheet, values, form_page.fresh_state(draft, sheet), practice)


@blueprint.post("/my-practices/<int:practice_id>/write/<section>")
@allow("follow", on_sheet)
def save_section(practice: Practice) -> Page | Response:
    """Save what was typed into the working copy, and go where the button says."""
    sheet = asked_sheet()
    refused = save(practice, sheet, form_page.read(sheet))
    return refused or redirect(_next_address(practice, sheet), 303)


def _next_address(practice: Practice, sheet: Sheet) -> str:
    address: dict[str, Any] = {"practice_id": practice.id, "section": sheet.code}
    if code := request.form.get("add") or request.form.get("remove", "").rpartition("_")[0]:
        return url_for("practices.section", **address, add=code, _anchor=f"{code}_rows")
    following = sheets.following(sheet)
    if request.form.get("then") == "next" and following:
        return url_for("practices.section", **address | {"section": following.code})
    if request.form.get("then") == "stay":
        return url_for("practices.section", **address)
    flash(_("Saved: %(section)s.", section=sheet.label), "success")
    return url_for("practices.write", practice_id=practice.id)


def _task(sheet: Sheet, practice: Practice, content: Content) -> Task:
    return Task(
        sheet.label,
        sheet.hint,
        url_for("practices.section", practice_id=practice.id, section=sheet.code),
        sheets.state(sheet, content),
        {
            language: len(names)
            for language, names in sheets.gaps(sheet.fields, content).items()
            if names
        },
    )
