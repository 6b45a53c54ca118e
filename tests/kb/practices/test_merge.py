"""Three versions of a draft into one: nothing that anybody wrote is lost or overwritten unseen."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kb.practices.merge import NOTHING, Merge, mark, marks, merge, names, parts
from kb.practices.template import BY_CODE

FIELDS = [BY_CODE[code] for code in ("title", "challenge", "areas", "start", "links", "contact")]

TEXT = st.text(alphabet="αβ \n", min_size=1, max_size=4)
TEXTS = st.dictionaries(st.sampled_from(["el", "en"]), TEXT, min_size=1)
CONTENT = st.fixed_dictionaries(
    {},
    optional={
        "title": TEXTS,
        "challenge": TEXTS,
        "areas": st.lists(st.sampled_from("abc"), min_size=1, unique=True),
        "start": st.sampled_from(["2019", "2020"]),
        "links": st.lists(st.fixed_dictionaries({"title": TEXT}), min_size=1, max_size=2),
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
            mark(parts(each, FIELDS)[name]) for each in (before, mine, theirs, result.content)
        )
        if name in result.conflicts:
            assert len({was, my, their}) == 3
            assert now == their
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
