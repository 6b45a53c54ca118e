"""A municipality's own practices stand first for each of its names, in any case."""

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
    """One practice of each member, and one that others run with it and name it in the title."""
    library = Library(tmp_path_factory.mktemp("members"))
    for key, member in enumerate(MEMBERS, start=1):
        labels = "\n".join(names(member))
        library.store.put(
            2 * key,
            slug=member["code"],
            title_el="Κέντρο Ένταξης Μεταναστών",
            keywords_el=labels,
            names="\n".join([*names(member), member["genitive_el"]]),
        )
        title = {f"title_{lang}": f"{member['name'][lang]}, {member['name'][lang]}"
                 for lang in ("el", "en")}  # fmt: skip
        library.store.put(2 * key + 1, slug=f"with-{key}", keywords_el=labels, **title)
    library.sync()
    return library


@pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member["code"])
def test_own_practices_stand_first_by_every_name(members: Library, member: dict[str, Any]) -> None:
    genitive = [member["genitive_el"], f"Δήμου {member['genitive_el']}"]
    for name in [*names(member), *genitive]:
        for typed in (name, name.upper(), name.lower()):
            assert members.slugs(typed)[0] == member["code"], typed
