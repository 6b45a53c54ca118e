"""Search for programs: /api/v1/search, with the parameters of the page."""

from __future__ import annotations

import sqlite3
from typing import Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as BaseResponse

from kb import i18n, web
from kb.access import allow, signed_in_member
from kb.db import get_db
from kb.search import actions, alike, display, hints
from kb.search.facets import Labels, labels
from kb.search.forms import clean, read
from kb.search.hints import Hint
from kb.search.model import (
    MOST_TAKEN,
    PER_PAGE,
    QUERY_LENGTH,
    Answer,
    Asked,
    Found,
    Suggested,
    pages_of,
)

MOST_PER_PAGE = 100

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.get("/search")
@allow("public")
def search() -> Response:
    """One page of what fits, with the counts beside every filter."""
    db = get_db()
    names = labels(db)
    _require_language()
    per_page = _number("per_page", PER_PAGE, MOST_PER_PAGE)
    page = _number("page", 1, MOST_TAKEN)
    asked = read(request.args, names)
    answer = actions.search(db, asked, limit=per_page, offset=(page - 1) * per_page)
    response = jsonify(
        {
            "query": asked.text,
            "language": i18n.current(),
            "sort": asked.order,
            "filters": {name: list(codes) for name, codes in asked.filters.items()},
            "total": answer.total,
            "page": page,
            "per_page": per_page,
            "pages": pages_of(answer.total, per_page, most=MOST_TAKEN),
            "hits": [_hit(each, names) for each in answer.found],
            "facets": _facets(asked, answer, names),
            "notices": [*display.notices(asked, answer), *display.corrected(answer)],
        }
    )
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/suggest")
@allow("public")
def suggest() -> Response:
    """What a text that is being typed may become."""
    db = get_db()
    _require_language()
    typed = clean(request.args.get("q", ""))[:QUERY_LENGTH]
    found = actions.suggest(db, typed)
    response = jsonify(
        {
            "query": typed,
            "language": i18n.current(),
            "suggestions": [
                {
                    "kind": each.kind,
                    "text": each.text,
                    "language": each.language,
                    "url": _leads_to(each),
                }
                for each in found
            ],
        }
    )
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/similar")
@allow("member")
def similar() -> Response:
    """Practices that a title may name as well: for whoever is about to write one."""
    db = get_db()
    _require_language()
    title = clean(request.args.get("title", ""))
    found = hints.hints(db, title, signed_in_member(), request.args.get("but", ""))
    return jsonify(
        title=title[: alike.TITLE_LENGTH],
        language=i18n.current(),
        practices=[_practice(each) for each in found],
    )


def _practice(hint: Hint) -> dict[str, Any]:
    return {
        "slug": hint.slug,
        "url": hint.url,
        "title": hint.title.value,
        "language": hint.title.lang,
        "place": hint.place,
        "year": hint.year or None,
        "is_public": hint.slug is not None,
    }


def _leads_to(suggested: Suggested) -> str:
    """Where choosing a suggestion leads."""
    lang, value = i18n.current(), suggested.value
    if suggested.kind == "practice":
        return web.absolute_url("practices.show", lang=lang, slug=value)
    parameter = "q" if suggested.kind == "term" else suggested.kind
    return web.absolute_url("search.index", lang=lang, **{parameter: value})


def _require_language() -> None:
    if request.args.get("lang", i18n.current()) not in i18n.LANGUAGES:
        raise BadRequest(f"lang: one of {', '.join(i18n.LANGUAGES)}")


def _number(name: str, usual: int, most: int) -> int:
    typed = request.args.get(name)
    if typed is None:
        return usual
    # Digits of other scripts are numbers to Python, and no use to anybody here.
    if not (typed.isascii() and typed.isdigit() and len(typed) < 7 and 1 <= int(typed) <= most):
        raise BadRequest(f"{name}: a number from 1 to {most}")
    return int(typed)


def _hit(found: Found, names: Labels) -> dict[str, Any]:
    card = found.card
    title = i18n.text(card.title)
    return {
        "slug": card.slug,
        "url": web.absolute_url("practices.show", lang=i18n.current(), slug=card.slug),
        "title": title.value,
        "summary": i18n.text(card.summary).value,
        "language": title.lang,
        "municipality": _labelled(card.municipality, names["municipality"]),
        "place": i18n.text(card.place).value or None,
        "areas": [_labelled(code, names["area"]) for code in card.areas],
        "year": int(card.start[:4]) if card.start else None,
        "published": card.published_at[:10] or None,
        "confirmed": card.confirmed_on or None,
        "highlights": {
            "title": list(found.title),
            "summary": list(found.summary),
            "passage": list(found.passage),
            "passage_language": found.passage_language if found.passage else None,
        },
    }


def _labelled(code: str, names: Any) -> dict[str, str]:
    return {"code": code, "label": names.get(code, code)}


def _facets(asked: Asked, answer: Answer, names: Labels) -> list[dict[str, Any]]:
    return [
        {
            "name": box.name,
            "label": box.label,
            "values": [
                {
                    "code": choice.value,
                    "label": choice.label,
                    "count": choice.count,
                    "chosen": choice.checked,
                }
                for choice in box.choices
            ],
        }
        for box in display.boxes(asked, answer.counts, names)
    ]


@blueprint.errorhandler(sqlite3.OperationalError)
def _unavailable(error: sqlite3.OperationalError) -> BaseResponse:
    detail = "The library's database cannot be read just now."
    return web.problem(503, "Service Unavailable", detail)
