"""Text to terms: the same for documents, queries and highlights."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language import fold, form, mend, snowball, stem, stop_words, tokens


def terms(text: str) -> list[str]:
    return [token.term for token in tokens(text)]


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Ένταξη", "ενταξη"),
        ("ΕΝΤΑΞΗ", "ενταξη"),
        ("πρόσφυγας", "προσφυγασ"),
        ("ΠΡΟΣΦΥΓΑΣ", "προσφυγασ"),
        ("Προϊόν", "προιον"),
        ("ΐ", "ι"),
        ("Café", "cafe"),
        ("Łódź", "lodz"),
        ("ﬁnance", "finance"),
        ("µm", "μm"),
        ("NOMOΣ", "νομοσ"),
        ("στo", "στο"),
        ("Tροποποίηση", "τροποποιηση"),
    ],
)
def test_one_word_in_any_spelling_folds_to_one_term(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_a_word_of_one_script_is_not_mended() -> None:
    assert mend("Amsterdam") == "Amsterdam"
    assert mend("Αθήνα") == "Αθήνα"


@pytest.mark.parametrize("written", ["Κ.Ε.Μ.", "Κ.Ε.Μ", "ΚΕΜ", "κεμ"])
def test_dotted_acronyms_are_joined(written: str) -> None:
    assert terms(f"Το {written} του δήμου")[1] == "κεμ"


def test_dotted_acronyms_of_syllables_are_joined() -> None:
    assert terms("Η ΑΝ.ΚΑ. και η Κ.Ε.Δ.Ε.") == ["η", "ανκα", "και", "η", "κεδε"]


def test_thousands_are_one_number() -> None:
    assert terms("49.170 άτομα, 1,200 people, 3.5 εκ.") == [
        "49170", "ατομα", "1200", "people", "3", "5", "εκ",
    ]  # fmt: skip


def test_capitals_in_running_text_are_an_acronym_and_in_a_heading_are_not() -> None:
    assert [token.acronym for token in tokens("Το ΤΑΜΕ χρηματοδοτεί")] == [False, True, False]
    assert not any(token.acronym for token in tokens("ΔΗΜΟΣ ΑΘΗΝΑΙΩΝ"))


def test_tokens_tell_where_they_stand() -> None:
    text = "Η Νεάπολη–Συκιές, σήμερα"
    assert [text[t.start : t.end] for t in tokens(text)] == ["Η", "Νεάπολη", "Συκιές", "σήμερα"]


@pytest.mark.parametrize(
    "words",
    [
        ["υπηρεσια", "υπηρεσιεσ", "υπηρεσιων"],
        ["ενοικιο", "ενοικια", "ενοικιου"],
        ["ανηλικοσ", "ανηλικοι", "ανηλικων"],
        ["προγραμμα", "προγραμματα", "προγραμματων"],
        ["ενταξη", "ενταξησ", "ενταξεισ", "ενταξεων"],
        ["παιδι", "παιδια", "παιδιου"],
        ["σχολειο", "σχολεια", "σχολειων"],
        ["child", "children"],
        ["refugee", "refugees"],
    ],
)
def test_forms_of_a_word_share_a_key(words: list[str]) -> None:
    assert len({form(word) for word in words}) == 1


def test_forms_keep_derived_words_apart() -> None:
    assert form("λογιστησ") != form("λογοσ")


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("organisation", "organization"), ("labour", "labor"), ("behaviour", "behavior"),
        ("neighbourhood", "neighborhood"), ("centres", "centers"), ("theatre", "theater"),
        ("programmes", "programs"), ("counselling", "counseling"), ("enrolment", "enrollment"),
    ],
)  # fmt: skip
def test_british_and_american_spellings_are_one_word(british: str, american: str) -> None:
    assert stem(british) == stem(american)


def test_stems_join_what_snowball_separates() -> None:
    assert snowball("υπηρεσια") != snowball("υπηρεσιεσ")
    assert stem("υπηρεσια") == stem("υπηρεσιεσ")


def test_a_stem_is_never_a_letter_or_two() -> None:
    assert stem("ταμε") == "ταμε"


def test_stop_words_are_folded() -> None:
    assert all(fold(word) == word for word in stop_words())


@given(st.text())
def test_any_text_gives_folded_terms_in_order(text: str) -> None:
    found = tokens(text)
    assert all(token.term and token.start < token.end <= len(text) for token in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing(word: str) -> None:
    assert fold(fold(word)) == fold(word)
