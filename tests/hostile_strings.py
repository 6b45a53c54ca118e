"""The strings of tests/hostile, for whatever takes text."""

from __future__ import annotations

import json
from pathlib import Path

HOSTILE = Path(__file__).with_name("hostile")


def naughty() -> list[str]:
    """Strings that break careless programs."""
    return [str(each) for each in json.loads((HOSTILE / "blns.json").read_text("utf-8"))]


def scripts() -> list[str]:
    """Strings that try to run as script in a page."""
    file = HOSTILE / "xss_payloads_brs_kb.json"
    return [str(each) for each in json.loads(file.read_text("utf-8"))]
