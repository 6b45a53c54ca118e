"""Any number of practices of real text: the demo library, then public services of Europe."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DEMO = HERE.parent / "kb" / "practices" / "demo" / "practices.jsonl"
SERVICES = HERE / "data" / "ips_practices.jsonl"

MUNICIPALITIES = ["athens", "thessaloniki", "piraeus", "heraklion", "larissa", "tilos"]
AREAS = ["housing", "employment", "language", "health", "education", "social-services", "digital"]
GROUPS = ["women", "children", "jobseekers", "families", "youth", "workers"]
TYPES = ["service", "programme", "tool", "training", "procedure"]
STAGES = {"Implemented": "running", "Pilot": "pilot", "Planned": "idea"}
TITLE, SUMMARY, WORDS = 100, 280, 240


def practices(number: int) -> Iterator[dict[str, Any]]:
    """``number`` practices in the form that ``flask practices import`` reads.

    Where the real ones end they come round again with other titles, years and codes.
    """
    return islice(_endless(), number)


def _endless() -> Iterator[dict[str, Any]]:
    demo, services = _read(DEMO), _read(SERVICES)
    yield from demo
    for turn in count():
        for number, service in enumerate(services):
            yield _converted(service, number + turn * len(services), turn)
        for number, record in enumerate(demo):
            yield _varied(record, number, turn + 2)


def _read(file: Path) -> list[dict[str, Any]]:
    # Not splitlines(): some texts hold separators that it takes for the end of a line.
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]


def _converted(service: dict[str, Any], number: int, turn: int) -> dict[str, Any]:
    again = f" ({turn + 1})" if turn else ""
    return {
        "slug": f"{service['id']}-{turn}",
        "municipality": MUNICIPALITIES[number % len(MUNICIPALITIES)],
        "title": {"en": _clean(service["title"])[: TITLE - len(again)].strip() + again},
        "summary": {"en": _clean(service["summary"])[:SUMMARY].strip()},
        "areas": [AREAS[number % 7], AREAS[(number + 1 + number // 7 % 6) % 7]],
        "target_groups": [GROUPS[number % 6]],
        "practice_type": TYPES[number % 5],
        "stage": STAGES.get(service["status"], "running"),
        "start": str(min(max(service["year"] or 2018, 1990) + turn % 3, 2025)),
        "how_it_works": {"en": " ".join(_clean(service["body"]).split()[:WORDS])},
        "origin_language": "en",
    }


def _clean(text: str) -> str:
    """Without the control characters and line breaks that the forms refuse, too."""
    return "".join(character if character.isprintable() else " " for character in text)


def _varied(record: dict[str, Any], number: int, turn: int) -> dict[str, Any]:
    title = {lang: f"{text[:TITLE]} ({turn})" for lang, text in record["title"].items()}
    return record | {
        "slug": f"{record['slug'][:90]}-{turn}",
        "municipality": MUNICIPALITIES[(number + turn) % len(MUNICIPALITIES)],
        "other_municipalities": [],
        "title": title,
    }
