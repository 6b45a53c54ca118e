"""The pages on which a practice is written: the quick card, and one for each section."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from kb.practices import merge
from kb.practices.completion import check_complete
from kb.practices.forms import is_written
from kb.practices.model import Content, Practice
from kb.practices.template import CARD, LANGUAGES, SECTIONS, Field, fields_of

State = Literal["not_started", "in_progress", "complete", "problems"]


@dataclass(frozen=True)
class Sheet:
    """One page of the form and the fields on it."""

    code: str
    label: LazyString
    hint: LazyString
    fields: tuple[Field, ...]


QUICK = Sheet("quick", _("Quick card"), _("What a submission needs, on one page."), CARD)
SECTION_SHEETS = tuple(
    Sheet(section.code, section.label, section.hint, tuple(filter(is_written, fields_of(section))))
    for section in SECTIONS
)
SHEETS: Mapping[str, Sheet] = {sheet.code: sheet for sheet in (QUICK, *SECTION_SHEETS)}


@dataclass(frozen=True)
class Task:
    """One row of the task list."""

    label: LazyString | str
    hint: LazyString | str
    url: str
    state: State
    gaps: Mapping[str, int]


# Features above add the tasks of their own pages, such as files: a function of the practice.
MORE_TASKS: list[Callable[[Practice], Task]] = []


def following(sheet: Sheet) -> Sheet | None:
    """The section after this one; none after the last, nor after the quick card."""
    if sheet not in SECTION_SHEETS:
        return None
    rest = SECTION_SHEETS[SECTION_SHEETS.index(sheet) + 1 :]
    return rest[0] if rest else None


def sheet_of(field: Field) -> Sheet:
    """The section on which the field is written."""
    return SHEETS[field.section]


def state(sheet: Sheet, content: Content) -> State:
    """How far a section is. That a municipality is known from the start begins nothing."""
    codes = {field.code for field in sheet.fields}
    if any(problem.field in codes for problem in check_complete(content, ())):
        return "problems"
    filled = codes & set(content)
    asked = {field.code for field in sheet.fields if field.need != "optional"}
    if filled <= {"municipality"}:
        return "not_started"
    return "complete" if asked <= filled else "in_progress"


def gaps(fields: Iterable[Field], content: Content) -> dict[str, list[str]]:
    """Per language, the parts that stand in the other language only."""
    values = merge.parts(content, [field for field in fields if field.is_localised])
    missing: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for name, value in values.items():
        code, language = name.rsplit("_", 1)
        if not value and any(values[f"{code}_{other}"] for other in LANGUAGES):
            missing[language].append(name)
    return missing
