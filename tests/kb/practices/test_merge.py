"""Three versions of a draft into one: nothing that anybody wrote is lost or overwritten unseen."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.practices.merge import NOTHING, Merge, mark, marks, merge, names, parts
from kb.practices.template import BY_CODE

FIELDS = [BY_CODE[code] for code in ("title", "challenge", "areas", "start", "links", "contact")]

TEXT = st.text(alphabet="αβ \n", min_size=1, max_size=4)
TEXTS = st.dictionaries(st.sampled_from(["el", "en"]), TEXT, min_size=1)
ROWS = st.lists(st.fixed_dictionaries({"title": TEXT}), min_size=1, max_size=4)
CONTENT = st.fixed_dictionaries(
    {},
    optional={
        "title": TEXTS,
        "challenge": TEXTS,
        "areas": st.lists(st.sampled_from("abc"), min_size=1, unique=True),
        "start": st.sampled_from(["2019", "2020"]),
        "links": ROWS,
        "contact": st.fixed_dictionaries({"service": TEXTS}),
        # A field of another page: never touched.
        "stage": st.sampled_from(["pilot", "running"]),
    },
)


def put(mine: Any, theirs: Any, before: Any, **more: Any) -> Merge:
    return merge(mine, theirs, marks(before, FIELDS), FIELDS, **more)


@given(before=CONTENT, mine=CONTENT)
def test_alone_one_gets_what_one_typed(before: Any, mine: Any) -> None:
    result = put(mine, before, before)
    assert parts(result.content, FIELDS) == parts(mine, FIELDS)
    assert (result.conflicts, result.newer) == ((), ())


@given(before=CONTENT, theirs=CONTENT)
def test_who_typed_nothing_changes_nothing(before: Any, theirs: Any) -> None:
    result = put(before, theirs, before)
    assert result.content == theirs
    assert result.written == {}


@given(before=CONTENT, mine=CONTENT, theirs=CONTENT)
def test_each_part_is_ones_own_the_others_or_told(before: Any, mine: Any, theirs: Any) -> None:
    result = put(mine, theirs, before)
    for name in parts(before, FIELDS):
        was, my, their, now = (
            marks(each, FIELDS)[name] for each in (before, mine, theirs, result.content)
        )
        if name in result.conflicts:
            assert len({was, my, their}) == 3
            assert now == their
        elif name in result.joined:
            assert len({was, my, their}) == 3
            assert result.written[name] == my
        elif my == their:
            assert now == my
        else:
            assert now == (their if my == was else my)
            assert (name in result.newer) == (my == was)


@given(before=CONTENT, mine=CONTENT, theirs=CONTENT)
def test_other_fields_stay(before: Any, mine: Any, theirs: Any) -> None:
    assert put(mine, theirs, before).content.get("stage") == theirs.get("stage")


@given(before=CONTENT, first=CONTENT, second=CONTENT)
def test_a_page_is_not_in_conflict_with_itself(before: Any, first: Any, second: Any) -> None:
    saved = put(first, before, before)
    # The answer was lost: the page still has the marks that it was opened with.
    again = put(second, saved.content, before, own=saved.written)
    assert again.conflicts == ()
    assert parts(again.content, FIELDS) == parts(second, FIELDS) or again.newer


@given(before=CONTENT, mine=CONTENT, theirs=CONTENT)
def test_after_a_choice_the_next_save_goes_through(before: Any, mine: Any, theirs: Any) -> None:
    first = put(mine, theirs, before)
    seen = marks(before, FIELDS) | {
        name: marks(first.content, FIELDS)[name] for name in first.conflicts
    }
    second = merge(mine, first.content, seen, FIELDS, own=first.written)
    assert second.conflicts == ()


def test_two_languages_of_a_text_are_two_parts() -> None:
    before = {"title": {"el": "Α", "en": "A"}}
    mine, theirs = {"title": {"el": "Β", "en": "A"}}, {"title": {"el": "Α", "en": "B"}}
    assert put(mine, theirs, before).content == {"title": {"el": "Β", "en": "B"}}


def test_what_a_page_only_passed_on_is_not_its_own() -> None:
    """Anna's page saved beside Bruno's title: her later change of the title is a conflict."""
    before = {"title": {"el": "Α"}}
    bruno = {"title": {"el": "Του Μπρούνο"}}
    first = put({**before, "start": "2019"}, bruno, before)
    assert first.content == {"title": {"el": "Του Μπρούνο"}, "start": "2019"}
    second = put(
        {"title": {"el": "Της Άννας"}, "start": "2019"}, first.content, before, own=first.written
    )
    assert second.conflicts == ("title_el",)
    assert second.content["title"] == {"el": "Του Μπρούνο"}


def test_emptiness_has_one_mark() -> None:
    assert {mark(empty) for empty in (None, "", [], {}, False)} == {NOTHING}
    assert [name for name, _field, _language in names(FIELDS)][:2] == ["title_el", "title_en"]


def table(*titles: str) -> dict[str, Any]:
    return {"links": [{"title": title} for title in titles]} if titles else {}


def titles(content: Any) -> list[str]:
    return [row["title"] for row in content.get("links", [])]


@pytest.mark.parametrize(
    ("before", "mine", "theirs", "both"),
    [
        ("ab", "abm", "abt", "abtm"),  # a row more by each
        ("ab", "mb", "at", "mt"),  # each wrote another row anew
        ("ab", "b", "abt", "bt"),  # one taken out, one added
        ("abc", "c", "ab", ""),  # each took others out
        ("abc", "cab", "abct", "cabt"),  # put in another order
        ("", "m", "t", "tm"),
        ("a", "ax", "axt", "axt"),  # the same row by both
        ("a", "m", "", "m"),  # written anew, and taken out
        ("ab", "amnb", "atb", "atmnb"),
    ],
)
def test_rows_are_put_together(before: str, mine: str, theirs: str, both: str) -> None:
    result = put(table(*mine), table(*theirs), table(*before))
    assert result.conflicts == ()
    assert "".join(titles(result.content)) == both


@pytest.mark.parametrize(("before", "mine", "theirs"), [("a", "m", "t"), ("ab", "amn", "at")])
def test_the_same_row_written_anew_by_both_is_told(before: str, mine: str, theirs: str) -> None:
    result = put(table(*mine), table(*theirs), table(*before))
    assert result.conflicts == ("links",)
    assert result.content == table(*theirs)


def test_more_rows_than_there_is_room_for_are_told() -> None:
    limit = BY_CODE["links"].limit or 0
    before = [str(number) for number in range(limit - 1)]
    result = put(table(*before, "m"), table(*before, "t"), table(*before))
    assert result.conflicts == ("links",)


@given(before=ROWS, mine=ROWS, theirs=ROWS)
def test_no_row_that_anybody_typed_is_lost(before: Any, mine: Any, theirs: Any) -> None:
    was, my, their = ({"links": rows} for rows in (before, mine, theirs))
    result = put(my, their, was)
    now = titles(result.content)
    if result.conflicts:
        assert result.content == their  # and the others are shown beside them
        return
    for typed in (mine, theirs):
        assert {row["title"] for row in typed if row not in before} <= set(now)
    for row in before:
        if row in mine and row in theirs:
            assert row["title"] in now
    assert set(now) <= {row["title"] for row in [*mine, *theirs]}


@given(before=ROWS, first=ROWS, theirs=ROWS, second=ROWS)
def test_a_page_goes_on_beside_rows_that_it_does_not_have(
    before: Any, first: Any, theirs: Any, second: Any
) -> None:
    """The page never shows the rows that it was joined with: it must not take them out."""
    was, other = {"links": before}, {"links": theirs}
    saved = put({"links": first}, other, was)
    if not saved.joined:
        return
    on = {"links": saved.written["links"]}
    again = merge({"links": second}, saved.content, on, FIELDS, own=saved.written)
    kept = {row["title"] for row in theirs if row not in before and row not in first}
    assert again.conflicts or kept <= set(titles(again.content))
