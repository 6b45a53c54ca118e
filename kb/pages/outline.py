"""Where the municipalities stand on the outline of Greece that frontend/outline.py drew."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kb.municipalities.model import Municipality

# The window and scale of kb/static/map/greece.svg: equirectangular, true at 38.3° N.
WEST, EAST, NORTH = 19.3, 28.4, 41.85
WIDTH, HEIGHT = 480, 481
ACROSS = math.cos(math.radians(38.3))
SCALE = WIDTH / ((EAST - WEST) * ACROSS)

# Two dots may not be nearer than this, so that each can be hit (WCAG 2.5.8: 24 px).
APART = 25.0
ROUNDS = 60


@dataclass
class Dot:
    """One municipality on the map, in pixels from the upper left corner."""

    municipality: Municipality
    x: float
    y: float


def dots(municipalities: Sequence[Municipality]) -> list[Dot]:
    """A dot for each municipality that has a position; crowded ones are moved apart."""
    placed = [
        Dot(each, (each.lon - WEST) * ACROSS * SCALE, (NORTH - each.lat) * SCALE)
        for each in municipalities
        if each.lat is not None and each.lon is not None
    ]
    for _ in range(ROUNDS):
        moved = [_part(a, b) for i, a in enumerate(placed) for b in placed[i + 1 :]]
        if not any(moved):
            break
    return [Dot(dot.municipality, round(dot.x, 1), round(dot.y, 1)) for dot in placed]


def _part(a: Dot, b: Dot) -> bool:
    """Move two dots away from each other, each by half of what is missing."""
    distance = math.hypot(b.x - a.x, b.y - a.y)
    if distance >= APART:
        return False
    angle = math.atan2(b.y - a.y, b.x - a.x)
    step = (APART - distance) / 2 + 0.1
    a.x, a.y = a.x - step * math.cos(angle), a.y - step * math.sin(angle)
    b.x, b.y = b.x + step * math.cos(angle), b.y + step * math.sin(angle)
    return True
