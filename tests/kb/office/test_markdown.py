"""Markdown as paragraphs of Word and back: what people wrote reads the same, word for word."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from inspector import word
from inspector.word import Paragraph, Run
from kb.markup import plain
from kb.office import markdown
from kb.office.docx import Writer
from kb.office.workbook import EXAMPLE
from tests.hostile_strings import naughty

LETTERS = "αβγΆ abc.,:;!?()[]*_`<>&#|~\\-+=1 2\n\t/@\"'"
TEXTS = st.text(alphabet=LETTERS, max_size=80)
WORDS = st.text(alphabet="αβγδέ abc123,.", min_size=1, max_size=20).map(str.strip).filter(bool)
ADDRESSES = st.sampled_from(["https://a.gr/b_c?d=1&e=(2)", "mailto:a@b.gr", "http://παράδειγμα.gr"])
RUNS = st.lists(
    st.builds(
        Run, text=WORDS, bold=st.booleans(), italic=st.booleans(), link=ADDRESSES | st.just("")
    ),
    min_size=1,
    max_size=4,
)
PARAGRAPHS = st.builds(
    Paragraph,
    runs=RUNS,
    item=st.sampled_from(["", "bullet", "number"]),
    depth=st.integers(0, 4),
    level=st.sampled_from([0, 0, 0, 4, 6]),
).filter(lambda paragraph: not paragraph.text[:1].isdigit())  # nor a list made by hand


def through_word(paragraphs: list[Paragraph]) -> list[Paragraph]:
    """What a document with these paragraphs says when it is read."""
    writer = Writer("el", "")
    writer.add(writer.prose("x", "x", paragraphs, "", "el"))
    with zipfile.ZipFile(BytesIO(writer.finish({}))) as archive:
        return [block for block in word.read(archive).blocks if isinstance(block, Paragraph)]


def there_and_back(text: str) -> str:
    return markdown.markdown_of(through_word(markdown.paragraphs_of(text)))


def demo_texts() -> Iterator[str]:
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        for value in json.loads(line).values():
            if isinstance(value, dict):
                yield from (text for text in value.values() if isinstance(text, str))


def test_every_text_of_the_demo_library_comes_back_to_the_letter() -> None:
    texts = "\n\n# Το επόμενο\n\n".join(demo_texts())
    assert there_and_back(texts) == texts


@pytest.mark.parametrize(
    "text",
    [
        "Ένα **έντονο** και ένα *πλάγιο*, και ***τα δύο***.",
        "- ένα\n- δύο\n    - μέσα\n- τρία",
        "1. ένα\n2. δύο",
        "Πριν\n\n- ένα\n\nμετά",
        "[ο **οδηγός** μας](https://a.gr/b_c)",
        "<https://a.gr>",
        "γραμμή\\\nγραμμή",
        "# Τίτλος\n\nκείμενο",
        "2 * 3 * 4 και a_b_c και C:\\φάκελος",
        "| α | β |\n| - | - |\n| 1 | 2 |",
        "> λόγια άλλων",
        "```\nκώδικας\n```",
        "1\\. όχι λίστα",
    ],
)
def test_marks_come_back_as_they_were(text: str) -> None:
    assert there_and_back(text) == text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("• ένα", "- ένα"),
        ("– ένα", "- ένα"),
        ("- ένα", "- ένα"),
        ("1) ένα", "1. ένα"),
        ("15. Αυγούστου", "15\\. Αυγούστου"),
        ("α*β*γ", "α\\*β\\*γ"),
        ("# α", "\\# α"),
        ("<b>", "<b>"),
    ],
)
def test_what_is_typed_in_word_is_meant_as_it_looks(typed: str, expected: str) -> None:
    assert markdown.markdown_of([Paragraph([Run(typed)])]) == expected


def test_numbers_typed_by_hand_are_a_list_where_they_count() -> None:
    typed = [Paragraph([Run(text)]) for text in ("1. ένα", "2) δύο", "4. όχι")]
    assert markdown.markdown_of(typed) == "1. ένα\n2. δύο\n\n4\\. όχι"


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ([Run("έντονο ", bold=True), Run("κείμενο")], "**έντονο** κείμενο"),
        ([Run("έντο", bold=True), Run("νο", bold=True)], "**έντονο**"),
        ([Run("α", bold=True), Run("β", italic=True)], "**α**_β_"),
        ([Run("α,", bold=True), Run("β")], "**α**,β"),
        ([Run("  ", bold=True)], ""),
        ([Run("κακό", link="javascript:alert(1)")], "κακό"),
        ([Run("κακό", link="file:///C:/x")], "κακό"),
    ],
)
def test_looks_of_word_are_written_so_that_they_read_the_same(
    runs: list[Run], expected: str
) -> None:
    written = markdown.markdown_of([Paragraph(runs)])
    assert written == expected or plain(written) == plain(expected)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
@example("**α**β** γ")
@example("- \n- α")
@example("α\n===")
def test_whatever_is_written_reads_the_same_after_word(text: str) -> None:
    """But for spaces, and for signs that read as a list in Word."""
    text = text.strip()
    assert plain(there_and_back(text)).split() == plain(text).split()


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_second_journey_changes_nothing(text: str) -> None:
    once = there_and_back(text.strip())
    assert there_and_back(once) == once


@settings(max_examples=150, deadline=None)
@given(st.lists(PARAGRAPHS, max_size=5))
def test_no_word_of_a_document_is_lost(paragraphs: list[Paragraph]) -> None:
    written = markdown.markdown_of(paragraphs)
    wanted = " ".join(paragraph.text for paragraph in paragraphs).split()
    assert "".join(plain(written).split()) == "".join(wanted)
    links = {run.link for paragraph in paragraphs for run in paragraph.runs}
    assert written.count("](") + written.count("<") >= len(links - {""})
    assert there_and_back(written) == written


@pytest.mark.parametrize("text", naughty())
def test_naughty_strings_stay_what_they_are(text: str) -> None:
    once = there_and_back(text.strip())
    assert there_and_back(once) == once
