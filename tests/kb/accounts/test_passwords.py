"""Which passwords are taken, and how they are kept."""

import pytest

from kb.accounts import passwords


@pytest.mark.parametrize(
    "password",
    [
        *("aaaaaaaaaaaaaaaa", "1212121212121212", "Anna Anna Anna", "anna@example.gr"),
        *("password1234", "123456789012", "qwertyuiop12", "QWERTY-123456", "Κωδικός 1234"),
        *("poiuytrewq21", "αβγδεζηθικλμ", "anna-example-2026", "Άννα2026!!!!", "      \t      "),
    ],
)
def test_what_anybody_would_try_first_is_guessable(app, password):
    assert passwords.is_guessable(password, "anna@example.gr", "Anna Άννα")


@pytest.mark.parametrize(
    "password",
    [
        *("καρέκλα ποδήλατο βροχή", "correct horse battery", "anna likes purple tigers"),
        *("V7#kQ2!mZp9x", "🐢🦊🐼🦉🐝🐙🦀🐬🐳🦋🐞🦎", "العربية كلمة سر"),
    ],
)
def test_unrelated_words_are_not(app, password):
    assert not passwords.is_guessable(password, "anna@example.gr", "Anna Άννα")


def test_hash_is_argon2id_and_salted(db):
    first, second = passwords.hash_of("τρία λόγια"), passwords.hash_of("τρία λόγια")
    assert first.startswith("$argon2id$v=19$")
    assert first != second
    assert passwords.is_right(first, "τρία λόγια")
    assert not passwords.is_right(first, "τρια λογια")


@pytest.mark.parametrize("stored", [None, "", "x", "$argon2id$v=19$broken"])
def test_damaged_or_missing_hash_lets_nobody_in(db, stored):
    assert not passwords.is_right(stored, "nobody has this password")


def test_cost_by_default_is_that_of_the_recommendation(make_app):
    app = make_app(ARGON2={})
    with app.app_context():
        assert "$m=19456,t=2,p=1$" in passwords.hash_of("τρία λόγια")


def test_endless_password_costs_no_more(db):
    stored = passwords.hash_of("x" * 200)
    assert passwords.is_right(stored, "x" * 200)
    assert not passwords.is_right(stored, "x" * 3_000_000)


def test_longest_password_may_be_typed_with_separate_accents(db):
    stored = passwords.hash_of("ά" * 200)
    assert passwords.is_right(stored, "α\u0301" * 200)
