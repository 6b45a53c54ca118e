"""What to look at before submitting, on the pages of whoever writes and of who reviews."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import get_template_attribute

from kb.db import get_db
from kb.practices.advice import Advice, Expansions, advise
from kb.practices.advice.acronyms import expansions
from kb.practices.model import Content
from kb.practices.template import FIELDS, LANGUAGES, Field
from kb.practices.views.pages import blueprint
from kb.vocabularies.store import all_vocabularies


@blueprint.app_template_global()
def advice_on(content: Content, fields: Iterable[Field] = FIELDS) -> list[Advice]:
    """What is pointed out in those fields."""
    return advise(content, _expansions(), fields)


def by_input(content: Content, fields: Iterable[Field]) -> dict[str, list[Advice]]:
    """The same by the names of the inputs beside which it is shown."""
    found: dict[str, list[Advice]] = {}
    for each in advice_on(content, fields):
        found.setdefault(each.input, []).append(each)
    return found


def shown(content: Content, fields: Iterable[Field]) -> Mapping[str, str]:
    """The same as the markup that stands beside each input."""
    draw = get_template_attribute("practices/advice.html", "items")
    return {name: str(draw(advice)) for name, advice in by_input(content, fields).items()}


def _expansions() -> Expansions:
    """What the vocabularies spell out."""
    terms = [term for book in all_vocabularies(get_db()).values() for term in book.terms.values()]
    return {lang: expansions(term.label[lang] for term in terms) for lang in LANGUAGES}
