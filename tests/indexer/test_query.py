"""What people type is taken apart within bounds, and nothing typed is an error."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.query import MOST_WORDS, Parsed, Phrase, Word, parse

FIELDS = {
    "municipality": {"athens", "tilos"},
    "area": {"housing"},
    "year": {"2019", "2020"},
}


def words(parsed: Parsed) -> list[list[str]]:
    return [
        [
            option.term if isinstance(option, Word) else " ".join(option.words)
            for option in c.options
        ]
        for c in parsed.clauses
    ]


def test_words() -> None:
    assert words(parse("Στέγαση προσφύγων", FIELDS)) == [["στεγαση"], ["προσφυγων"]]


def test_common_words_are_left_out_where_there_are_others() -> None:
    assert words(parse("η στέγαση των προσφύγων", FIELDS)) == [["στεγαση"], ["προσφυγων"]]
    parsed = parse("και των", FIELDS)
    assert words(parsed) == [["και"], ["των"]]
    assert parsed.notes == ["without-words"]


def test_phrases_in_any_quotes() -> None:
    for typed in (
        '"κέντρο κοινότητας"',
        "«κέντρο κοινότητας»",
        "“κέντρο κοινότητας”",
        '"κέντρο κοινότητας',
    ):
        (clause,) = parse(typed, FIELDS).clauses
        named = typed.startswith("«")
        assert clause.options == (Phrase(("κεντρο", "κοινοτητασ"), "κέντρο κοινότητας", named),)
        assert clause.required is not named


def test_without() -> None:
    parsed = parse("Vienna -degree -“social work”", FIELDS)
    assert words(parsed) == [["vienna"]]
    assert len(parsed.without) == 2


def test_a_hyphen_inside_a_word_is_not_without() -> None:
    parsed = parse("co-design", FIELDS)
    assert words(parsed) == [["co"], ["design"]]
    assert parsed.without == []
    assert all(option.compound == "codesign" for c in parsed.clauses for option in c.options)


def test_or_joins_its_neighbours_only() -> None:
    assert words(parse("μουσείο OR αρχαιολογία παιδιά", FIELDS)) == [
        ["μουσειο", "αρχαιολογια"],
        ["παιδια"],
    ]
    assert words(parse("OR", FIELDS)) == []
    assert words(parse("OR a1 OR", FIELDS)) == [["a1"]]


def test_prefix() -> None:
    (clause,) = parse("στεγασ*", FIELDS).clauses
    (option,) = clause.options
    assert isinstance(option, Word)
    assert option.prefix


def test_fields_choose() -> None:
    parsed = parse("municipality:athens year:2019..2020 area:housing,tilos ένταξη", FIELDS)
    assert parsed.filters == {
        "municipality": ["athens"], "year": ["2019", "2020"], "area": ["housing"],
    }  # fmt: skip
    assert words(parsed) == [["ενταξη"]]


def test_fields_in_greek() -> None:
    assert parse("δήμος:tilos έτος:2019", FIELDS).filters == {
        "municipality": ["tilos"], "year": ["2019"],
    }  # fmt: skip


def test_an_unknown_field_or_value_is_searched_as_words() -> None:
    parsed = parse("colour:red municipality:Βόλος", FIELDS)
    assert parsed.filters == {}
    assert words(parsed) == [["colour"], ["red"], ["municipality"], ["βολοσ"]]


def test_an_open_range_of_years() -> None:
    assert parse("year:2099..", FIELDS).filters == {"year": ["2099", "2100"]}


def test_only_the_beginning_of_a_long_query_is_searched() -> None:
    parsed = parse(" ".join(f"λέξη{n}" for n in range(100)), FIELDS)
    assert len(parsed.clauses) == MOST_WORDS
    assert "too-long" in parsed.notes


@given(st.text(alphabet=st.sampled_from('αβ ab"«»-*:.,ORyear2019~[]()\\^'), max_size=300))
def test_no_operator_soup_is_an_error(text: str) -> None:
    parsed = parse(text, FIELDS)
    assert len(parsed.clauses) <= MOST_WORDS


@given(st.text(max_size=300))
def test_nothing_typed_is_an_error(text: str) -> None:
    parse(text, FIELDS)
