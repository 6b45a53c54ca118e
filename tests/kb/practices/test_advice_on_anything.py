"""Numbers with a right check digit are found wherever they stand, and no text is too strange."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.practices.advice import PERSONAL, WRITING, advise, people
from kb.practices.advice.acronyms import expansions
from kb.practices.advice.numbers import is_insurance_number, is_tax_number
from kb.practices.template import FIELDS, Kind
from tests.hostile_strings import naughty, scripts

# What stands around a number in a sentence; no digit, no letter and no reference touches it.
BEFORE = st.sampled_from(["", "Το ", "(", "«", "αριθμός: ", "και, ", "**", "Αρ.\n", "– ", "ΝΑΙ "])
AFTER = st.sampled_from(
    ["", ".", ", και", ") είναι", "»", "**", "\n\nΤέλος", "; ", " – όχι", ": ναι"]
)
DIGITS = st.integers(0, 9)
GAPS = st.sampled_from([" ", "-", ".", "\u00a0", "–", "/"])


def found(text: str) -> dict[str, list[str]]:
    advice = advise({"how_it_works": {"el": text}})
    return {each.kind.code: [one.words for one in each.found] for each in advice}


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


def with_tax_check(eight: str) -> str:
    return eight + str(sum(int(d) << (8 - n) for n, d in enumerate(eight)) % 11 % 10)


def with_luhn(ten: str) -> str:
    doubled = (sum(divmod(int(d) * (2 if n % 2 else 1), 10)) for n, d in enumerate(ten))
    return ten + str(-sum(doubled) % 10)


def with_account_check(country: str, rest: str) -> str:
    number = int("".join(str(int(each, 36)) for each in rest + country + "00"))
    return f"{country}{98 - number % 97:02}{rest}"


AFM = digits(8).filter(lambda eight: int(eight) > 0).map(with_tax_check)
AMKA = st.builds(
    lambda born, rest: with_luhn(born.strftime("%d%m%y") + rest),
    st.dates(date(1920, 1, 1), date(2026, 1, 1)),
    digits(4),
)
IBAN = digits(23).map(lambda rest: with_account_check("GR", rest))
PHONE = st.builds(
    "{}{}".format, st.sampled_from(["210", "231", "261", "282", "690", "697"]), digits(7)
)


@given(BEFORE, AFM, AFTER)
def test_an_afm_is_found_wherever_it_stands(before: str, number: str, after: str) -> None:
    assert found(before + number + after)["afm"] == [number]


@given(BEFORE, AMKA, AFTER)
def test_an_amka_is_found_wherever_it_stands(before: str, number: str, after: str) -> None:
    assert found(before + number + after)["amka"] == [number]


@given(BEFORE, IBAN, AFTER, st.booleans())
def test_an_iban_is_found_wherever_it_stands(
    before: str, number: str, after: str, is_grouped: bool
) -> None:
    if is_grouped:
        number = " ".join(number[place : place + 4] for place in range(0, len(number), 4))
    assert found(before + number + after)["iban"] == [number]


@given(BEFORE, PHONE, GAPS, st.sampled_from(["", "+30 ", "0030", "+30"]), AFTER)
def test_a_telephone_number_is_found_wherever_it_stands(
    before: str, number: str, gap: str, prefix: str, after: str
) -> None:
    for written in (
        number,
        number[:3] + gap + number[3:],
        f"{number[:3]} {number[3:6]} {number[6:]}",
    ):
        assert found(before + prefix + written + after)["phone"] == [prefix + written]


@given(BEFORE, AFM, st.integers(1, 9), AFTER)
def test_nine_digits_with_a_wrong_check_digit_are_no_afm(
    before: str, number: str, off: int, after: str
) -> None:
    wrong = number[:8] + str((int(number[8]) + off) % 10)
    assert not is_tax_number(wrong)
    assert "afm" not in found(before + wrong + after)


@given(BEFORE, AMKA, st.integers(1, 9), AFTER)
def test_eleven_digits_with_a_wrong_check_digit_are_no_amka(
    before: str, number: str, off: int, after: str
) -> None:
    wrong = number[:10] + str((int(number[10]) + off) % 10)
    assert not is_insurance_number(wrong)
    assert "amka" not in found(before + wrong + after)


@given(BEFORE, IBAN, st.integers(4, 26), st.integers(1, 9), AFTER)
def test_an_account_with_one_wrong_digit_is_no_iban(
    before: str, number: str, place: int, off: int, after: str
) -> None:
    wrong = number[:place] + str((int(number[place]) + off) % 10) + number[place + 1 :]
    assert "iban" not in found(before + wrong + after)


@given(st.integers(13, 99), digits(4))
def test_what_begins_with_no_date_is_no_amka(month: int, rest: str) -> None:
    assert not is_insurance_number(with_luhn(f"01{month}80{rest}"))


def test_digits_of_another_script_are_digits() -> None:
    assert found("τηλ. ２１０１２３４５６７")["phone"] == ["２１０１２３４５６７"]
    assert found("τηλ. ٢١٠ ١٢٣ ٤٥٦٧")["phone"] == ["٢١٠ ١٢٣ ٤٥٦٧"]


@given(st.text(max_size=300))
def test_any_text_gets_advice_that_quotes_it(text: str) -> None:
    for advice in advise({"how_it_works": {"el": text, "en": text}, "title": {"el": text}}):
        for each in advice.found:
            assert text[each.place : each.place + len(each.words)] == each.words


def test_hostile_strings_do_no_harm() -> None:
    strings = [*naughty(), *scripts()]
    for text in strings:
        advise({"how_it_works": {"el": text}, "contact": {"mailbox": text, "service": {}}})
    advise({"how_it_works": {"en": "\n".join(strings)}})
    expansions(strings)


# Each of them repeated: what a careless pattern would take for ever to read.
PIECES = """α|A|ΚΕ|Κ.|a.|a@|@a.|1|2 |21 |+30 |GR16|AA11 |[|[a](|(|#|# |~#|**|~~**a|```~|http://|www.
κ. |κ. Α|Mr A|Mr Aa-|’|ξενώνας |οδός Α |ξενώνας οδός ΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑΑ
Μαρία |Μαρία Μ. |Μ. |Πουλου |ΜΑΡΙΑ ΠΑΠΑ|Mary-Mary
ΔΙΚΑ |ΔΙΚΑ με με |Κέντρο |Κε ΚΕΚΕΚΕ |=~===~| |~|ΚΕ ("""


@pytest.mark.parametrize("piece", re.split(r"\||\n", PIECES))
def test_a_hundred_thousand_letters_are_read_in_no_time(piece: str) -> None:
    text = (piece.replace("~", "\n") * 100_000)[:100_000]
    begun = time.process_time()
    advise({"how_it_works": {"el": text}})
    assert time.process_time() - begun < 2


def test_every_kind_of_field_may_be_asked_about() -> None:
    assert {field.kind for field in FIELDS} == set(Kind)
    assert advise({"title": {}, "partners": [{}], "contact": {"visibility": "public"}}) == []
    assert {code for code, _find in PERSONAL} & set(WRITING) == set()
    assert people.is_personal("nikos", "gmail.com")
