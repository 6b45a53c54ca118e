"""A table as a file that opens right in a Greek spreadsheet, and never runs there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable

# A spreadsheet runs a cell that begins so as a formula.
FORMULA = re.compile(r"\s*[=+\-@|%\t\r＝＋－＠｜％]")


def as_csv(header: Iterable[str], rows: Iterable[Iterable[str | None]]) -> str:
    """The table for Excel in Greek: a mark that says UTF-8, semicolons, no cell that runs."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(str(cell)) for cell in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + text.getvalue()


def harmless(cell: str | None) -> str:
    """A cell that a spreadsheet takes for text, whatever it begins with."""
    text = cell or ""
    return f"'{text}" if FORMULA.match(text) else text
