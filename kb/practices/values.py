"""Single values of a content as they are read: a text, one per language, a choice, a number."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import isfinite
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from kb.practices.problems import Known, Malformed
from kb.practices.template import DRAFT_CHARACTERS, LANGUAGES, Column
from kb.typed import unshowable

CELL_LENGTH = 300


def plain_text(value: object, limit: int = DRAFT_CHARACTERS, language: str | None = None) -> str:
    """The text with its line ends made one kind, empty where nothing shows; raises Malformed."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Malformed(_("This is not text."), language)
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > limit:
        raise Malformed(
            _("This has %(count)d characters; at most %(limit)d can be kept.",
              count=len(text), limit=limit),
            language,
        )  # fmt: skip
    if sign := unshowable(text):
        raise Malformed(
            _("This has a character that cannot be shown (%(code)s).", code=sign), language
        )
    return text if text.strip() else ""


def localised(value: object, limit: int = DRAFT_CHARACTERS) -> dict[str, str]:
    """A text per language, without the empty ones; raises Malformed."""
    if value is None:
        return {}
    if not isinstance(value, Mapping) or not set(value) <= set(LANGUAGES):
        raise Malformed(_("Text is given per language: el and en."))
    texts = {lang: plain_text(value.get(lang), limit, lang) for lang in LANGUAGES}
    return {language: text for language, text in texts.items() if text}


def require_one_line(value: Mapping[str, str]) -> None:
    """Raise Malformed for a text of several lines."""
    for language, text in value.items():
        if "\n" in text:
            raise Malformed(_("Write this on one line."), language)


def one_of(value: object, allowed: Collection[str]) -> str:
    """The value, which has to be one of those; raises Malformed."""
    if not isinstance(value, str) or value not in allowed:
        raise Malformed(_no_such_choice(value))
    return value


def term(vocabulary: str | None, value: object, known: Known) -> str:
    """The code of a term that is named by its code or its notation; raises Malformed."""
    code = known.vocabularies[vocabulary or ""].code_of(value) if isinstance(value, str) else None
    if code is None:
        raise Malformed(_no_such_choice(value))
    return code


def _no_such_choice(value: object) -> LazyString:
    return _("There is no such choice: %(value)s", value=str(value)[:60])


def real_number(column: Column, value: object) -> int | float | None:
    """A number that can be counted with, or nothing; raises Malformed."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise Malformed(_("“%(column)s” is a number.", column=column.label))
    return value


def is_web_address(text: str) -> bool:
    """Whether the text is an absolute http or https address."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
