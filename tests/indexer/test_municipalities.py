"""Every member municipality is found by each of its names, in any case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.indexer.conftest import Library

MEMBERS = json.loads(
    (Path(__file__).parents[2] / "kb" / "municipalities" / "members.json").read_text("utf-8")
)


def names(member: dict[str, Any]) -> list[str]:
    own = [member["name"], member["official_name"]]
    return [*(name[lang] for name in own for lang in ("el", "en")), *member["aliases"]]


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """One practice of each member, which says the name of its own and of no other."""
    library = Library(tmp_path_factory.mktemp("members"))
    for key, member in enumerate(MEMBERS, start=1):
        library.store.put(
            key,
            slug=member["code"],
            title_el="Κέντρο Ένταξης Μεταναστών",
            keywords_el="\n".join(names(member)),
            facets={"municipality": [member["code"]]},
        )
    library.sync()
    return library


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member["code"])
def test_a_municipality_is_found_by_every_name(members: Library, member: dict[str, Any]) -> None:
    genitive = [member["genitive_el"], f"Δήμου {member['genitive_el']}"]
    for name in [*names(member), *genitive]:
        for typed in (name, name.upper(), name.lower()):
            assert members.slugs(typed)[0] == member["code"], typed
