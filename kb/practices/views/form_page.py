"""A page of the form: reading what it sends, saving it, drawing it with what was typed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from kb import i18n
from kb.access import signed_in_member
from kb.db import get_db
from kb.municipalities import store as municipalities
from kb.practices import actions, drafts, forms, merge, sheets, store
from kb.practices.model import Content, Draft, Practice, Presence
from kb.practices.problems import Problem
from kb.practices.sheets import Sheet
from kb.practices.template import BY_CODE, Field, Kind
from kb.practices.validation import check_rows, check_shape
from kb.practices.views import advising
from kb.practices.wording import Difference, Labels, differences
from kb.vocabularies.store import all_vocabularies

TOKEN_LENGTH = 64
# How long after somebody's save it is still worth saying that they work on the draft, too.
PRESENT = timedelta(minutes=30)


@dataclass(frozen=True)
class Typed:
    """What one page of the form sent: the fields that can be saved, what is wrong with others."""

    content: Content
    fields: tuple[Field, ...]
    problems: list[Problem]
    opened: Mapping[str, str] | None
    version: int
    page: str


@dataclass(frozen=True)
class State:
    """What a page of the form shows besides its values."""

    version: int = 0
    opened: Mapping[str, str] = field(default_factory=dict)
    page: str = ""
    problems: Iterable[Problem] = ()
    conflicts: Iterable[Difference] = ()
    newer: Iterable[str] = ()
    too_late: bool = False
    not_author: bool = False


def read(sheet: Sheet) -> Typed:
    """What this request's form says of the sheet's fields."""
    raw, known = forms.read(request.form, sheet.fields), actions.known_codes(get_db())
    tables = [each for each in sheet.fields if each.kind is Kind.ROWS]
    content, problems = check_shape(
        {code: value for code, value in raw.items() if BY_CODE[code] not in tables}, known
    )
    wrong = {problem.field for problem in problems}
    for table in tables:
        content[table.code], bad = check_rows(table, raw[table.code], known)
        problems += bad
        wrong |= {problem.field for problem in bad if not problem.part}
    return Typed(
        content,
        tuple(each for each in sheet.fields if each.code in raw and each.code not in wrong),
        problems,
        forms.opened_marks(request.form),
        request.form.get("version", type=int, default=0),
        _token("page") or _token("submission_key"),
    )


def write(practice: Practice, typed: Typed) -> actions.Written:
    """Save what is well shaped. Raises Impossible."""
    return actions.write(
        get_db(),
        practice,
        signed_in_member(),
        typed.fields,
        typed.content,
        opened=typed.opened,
        version=typed.version,
        page=typed.page,
    )


def labels() -> Labels:
    """What codes are called at present."""
    return Labels(all_vocabularies(get_db()), municipalities.by_code(get_db()))


def conflicts_of(written: actions.Written, typed: Typed) -> list[Difference]:
    """Each part that somebody else changed too: what was typed, and what is saved."""
    mine = {**written.draft.content, **{each.code: None for each in typed.fields}, **typed.content}
    return [
        each
        for each in differences(mine, written.draft.content, labels())
        if each.name in written.conflicts
    ]


def marks_after(written: actions.Written, typed: Typed, sheet: Sheet) -> dict[str, str]:
    """The marks for the page to go on with.

    A part that others changed, or that could not be saved, keeps the mark that it was opened with;
    a table with others' rows in it gets that of the rows that the page has.
    """
    marks = merge.marks(written.draft.content, sheet.fields)
    saved = merge.marks(written.draft.content, typed.fields)
    kept = {*written.conflicts, *written.newer} | (set(marks) - set(saved))
    opened = typed.opened or {}
    marks |= {name: opened[name] for name in kept if name in opened}
    sent = merge.marks(typed.content, typed.fields)
    return marks | {name: sent[name] for name in written.joined}


def marks_of(draft: Draft, sheet: Sheet) -> dict[str, str]:
    """The marks of the sheet's parts as they are saved."""
    return merge.marks(draft.content, sheet.fields)


def texts_of(draft: Draft, sheet: Sheet) -> dict[str, str]:
    """The sheet's texts as they are saved, by the names of their inputs."""
    texts = merge.parts(draft.content, [each for each in sheet.fields if each.is_localised])
    return {name: text or "" for name, text in texts.items()}


def told(presence: Presence | None) -> str:
    """The same in words; empty where nobody else was there."""
    if presence is None:
        return ""
    minutes = (datetime.now(UTC) - datetime.fromisoformat(presence.at)) // timedelta(minutes=1)
    if minutes < 1:
        return str(_("%(name)s saved this draft less than a minute ago.", name=presence.name))
    return str(
        ngettext(
            "%(name)s saved this draft %(num)s minute ago.",
            "%(name)s saved this draft %(num)s minutes ago.",
            minutes,
            name=presence.name,
        )
    )


def others_on(practice: Practice) -> Presence | None:
    """Who else saved the draft in the last half hour."""
    since = (datetime.now(UTC) - PRESENT).strftime("%Y-%m-%dT%H:%M:%SZ")
    return drafts.find_other(get_db(), practice.id, signed_in_member().id, since)


def fresh_state(draft: Draft, sheet: Sheet) -> State:
    """The state of a page that was just opened."""
    marks = merge.marks(draft.content, sheet.fields)
    return State(draft.version, marks, secrets.token_urlsafe(12))


def draw(sheet: Sheet, values: forms.Values, state: State, practice: Practice | None = None) -> str:
    """The page, with ``values`` in its inputs."""
    db = get_db()
    choices = _choices(sheet, values)
    towns = municipalities.by_code(db)
    content = actions.working_copy(db, practice).content if practice else {}
    return render_template(
        "practices/sheet.html",
        sheet=sheet,
        values=values,
        state=state,
        marks=json.dumps(dict(state.opened)),
        practice=practice,
        content=content,
        errors=forms.errors_of(list(state.problems)),
        conflicts=list(state.conflicts),
        gaps=sheets.gaps(sheet.fields, content),
        following=sheets.following(sheet),
        position=_position(sheet),
        choices=choices,
        labels_of={code: [item[:2] for item in items] for code, items in choices.items()},
        towns=[(code, i18n.text(town.name).value) for code, town in towns.items()],
        by_code=towns,
        member=signed_in_member(),
        presence=told(others_on(practice)) if practice else "",
        advice=advising.by_input(content, sheet.fields),
        log=store.list_log(db, practice.id)[:1] if practice else [],
    )


def _position(sheet: Sheet) -> tuple[int, int] | None:
    if sheet not in sheets.SECTION_SHEETS:
        return None
    return sheets.SECTION_SHEETS.index(sheet) + 1, len(sheets.SECTION_SHEETS)


def _choices(sheet: Sheet, values: forms.Values) -> dict[str, list[tuple[str, str, str]]]:
    """Each vocabulary of the sheet as (code, label, definition), in the reader's language.

    What is out of use is there where it is chosen already.
    """
    books = all_vocabularies(get_db())
    names = {each.vocabulary for each in sheet.fields}
    names |= {column.vocabulary for each in sheet.fields for column in each.columns}
    chosen = _chosen(sheet, values)
    return {
        name: [
            (term.code, i18n.text(term.label).value, i18n.text(term.definition).value)
            for term in books[name].offered(chosen.get(name, ()))
        ]
        for name in names
        if name
    }


def _chosen(sheet: Sheet, values: forms.Values) -> dict[str, set[str]]:
    """The codes that the page shows as chosen, by their vocabulary."""
    found: dict[str, set[str]] = {}
    for each in sheet.fields:
        for column in each.columns if each.kind is Kind.ROWS else ():
            cells = {row.get(column.code, "") for row in values.get(each.code) or ()}
            found.setdefault(column.vocabulary or "", set()).update(cells)
        for name in (each.code, f"{each.code}_main") if each.vocabulary else ():
            value = values.get(name) or ()
            codes = [value] if isinstance(value, str) else value
            found.setdefault(each.vocabulary or "", set()).update(codes)
    return found


def _token(name: str) -> str:
    return request.form.get(name, "")[:TOKEN_LENGTH]


def given_values() -> dict[str, Any]:
    """What was typed, to be shown again as it was."""
    return forms.typed(request.form)
