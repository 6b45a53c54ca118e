"""What search reads of a revision: its plain text, facets and completeness."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kb.markup import plain
from kb.practices import attached
from kb.practices.completion import complete_languages
from kb.practices.model import Content
from kb.practices.template import FIELDS, LANGUAGES, Field, Kind

# A practice that runs for decades is still found by each of its years, within reason.
LONGEST_RUN = 60
# How complete a practice is, as people choose by it: from so many per cent on, the most first.
BANDS = (90, 75, 50, 0)


@dataclass(frozen=True)
class Facet:
    """One code by which a practice can be filtered; its vocabulary where it has one."""

    name: str
    code: str
    vocabulary: str | None = None


def texts(content: Content, files: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The row of ``revision_text`` for this content, without its key.

    ``files``: what stands in its files, per language (see uploads.words).
    """
    row: dict[str, Any] = {
        "language": language_of(content),
        "start": content.get("start", ""),
        "completeness": completeness(content),
    }
    for language in LANGUAGES:
        row[f"title_{language}"] = content.get("title", {}).get(language, "")
        row[f"summary_{language}"] = content.get("summary", {}).get(language, "")
        body = [*_body(content, language), (files or {}).get(language, "")]
        row[f"body_{language}"] = "\n\n".join(part for part in body if part)
    return row


def language_of(content: Content) -> str:
    """The language that the practice was written in, or can best be read in."""
    complete = complete_languages(content)
    return str(content.get("origin_language") or (complete[0] if complete else LANGUAGES[0]))


def facets(content: Content) -> list[Facet]:
    """Every code by which this content can be filtered, in the order of the template."""
    found = [facet for field in FIELDS if field.facet for facet in _facets_of(field, content)]
    found += [Facet("year", str(year)) for year in years(content)]
    found += [Facet("language", language) for language in complete_languages(content)]
    found.append(Facet("completeness", str(band(completeness(content)))))
    return list(dict.fromkeys(found))


def years(content: Content) -> range:
    """The years in which the practice ran; only the first where its end is not known."""
    if "start" not in content:
        return range(0)
    first = int(content["start"][:4])
    last = int(content.get("end", content["start"])[:4])
    return range(first, min(last, first + LONGEST_RUN) + 1)


def completeness(content: Content) -> int:
    """How much of the template is filled, in per cent."""
    asked = [field for field in FIELDS if field.need != "optional"]
    return round(100 * sum(field.code in content for field in asked) / len(asked))


def band(percent: int) -> int:
    """Which of BANDS a completeness falls into."""
    return next(least for least in BANDS if percent >= least)


def missing(content: Content) -> list[Field]:
    """The fields that would raise completeness, in the order of the template."""
    return [f for f in FIELDS if f.need != "optional" and f.code not in content]


def _facets_of(field: Field, content: Content) -> Iterator[Facet]:
    value = content.get(field.code)
    if not value or field.facet is None:
        return
    if field.kind is Kind.ROWS:
        terms = [column for column in field.columns if column.kind == "term"]
        for row in value:
            for column in terms:
                yield Facet(field.facet, row[column.code], column.vocabulary)
        return
    for code in [value] if isinstance(value, str) else value:
        yield Facet(field.facet, code, field.vocabulary)


def _body(content: Content, language: str) -> Iterator[str]:
    """The paragraphs that only the page shows. Contacts may be for members only: never here."""
    place = content.get("place", {})
    if place.get(language):
        yield place[language]
    for field in FIELDS:
        value = content.get(field.code)
        if not value:
            continue
        if field.kind is Kind.PROSE and value.get(language):
            yield plain(value[language])
        elif field.kind in (Kind.ROWS, Kind.FILES):
            for row in attached.open_to_all(content) if field.kind is Kind.FILES else value:
                yield from _cells(field, row, language)


def _cells(field: Field, row: Mapping[str, Any], language: str) -> Iterator[str]:
    cells = [
        row[column.code].get(language, "") if column.kind == "text" else row[column.code]
        for column in field.columns
        if column.kind in ("text", "plain") and column.code in row
    ]
    line = " · ".join(cell for cell in cells if cell)
    if line:
        yield line
