"""What search engines are told: which addresses there are, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

from flask import Blueprint, Response, request
from sqlite_utils import Database

from kb.access import allow
from kb.db import get_db
from kb.i18n import LANGUAGES
from kb.pages import store
from kb.web import absolute_url

# The pages for everybody that need nothing to be found by.
PAGES = (
    "pages.home",
    "search.index",
    "pages.areas",
    "pages.municipalities",
    "pages.about",
    "pages.accessibility",
    "pages.privacy",
)
MUNICIPALITY, PRACTICE = "pages.municipality", "practices.show"
# A sitemap may hold 50,000 addresses: a practice has two.
MOST_PRACTICES = 20_000

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"

blueprint = Blueprint("crawling", __name__)


@blueprint.get("/robots.txt")
@allow("public")
def robots() -> Response:
    """Everything public may be found; combinations of filters are without number."""
    sitemap = absolute_url("crawling.sitemap")
    rules = f"User-agent: *\nDisallow: /*?\nDisallow: /api/\n\nSitemap: {sitemap}\n"
    return Response(rules, content_type="text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
@allow("public")
def sitemap() -> Response:
    """Every page for everybody, with its other language beside it."""
    root = ElementTree.Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    for addresses, changed in _pages(get_db()):
        for address in addresses.values():
            _add(root, address, addresses, changed)
    whole: bytes = ElementTree.tostring(root, "utf-8", xml_declaration=True)
    return Response(whole, content_type="application/xml; charset=utf-8")


def _pages(db: Database) -> Iterator[tuple[dict[str, str], str | None]]:
    """The addresses of each page by language, and since when it is so, where that is known."""
    for endpoint in PAGES:
        yield _addresses(endpoint), None
    for code in store.counts(db).by_municipality:
        yield _addresses(MUNICIPALITY, code=code), None
    for slug, languages, published_at in store.list_published(db, MOST_PRACTICES):
        yield _addresses(PRACTICE, languages, slug=slug), published_at


def _addresses(
    endpoint: str, languages: Iterable[str] = LANGUAGES, **values: object
) -> dict[str, str]:
    return {lang: absolute_url(endpoint, lang=lang, **values) for lang in languages}


def _add(
    root: ElementTree.Element, address: str, addresses: dict[str, str], changed: str | None
) -> None:
    entry = ElementTree.SubElement(root, "url")
    ElementTree.SubElement(entry, "loc").text = address
    if changed:
        ElementTree.SubElement(entry, "lastmod").text = changed
    if len(addresses) > 1:
        for lang, other in addresses.items():
            link = {"rel": "alternate", "hreflang": lang, "href": other}
            ElementTree.SubElement(entry, "xhtml:link", link)


@blueprint.app_template_global()
def lasting_addresses() -> dict[str, str]:
    """The present page's address in each language, where it is one that the sitemap has."""
    if request.endpoint not in (*PAGES, MUNICIPALITY, PRACTICE):
        return {}
    return _addresses(request.endpoint, **(request.view_args or {}))
