"""Greeklish and spelling slips meet the Greek word by its sound."""

from __future__ import annotations

import pytest

from indexer.language import fold
from indexer.sound import greek_sound, greeklish_sounds, other_layout


@pytest.mark.parametrize(
    ("greek", "latin"),
    [
        ("στέγαση", "stegash"),
        ("στέγαση", "stegasi"),
        ("στέγαση", "steyasi"),
        ("προσφύγων", "prosfygwn"),
        ("προσφύγων", "prosfigon"),
        ("προσφύγων", "prosphygon"),
        ("ένταξη", "entaksi"),
        ("ένταξη", "entaxh"),
        ("Θεσσαλονίκη", "8essaloniki"),
        ("Θεσσαλονίκη", "Thessalonikh"),
        ("ψυχική", "psyxikh"),
        ("ψυχική", "psychiki"),
        ("εκπαίδευση", "ekpaideysh"),
        ("εκπαίδευση", "ekpedefsi"),
        ("Χανιά", "xania"),
        ("Χανιά", "Hania"),
        ("άνθρωπος", "anthropos"),
        ("μπαμπάς", "mpampas"),
        ("μπαμπάς", "babas"),
        ("ξενοφοβία", "ksenofovia"),
        ("ξενοφοβία", "3enofobia"),
        ("οικογένεια", "oikogeneia"),
        ("δράσης", "drashs"),
        ("βοήθεια", "voitheia"),
    ],
)
def test_every_convention_reads_as_the_greek_word(greek: str, latin: str) -> None:
    assert greek_sound(fold(greek)) in greeklish_sounds(fold(latin))


@pytest.mark.parametrize(
    ("right", "slip"),
    [
        ("διερμηνεία", "διερμινία"),
        ("προσφύγων", "προσφήγων"),
        ("φροντιστής", "φροντηστής"),
        ("κατάρτιση", "κατάρτηση"),
        ("εθελοντές", "εθελωντές"),
        ("Λάρισα", "Λάρισσα"),
        ("και", "κε"),
    ],
)
def test_spelling_slips_sound_the_same(right: str, slip: str) -> None:
    assert greek_sound(fold(right)) == greek_sound(fold(slip))


def test_long_words_have_a_bounded_number_of_readings() -> None:
    assert len(greeklish_sounds("h" * 24)) <= 96
    assert greeklish_sounds("h" * 25) == ()


def test_the_same_keys_in_the_other_alphabet() -> None:
    assert other_layout("prosfyges") == "προσφυγεσ"
    assert other_layout("ηοθσινγ") == "housing"
