"""Names found by how they begin or sound."""

from __future__ import annotations

import pytest

from indexer.names import Names

NAMES = Names(
    {
        "housing": ["Στέγαση", "Housing"],
        "work": ["Απασχόληση και δεξιότητες", "Employment and skills"],
        "thessaloniki": ["Θεσσαλονίκη", "Thessaloniki", "Salonica"],
        "nea": ["Νέα Φιλαδέλφεια-Χαλκηδόνα"],
        "philadelphia": ["Φιλαδέλφεια"],
    }
)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("στε", ["housing"]),
        ("ΣΤΈΓΑΣΗ", ["housing"]),
        ("stegas", ["housing"]),
        ("στεγασι", ["housing"]),
        ("δεξ", ["work"]),
        ("skills emp", ["work"]),
        ("salon", ["thessaloniki"]),
        ("φιλαδ", ["philadelphia", "nea"]),
        ("filad", ["nea", "philadelphia"]),
        ("νεα χαλκ", ["nea"]),
        ("στεγαση χ", []),
        ("", []),
        ("!", []),
        ("2020", []),
    ],
)
def test_names_are_found_by_their_beginnings(typed: str, codes: list[str]) -> None:
    assert NAMES.matching(typed) == codes
