"""Saving a page of the form, and what to show instead of going on where not all could be saved."""

from __future__ import annotations

from kb.practices import forms, merge
from kb.practices.model import Impossible, NotAuthor, Practice
from kb.practices.sheets import Sheet
from kb.practices.views import form_page
from kb.practices.views.form_page import State, Typed
from kb.practices.views.pages import by_id


def save(practice: Practice, sheet: Sheet, typed: Typed) -> tuple[str, int] | None:
    """Save; returns the page to show instead of going on, where not all of it could be saved.

    What is well shaped and no one else's is saved even then; the page has everything typed.
    """
    try:
        written = form_page.write(practice, typed)
    except (Impossible, NotAuthor) as refusal:
        state = State(
            typed.version,
            typed.opened or {},
            typed.page,
            too_late=isinstance(refusal, Impossible),
            not_author=isinstance(refusal, NotAuthor),
        )
        return form_page.draw(sheet, form_page.given_values(), state, by_id(practice.id)), 409
    if not (typed.problems or written.conflicts):
        return None
    marks = form_page.marks_after(written, typed, sheet)
    saved = merge.marks(written.draft.content, sheet.fields)
    # What only others changed reads as they left it; so does a table with their rows in it, unless
    # a cell of it could not be saved.
    wrong = {problem.field for problem in typed.problems}
    theirs = [*written.newer, *(name for name in written.joined if name not in wrong)]
    # Shown both texts, the next save is a decision: it replaces what is saved.
    marks |= {name: saved[name] for name in (*written.conflicts, *theirs)}
    state = State(
        written.draft.version,
        marks,
        typed.page,
        problems=typed.problems,
        conflicts=form_page.conflicts_of(written, typed),
    )
    values = forms.replaced(form_page.given_values(), written.draft.content, sheet.fields, theirs)
    page = form_page.draw(sheet, values, state, practice)
    return page, 409 if written.conflicts else 400
