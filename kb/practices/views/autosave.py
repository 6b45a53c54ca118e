"""Saving by itself while a person types: the same form, answered in JSON."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from kb import i18n
from kb.access import allow
from kb.practices import actions, forms, merge
from kb.practices.model import Impossible, NotAuthor, Practice
from kb.practices.sheets import QUICK, Sheet
from kb.practices.views import advising, form_page
from kb.practices.views.authors import why_not_author
from kb.practices.views.card import begin, whose
from kb.practices.views.form_page import Typed
from kb.practices.views.pages import blueprint
from kb.practices.views.sections import asked_sheet, on_sheet

Answer = tuple[dict[str, Any], int]


@blueprint.post("/my-practices/<int:practice_id>/write/<section>/autosave")
@allow("follow", on_sheet)
def autosave(practice: Practice) -> Answer:
    """Save what is well shaped; say what is not, and what somebody else changed meanwhile."""
    return _save(practice, asked_sheet())


@blueprint.post("/my-practices/autosave")
@allow("contribute")
def autosave_new() -> Answer:
    """Begin the practice that a new card is about; say where the card goes on."""
    typed = form_page.read(QUICK)
    if whose(typed.content) or not typed.page:
        message = _("Not saved yet: say first which municipality's practice it is.")
        return {"message": message}, 400
    practice = begin(typed)
    answer, status = _save(practice, QUICK, typed)
    addresses: dict[str, Any] = {
        "practice": practice.id,
        "address": url_for("practices.edit", practice_id=practice.id),
        "autosave": url_for("practices.autosave", practice_id=practice.id, section=QUICK.code),
    }
    return answer | addresses, status


def _save(practice: Practice, sheet: Sheet, typed: Typed | None = None) -> Answer:
    typed = typed or form_page.read(sheet)
    try:
        written = form_page.write(practice, typed)
    except Impossible:
        message = _(
            "Not saved: the practice is with the moderators now. Copy what you typed before you"
            " leave."
        )
        return {"message": message}, 409
    except NotAuthor as refusal:
        reason = why_not_author(refusal.practice)
        message = _("Not saved: %(reason)s What you typed is kept in this browser.", reason=reason)
        return {"message": message}, 409
    return _told(practice, sheet, typed, written), 409 if written.conflicts else 200


def _told(
    practice: Practice, sheet: Sheet, typed: Typed, written: actions.Written
) -> dict[str, Any]:
    draft = written.draft
    marks = form_page.marks_after(written, typed, sheet)
    saved = form_page.marks_of(draft, sheet)
    texts = form_page.texts_of(draft, sheet)
    shown = {name: texts[name] for name in written.newer if name in texts}
    presence = form_page.others_on(practice)
    return {
        "version": draft.version,
        "saved_at": draft.saved_at,
        "time": i18n.moment(draft.saved_at, "HH:mm") if draft.saved_at else "",
        # Newer texts are put into the page, so from now on it knows them.
        "opened": marks | {name: saved[name] for name in shown},
        "newer": shown,
        "problems": {
            name: {"label": _label(sheet, name), "message": message}
            for name, message in forms.errors_of(typed.problems).items()
        },
        "conflicts": [
            {
                "name": each.name,
                "input": forms.first_input(each.field, each.language),
                "label": str(each.field.label),
                "is_text": each.field.is_localised,
                "saved": each.after,
                "mark": saved[each.name],
            }
            for each in form_page.conflicts_of(written, typed)
        ],
        "others": form_page.told(presence),
        "unseen": _unseen(sheet, [*written.joined, *(n for n in written.newer if n not in shown)]),
        "advice": advising.shown(draft.content, sheet.fields),
    }


def _unseen(sheet: Sheet, names: Collection[str]) -> str:
    """That others changed choices or rows which the page goes on showing as they were."""
    labels = [str(field.label) for name, field, _l in merge.names(sheet.fields) if name in names]
    if not labels:
        return ""
    return str(
        _(
            "Somebody else changed this meanwhile: %(fields)s. What they wrote is saved, but it is"
            " not on this page yet.",
            fields=", ".join(labels),
        )
    )


def _label(sheet: Sheet, name: str) -> str:
    labels = (str(each.label) for each in sheet.fields if name.startswith(each.code))
    return next(labels, "")
