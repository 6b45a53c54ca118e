"""An answer as the search page and the programs' interface show it: filters, chips, notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from kb import i18n
from kb.search.facets import FILTERS, MAIN, Labels
from kb.search.model import PER_PAGE, Answer, Asked, Card, Fragments, Wider, pages_of
from kb.search.words import language_of


@dataclass(frozen=True)
class Choice:
    """One value of a filter, with how many practices choosing it would show."""

    value: str
    label: str
    count: int
    checked: bool


@dataclass(frozen=True)
class Box:
    """One filter with the values that are in use. ``is_main``: not folded away."""

    name: str
    label: str
    is_main: bool
    choices: list[Choice]

    @property
    def is_chosen(self) -> bool:
        return any(choice.checked for choice in self.choices)


@dataclass(frozen=True)
class Chip:
    """A choice in force, and the address of the search without it."""

    label: str
    href: str


@dataclass(frozen=True)
class Result:
    """A hit on the page. ``lang`` is set where it is not in the reader's language."""

    slug: str
    title: Fragments
    summary: Fragments
    passage: Fragments
    lang: str | None
    passage_lang: str | None
    place: str
    year: str
    confirmed_on: str
    areas: list[str]


@dataclass(frozen=True)
class Meant:
    """A word that no practice has, and the search for what it may have been meant to be."""

    typed: str
    text: str
    language: str
    href: str


def page(
    asked: Asked, answer: Answer, labels: Labels, wider: Sequence[Wider] = ()
) -> dict[str, Any]:
    """What the page's template shows, under the names that it knows it by."""
    pages = pages_of(answer.total, PER_PAGE)
    return {
        "asked": asked,
        "total": answer.total,
        "page": min(asked.page, pages),
        "pages": pages,
        "results": results(answer, labels),
        "facets": boxes(asked, answer.counts, labels),
        "chips": chips(asked, labels),
        "clear": address(replace(asked, filters={})),
        "sorts": sorts(asked),
        "notices": list(notices(asked, answer)),
        "meant": meant(asked, answer),
        "wider": wider,
        "address": address,
        "page_address": partial(address, asked),
    }


def boxes(asked: Asked, counts: Mapping[str, Mapping[str, int]], labels: Labels) -> list[Box]:
    """Every filter that has a value in use, or one chosen."""
    found = []
    for name, each in FILTERS.items():
        counted, chosen = counts.get(name, {}), asked.filters.get(name, ())
        choices = [
            Choice(code, label, counted.get(code, 0), code in chosen)
            for code, label in labels[name].items()
            if code in counted or code in chosen
        ]
        if choices:
            found.append(Box(name, str(each.label), name in MAIN, choices))
    return found


def chips(asked: Asked, labels: Labels) -> list[Chip]:
    """The choices in force, each to be taken back."""
    return [
        Chip(labels[name][code], address(asked.without(name, code)))
        for name, codes in asked.filters.items()
        for code in codes
    ]


def address(asked: Asked, page: int = 1, endpoint: str = "search.index") -> str:
    """Where the same search is found."""
    number: dict[str, Any] = {"page": page} if page > 1 else {}
    return url_for(endpoint, **asked.parameters, **number)


def meant(asked: Asked, answer: Answer) -> Meant | None:
    """The same search with its unknown words as the engine read them."""
    if not answer.corrections:
        return None
    spelt = asked
    for typed, sought in answer.corrections.items():
        spelt = spelt.with_word(typed, sought)
    typed = "”, “".join(answer.corrections)
    return Meant(typed, spelt.text, language_of(spelt.text), address(spelt))


def sorts(asked: Asked) -> list[tuple[str, str]]:
    """The orders to choose from; the usual one has no name, so that it follows what is typed."""
    newest = ("newest" if asked.has_words else "", _("Newest first"))
    best = [("", _("Best match"))] if asked.has_words else []
    return [*best, newest, ("start", _("Latest start")), ("title", _("Title, A to Z"))]


def notices(asked: Asked, answer: Answer) -> Iterator[str]:
    """What the reader must know about how the search was answered."""
    if not answer.by_index:
        yield _(
            "The search index is being rebuilt. Until it is ready, the search is simpler:"
            " best matches do not stand first and spelling mistakes are not mended."
        )
    for name, value in asked.ignored:
        label = str(FILTERS[name].label) if name in FILTERS else _("Order")
        yield _(
            "“%(value)s” is not a value of “%(filter)s”, so it was ignored.",
            value=value,
            filter=label,
        )
    if asked.cut or "too-long" in answer.notes:
        yield _("The text was too long to search for: only its beginning was used.")
    if asked.text and not asked.has_words:
        yield _("There is no word to search for in what was typed, so all practices are shown.")
    if "most-words" in answer.notes:
        yield _("Few practices hold all the words, so those with most of them are shown too.")
    if answer.missing and answer.total:
        words = "”, “".join(answer.missing)
        yield _("No practice holds “%(words)s”: the other words were searched for.", words=words)


def corrected(answer: Answer) -> Iterator[str]:
    """Which words were read as others, in sentences for programs."""
    for typed, sought in answer.corrections.items():
        yield _("“%(typed)s” was not found. Shown: “%(sought)s”.", typed=typed, sought=sought)


def results(answer: Answer, labels: Labels) -> list[Result]:
    """The hits as the page's cards show them."""
    mine = i18n.current()
    found = []
    for each in answer.found:
        lang = i18n.text(each.card.title).lang
        passage_lang = each.passage_language
        found.append(
            Result(
                slug=each.card.slug,
                title=each.title,
                summary=each.summary,
                passage=each.passage,
                lang=lang if lang != mine else None,
                passage_lang=passage_lang if passage_lang != mine else None,
                place=place(each.card, labels),
                year=each.card.year,
                confirmed_on=each.card.confirmed_on,
                areas=[labels["area"].get(code, code) for code in each.card.areas],
            )
        )
    return found


def place(card: Card, labels: Labels) -> str:
    """The city of a case from elsewhere, or the name of the municipality."""
    elsewhere = i18n.text(card.place).value
    return elsewhere or labels["municipality"].get(card.municipality, card.municipality)
