"""Whether a content may be submitted: what it lacks, and where it is too long."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from flask_babel import lazy_gettext as _

from kb.municipalities.model import ELSEWHERE
from kb.practices import attached
from kb.practices.model import Content
from kb.practices.problems import WANTED, Problem
from kb.practices.template import FIELDS, LANGUAGES, Kind


def check_complete(content: Content, need: Collection[str]) -> list[Problem]:
    """What keeps a well-shaped content from being taken: limits passed, fields missing.

    ``need`` says which are asked for: {"card"} for an import, {"card", "submission"} of a person.
    """
    return [
        *_too_long(content),
        *_unfinished_rows(content),
        *_undescribed_files(content),
        *_missing(content, need),
        *_contradictions(content),
    ]


def words(text: str) -> int:
    """How many words a text has, as the limits count them."""
    return len(text.split())


def complete_languages(content: Content) -> tuple[str, ...]:
    """The languages in which the whole card can be read."""
    localised = [f.code for f in FIELDS if f.is_localised and f.need == "card"]
    return tuple(
        language
        for language in LANGUAGES
        if all(content.get(code, {}).get(language) for code in localised)
    )


def _too_long(content: Content) -> Iterator[Problem]:
    for field in FIELDS:
        if not (field.is_localised and field.limit):
            continue
        for language, text in content.get(field.code, {}).items():
            if field.kind is Kind.LINE and len(text) > field.limit:
                message = _(
                    "This has %(count)d characters; at most %(limit)d fit.",
                    count=len(text), limit=field.limit,
                )  # fmt: skip
                yield Problem(field.code, message, language)
            if field.kind is Kind.PROSE and words(text) > field.limit:
                message = _(
                    "This has %(count)d words; at most %(limit)d fit.",
                    count=words(text), limit=field.limit,
                )  # fmt: skip
                yield Problem(field.code, message, language)


def _unfinished_rows(content: Content) -> Iterator[Problem]:
    for field in FIELDS:
        if field.kind is not Kind.ROWS:
            continue
        for number, row in enumerate(content.get(field.code, [])):
            for column in field.columns:
                if column.required and column.code not in row:
                    part = f"{number}_{column.code}"
                    part += f"_{_nearest_language(content)}" if column.kind == "text" else ""
                    message = _("A row lacks its “%(column)s”.", column=column.label)
                    yield Problem(field.code, message, part)


def _undescribed_files(content: Content) -> Iterator[Problem]:
    for row in content.get("attachments", []):
        for _column, message in attached.undescribed(row):
            yield Problem("attachments", message)


def _missing(content: Content, need: Collection[str]) -> Iterator[Problem]:
    wanted = [field for field in FIELDS if field.need in need]
    if not complete_languages(content):
        language = _nearest_language(content)
        for field in wanted:
            if field.is_localised and not content.get(field.code, {}).get(language):
                yield Problem(field.code, _("Write this in at least one language."), language)
    for field in wanted:
        if not field.is_localised and field.code not in content:
            yield Problem(field.code, WANTED.get(field.kind, _("Choose an answer.")))


def _nearest_language(content: Content) -> str:
    """The language in which most of the card is written already."""
    filled = {
        language: sum(1 for f in FIELDS if f.is_localised and content.get(f.code, {}).get(language))
        for language in LANGUAGES
    }
    return max(LANGUAGES, key=lambda language: filled[language])


def _contradictions(content: Content) -> Iterator[Problem]:
    start, end = content.get("start"), content.get("end")
    if start and end and end < start[: len(end)]:
        yield Problem("end", _("The end is before the start."))
    contact = content.get("contact")
    if contact and not ("service" in contact and "mailbox" in contact):
        yield Problem("contact", WANTED[Kind.CONTACT])
    elsewhere = content.get("municipality") == ELSEWHERE
    if elsewhere and "place" not in content:
        yield Problem("place", _("Give the city and country of a case from elsewhere."))
