"""Which texts of a practice are looked at."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kb.practices.advice.model import Text
from kb.practices.model import Content
from kb.practices.template import LANGUAGES, Field, Kind

ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]\"«»]{1,2000}", re.IGNORECASE)


def texts_of(content: Content, fields: Iterable[Field]) -> Iterator[Text]:
    """Every text that people wrote into those fields."""
    for field in fields:
        value = content.get(field.code)
        if not value:
            continue
        if field.is_localised:
            for language in LANGUAGES:
                if language in value:
                    yield Text(field, language, f"{field.code}_{language}", value[language])
        elif field.kind is Kind.CONTACT:
            for language, text in value.get("service", {}).items():
                yield Text(field, language, f"contact_service_{language}", text)
            if "mailbox" in value:
                yield Text(field, None, "contact_mailbox", value["mailbox"])
        elif field.kind in (Kind.ROWS, Kind.FILES):
            yield from _cells(field, value)


def _cells(field: Field, rows: Iterable[Mapping[str, Any]]) -> Iterator[Text]:
    name = f"{field.code}_rows" if field.kind is Kind.ROWS else field.code
    for row in rows:
        for column in field.columns:
            cell = row.get(column.code)
            if column.kind == "text" and cell:
                for language, text in cell.items():
                    yield Text(field, language, name, text)


def without_addresses(text: str) -> str:
    """The text with blanks for web addresses, so that every place in it stays the same."""
    return ADDRESS.sub(lambda found: " " * len(found[0]), text)


def plain(text: str) -> str:
    """The text in small letters without accents, to be compared."""
    letters = unicodedata.normalize("NFD", text.lower().replace("ς", "σ"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
