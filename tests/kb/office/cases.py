"""A practice with something of every kind in it."""

from __future__ import annotations

from typing import Any

from tests.kb.practices.cases import CARD

FULL: dict[str, Any] = {
    **CARD,
    "other_municipalities": ["tilos", "chania"],
    "regular_service": True,
    "challenge": {
        "el": "Τα σχολεία ζητούσαν *διερμηνείς*.\n\n- ένα\n- δύο",
        "en": "> A quote\n\nand more",
    },
    "goals": {"en": "1. one\n2. two\n    - **inside**\n\n[a *link*](https://example.gr/a_b?c=(1))"},
    "indicators": [
        {"name": {"el": "Κλήσεις"}, "value": 1234.5, "unit": {"en": "calls"}, "period": "2019"},
        {"name": {"el": "Α | Β"}, "value": -3, "unit": {"el": "άτομα"}},
    ],
    "preconditions": ["funding", "dedicated-staff"],
    "cost_band": "zero",
    "partners": [{"name": {"en": "A (x)"}, "type": "ngo"}],
    "links": [{"title": "Οδηγός", "url": "https://example.gr/a_b?c=1"}],
    "origin_language": "el",
}
