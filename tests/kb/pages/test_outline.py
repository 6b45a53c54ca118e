"""The dots on the map of Greece."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path

from sqlite_utils import Database

from kb.assets import FOLDER
from kb.municipalities import store as municipalities
from kb.pages.outline import APART, HEIGHT, SCALE, WIDTH, dots


def test_every_member_has_a_dot_that_can_be_hit(db: Database) -> None:
    members = [each for each in municipalities.list_municipalities(db) if each.is_member]
    placed = dots(members)
    assert len(placed) == len(members)
    assert all(0 < dot.x < WIDTH and 0 < dot.y < HEIGHT for dot in placed)
    for a, b in combinations(placed, 2):
        assert math.hypot(a.x - b.x, a.y - b.y) > APART - 1, (a, b)


def test_no_dot_strays_far_from_its_city(db: Database) -> None:
    for together in dots(municipalities.list_municipalities(db)):
        (alone,) = dots([together.municipality])
        moved = math.hypot(together.x - alone.x, together.y - alone.y)
        assert moved < SCALE / 2, f"{together.municipality.code} stands {moved:.0f} px away"


def test_the_outline_has_the_size_that_the_dots_count_on() -> None:
    drawing = Path(FOLDER / "map/greece.svg").read_text("utf-8")
    assert f'width="{WIDTH}" height="{HEIGHT}"' in drawing
