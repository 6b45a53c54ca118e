"""The pages of confirming keep the rules of every page, with something to confirm on them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.kb.renewals.conftest import Years
from tests.test_every_page import faults

SignIn = Callable[[str | None], FlaskClient]


@pytest.mark.parametrize("language", ["el", "en"])
def test_pages_are_well_made(years: Years, sign_in: SignIn, language: str) -> None:
    practices = [years.published(key=f"key {number}") for number in range(4)]
    years.ask()
    links = [path.replace("/el/", f"/{language}/") for path in years.paths()]
    visitor, anna, mona = (sign_in(name) for name in (None, "Anna", "Mona"))
    visitor.post(f"{links[0]}/confirm")
    visitor.post(f"{links[1]}/edit")
    visitor.post(f"{links[2]}/ended")
    own = f"/{language}/my-practices"
    pages = [
        *((visitor, link) for link in links),
        *((visitor, f"{links[3]}/ended"), (visitor, f"/{language}/still-true/a-guess")),
        *((anna, own), (anna, f"{own}/{practices[1].id}"), (anna, f"{own}/{practices[3].id}")),
        (anna, f"{own}/{practices[3].id}/still-true/ended"),
        (mona, f"/{language}/review/to-confirm"),
    ]
    found = {
        path: problems
        for client, path in pages
        if (problems := list(faults(path, client.get(path).text)))
    }
    assert found == {}
