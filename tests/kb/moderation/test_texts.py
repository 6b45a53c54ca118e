"""What differs between two texts, and between two lists."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from kb.moderation.texts import Piece, entries, words

TEXT = st.text(alphabet="αβ .\n\tΆς,", max_size=60) | st.text(max_size=60)
LIST = st.lists(st.sampled_from("αβγδ"), max_size=8)


def before(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece.text for piece in pieces if piece.mark != "added"]


def after(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece.text for piece in pieces if piece.mark != "removed"]


@given(old=TEXT, new=TEXT)
def test_comparison_of_texts_gives_back_both(old: str, new: str) -> None:
    pieces = words(old, new)
    assert "".join(before(pieces)) == old
    assert "".join(after(pieces)) == new
    assert all(piece.text for piece in pieces)


@given(old=LIST, new=LIST)
def test_comparison_of_lists_gives_back_both(old: list[str], new: list[str]) -> None:
    pieces = entries(old, new)
    assert before(pieces) == old
    assert after(pieces) == new


@given(text=TEXT)
@example(text="\u0300")
def test_equal_texts_have_no_difference(text: str) -> None:
    assert all(piece.mark == "same" for piece in words(text, text))


def test_long_texts_are_compared_by_lines() -> None:
    lines = [f"η γραμμή {number}\n" for number in range(300)]
    changed = [*lines[:200], "άλλη μία\n", *lines[201:]]
    pieces = words("".join(lines), "".join(changed))
    assert [piece for piece in pieces if piece.mark != "same"] == [
        Piece("removed", "η γραμμή 200"),
        Piece("added", "άλλη μία"),
    ]


def test_endless_texts_are_compared_as_a_whole() -> None:
    old, new = "α\n- - " * 4_000, "β\n- - " * 4_000
    assert words(old, new) == (Piece("removed", old), Piece("added", new))


def test_changed_word_stands_between_what_stayed() -> None:
    assert words("Κάθε Τρίτη, με ραντεβού.", "Κάθε Πέμπτη, με ραντεβού.") == (
        Piece("same", "Κάθε "),
        Piece("removed", "Τρίτη"),
        Piece("added", "Πέμπτη"),
        Piece("same", ", με ραντεβού."),
    )


def test_sentence_that_goes_on_keeps_its_full_stop() -> None:
    assert words("Στο κέντρο. Κάθε μέρα.", "Στο κέντρο, με διερμηνέα. Κάθε μέρα.") == (
        Piece("same", "Στο κέντρο"),
        Piece("added", ", με διερμηνέα"),
        Piece("same", ". Κάθε μέρα."),
    )


def test_text_written_anew_is_not_cut_to_pieces() -> None:
    old = "Η υπηρεσία λειτουργεί στο κέντρο της πόλης και δέχεται χωρίς ραντεβού."
    new = "Από το 2024 δύο διερμηνείς επισκέπτονται τα σχολεία κάθε Δευτέρα και Τρίτη."
    assert words(old, new) == (
        Piece("removed", old[:-1]),
        Piece("added", new[:-1]),
        Piece("same", "."),
    )
