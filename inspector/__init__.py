"""What an uploaded file really is, read within limits in a process of its own.

``inspect`` and ``read`` are the doors. The package knows neither Flask nor ``kb``.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

from inspector.findings import Finding, Reason, Refused
from inspector.kinds import BY_MEDIA_TYPE, KINDS, Kind, by_name
from inspector.limits import AT_ONCE, OUTPUT, SECONDS

__all__ = [
    "BY_MEDIA_TYPE",
    "KINDS",
    "Finding",
    "Kind",
    "Reason",
    "Refused",
    "by_name",
    "inspect",
    "read",
]

ROOT = Path(__file__).parent.parent
log = logging.getLogger("inspector")
_places = BoundedSemaphore(AT_ONCE)


def inspect(path: Path, name: str, into: Path) -> Finding:
    """What the file at ``path``, which came as ``name``, really is. Raises Refused.

    An image is written anew to ``into``, and so is a document that named its people unseen.
    Takes at most limits.SECONDS and limits.MEMORY, whatever the file holds.
    """
    kind = by_name(name)
    return Finding(**_ask("inspector", str(path), kind.code if kind else "", str(into)))


def read(path: Path, kind: str) -> dict[str, Any]:
    """What stands in the file at ``path``, which should be a "docx" or an "xlsx".

    The plain values of word.Document or sheet.Sheet. Raises Refused, within the same limits.
    """
    return _ask("inspector.reading", str(path), kind)


def _ask(*command: str) -> dict[str, Any]:
    with _places, tempfile.TemporaryFile() as answer:
        try:
            subprocess.run(  # noqa: S603 – this program, and nothing that a person typed
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                check=True,
            )
        except subprocess.TimeoutExpired as error:
            raise Refused("too-heavy") from error
        except subprocess.CalledProcessError as error:
            # Ended by a limit, or by an error that none of the readers expected.
            log.warning("an inspection ended with %d", error.returncode)
            raise Refused("too-heavy" if error.returncode < 0 else "unreadable") from error
        return _answer_in(answer)


def _answer_in(file: IO[bytes]) -> dict[str, Any]:
    file.seek(0)
    said: dict[str, Any] = json.loads(file.read(OUTPUT))
    if "reason" in said:
        raise Refused(said["reason"])
    return said
