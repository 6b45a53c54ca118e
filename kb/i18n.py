"""Two languages: in addresses, texts, dates, the order of names, and content that has one only."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, current_app, g, redirect, request
from flask_babel import Babel, format_date, format_datetime, get_locale, refresh
from flask_babel import lazy_gettext as _
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from kb.access import allow

# Each by its own name, and by its name in the reader's language.
LANGUAGES = {"el": "Ελληνικά", "en": "English"}
LANGUAGE_NAMES = {"el": _("Greek"), "en": _("English")}
DEFAULT = "el"
# Whose ways of writing dates and numbers are followed.
LOCALES = {"el": "el", "en": "en_GB"}
TIMEZONE = "Europe/Athens"
# Feature blueprints are registered under this prefix.
PREFIX = "/<any(el, en):lang>"

blueprint = Blueprint("i18n", __name__)


class Text(NamedTuple):
    """A text in one language; ``other`` where it is not the reader's."""

    value: str
    lang: str
    other: bool


def current() -> str:
    """The language of this request: el or en."""
    return str(g.get("lang", DEFAULT))


def text(value: Mapping[str, str | None] | None) -> Text:
    """The text of ``{"el": …, "en": …}`` in the reader's language, or else in the other one."""
    mine = current()
    for lang in (mine, *LANGUAGES):
        if found := (value or {}).get(lang):
            return Text(found, lang, lang != mine)
    return Text("", mine, False)


def language_within(language: str) -> str:
    """A language's name within a phrase or brackets, where Greek begins it with a small letter."""
    name, locale = str(LANGUAGE_NAMES[language]), get_locale()
    return name.lower() if locale and locale.language == "el" else name


def sort_key(name: str) -> str:
    """A key that orders names as a Greek reader expects: accents aside, Greek before Latin."""
    folded = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return "".join(_after_greek(c) for c in folded.casefold().replace("ς", "σ"))


def _after_greek(character: str) -> str:
    is_latin = character.isalpha() and character < "\u0370"
    return chr(0x2000 + ord(character)) if is_latin else character


def day(value: str | date | None, style: str = "long") -> str:
    """A stored moment or date as a reader's date in Athens; a year or month alone stays one."""
    if not value:
        return ""
    if isinstance(value, str) and len(value) <= len("2026-11"):
        return value if len(value) == len("2026") else format_date(_parse(value + "-01"), "LLLL y")
    return str(format_date(_parse(value), style))


def moment(value: str | datetime, style: str = "d MMMM y, HH:mm") -> str:
    """A stored UTC moment as a reader's date and time in Athens."""
    return str(format_datetime(_parse(value), style))


def _parse(value: str | date) -> date:
    if not isinstance(value, str):
        return value
    if len(value) == len("2026-11-22"):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value)


def today() -> date:
    """The day that it is in Athens."""
    return datetime.now(ZoneInfo(TIMEZONE)).date()


def day_of(value: str) -> date:
    """The day in Athens on which a stored UTC moment falls."""
    return datetime.fromisoformat(value).astimezone(ZoneInfo(TIMEZONE)).date()


def midnight(on: date) -> str:
    """The moment, as stored, at which a day begins in Athens."""
    local = datetime.combine(on, time(), ZoneInfo(TIMEZONE))
    return local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def other_language_url() -> str:
    """The present page in the other language; the home page where it has no such address."""
    other = next(lang for lang in LANGUAGES if lang != current())
    first, _, rest = request.path.lstrip("/").partition("/")
    path = f"/{other}/{rest}" if first in LANGUAGES else f"/{other}/"
    try:
        # The page may be the answer to a form, at an address that is only posted to.
        current_app.create_url_adapter(request).match(path, "GET")  # type: ignore[union-attr]
    except HTTPException:
        return f"/{other}/"
    query = request.query_string.decode("ascii", "replace")
    return f"{path}?{query}" if query and request.method in ("GET", "HEAD") else path


def _pull_language(endpoint: str | None, values: dict[str, Any] | None) -> None:
    lang = (values or {}).pop("lang", None) or request.path.lstrip("/").partition("/")[0]
    g.lang = lang if lang in LANGUAGES else preferred()
    # What was translated in this context before the language was known, was in another one.
    refresh()


def _put_language(app: Flask, endpoint: str, values: dict[str, Any]) -> None:
    if "lang" not in values and app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values["lang"] = current()


def preferred() -> str:
    """The language that the browser asks for first; Greek where it asks for neither."""
    asked = request.args.get("lang") if request.path.startswith("/api/") else None
    if asked in LANGUAGES:
        return str(asked)
    return request.accept_languages.best_match([DEFAULT, "en"], DEFAULT) or DEFAULT


@blueprint.get("/")
@allow("public")
def root() -> Response:
    """Send the reader to the home page in their language."""
    answer: Response = redirect(f"/{preferred()}/", 302)
    answer.vary.add("Accept-Language")
    return answer


def init_app(app: Flask) -> None:
    """Choose the language of each request; give templates what they need for two languages."""
    Babel(
        app,
        default_locale=DEFAULT,
        default_timezone=TIMEZONE,
        locale_selector=lambda: LOCALES[current()],
    )
    app.register_blueprint(blueprint)
    app.url_value_preprocessor(_pull_language)
    app.url_defaults(lambda endpoint, values: _put_language(app, endpoint, values))
    app.add_template_filter(text, "text")
    app.add_template_filter(language_within, "language_within")
    app.add_template_filter(day, "date")
    app.add_template_filter(moment, "moment")
    app.add_template_filter(sort_key, "sort_key")
    app.context_processor(
        lambda: {
            "lang": current(),
            "languages": LANGUAGE_NAMES,
            "own_names": LANGUAGES,
            "other_language_url": other_language_url,
        }
    )
