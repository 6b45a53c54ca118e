"""What an uploaded file really is, read within limits in a process of its own.

``inspect`` is the door. The package knows neither Flask nor ``kb``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO

from inspector.findings import Finding, Reason, Refused
from inspector.kinds import BY_MEDIA_TYPE, KINDS, Kind, by_name
from inspector.limits import AT_ONCE, OUTPUT, SECONDS

__all__ = ["BY_MEDIA_TYPE", "KINDS", "Finding", "Kind", "Reason", "Refused", "by_name", "inspect"]

ROOT = Path(__file__).parent.parent
_places = BoundedSemaphore(AT_ONCE)


def inspect(path: Path, name: str, into: Path) -> Finding:
    """What the file at ``path``, which came as ``name``, really is. Raises Refused.

    An image is written anew to ``into``; of other files nothing is written. Takes at most
    limits.SECONDS and limits.MEMORY, whatever the file holds.
    """
    with _places, tempfile.TemporaryFile() as answer:
        kind = by_name(name)
        promised = kind.code if kind else ""
        command = [sys.executable, "-m", "inspector", str(path), promised, str(into)]
        try:
            subprocess.run(  # noqa: S603 – this program, and nothing that a person typed
                command,
                cwd=ROOT,
                env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                check=True,
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            raise Refused("too-heavy") from error
        return _read(answer)


def _read(answer: IO[bytes]) -> Finding:
    answer.seek(0)
    said = json.loads(answer.read(OUTPUT))
    if "reason" in said:
        raise Refused(said["reason"])
    return Finding(**said)
