"""The Greek catalogue holds every text of the code and the pages, and nothing else."""

from __future__ import annotations

import ast
import re
import unicodedata
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
MARKS = ("_", "gettext", "lazy_gettext", "ngettext")
PO = ROOT / "kb" / "translations" / "el" / "LC_MESSAGES" / "messages.po"


@pytest.fixture(scope="module")
def greek() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="el")


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What `make translations` collects."""
    pot = tmp_path_factory.mktemp("texts") / "messages.pot"
    options = ["-q", "extract", "-F", str(ROOT / "babel.cfg"), "-k", "lazy_gettext"]
    CommandLineInterface().run(["pybabel", *options, "-o", str(pot), str(ROOT)])
    with pot.open("rb") as file:
        return read_po(file)


def texts(catalog: Catalog) -> dict[object, tuple[str, ...]]:
    return {
        message.id: message.string if isinstance(message.string, tuple) else (message.string,)
        for message in catalog
        if message.id
    }


def test_catalogue_has_every_text_and_no_other(greek: Catalog, source: Catalog) -> None:
    assert set(texts(source)) - set(texts(greek)) == set(), "run: make translations"
    assert set(texts(greek)) - set(texts(source)) == set(), "run: make translations"
    assert not greek.obsolete


def test_no_text_hides_where_it_is_not_collected(source: Catalog) -> None:
    """Inside an f-string the collection does not see it before Python 3.12."""
    collected = {part for key in texts(source) for part in ([key] if isinstance(key, str) else key)}
    for file in (ROOT / "kb").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS:
                text = node.args[0]
                assert isinstance(text, ast.Constant), f"{file}:{node.lineno}"
                assert text.value in collected, f"{file}:{node.lineno}"


def test_every_text_is_translated_and_none_is_a_guess(greek: Catalog) -> None:
    assert [key for key, found in texts(greek).items() if not all(found)] == []
    assert [message.id for message in greek if message.id and message.fuzzy] == []


def test_translation_keeps_the_placeholders(greek: Catalog) -> None:
    def names(text: str) -> set[str]:
        return set(re.findall(r"%\((\w+)\)", text))

    for key, found in texts(greek).items():
        sources = (key,) if isinstance(key, str) else key
        for source, each in zip(sources, found, strict=True):
            assert names(each) == names(source), source


def test_greek_is_written_with_its_accents(greek: Catalog) -> None:
    """A Greek word of two syllables or more that has no accent is a slip, capitals aside."""
    vowels = re.compile("[αεηιουω]+")
    for found in texts(greek).values():
        for word in re.findall(r"[Α-Ωα-ωά-ώϊϋΐΰΆ-Ώ]+", " ".join(found)):
            letters = unicodedata.normalize("NFD", word.lower())
            plain = "".join(c for c in letters if not unicodedata.combining(c))
            if word.upper() != word and len(vowels.findall(plain)) > 1:
                assert "\u0301" in letters, word
