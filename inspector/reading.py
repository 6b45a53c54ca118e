"""The process that reads what an office file says: ``python -m inspector.reading FILE KIND``.

Like any upload the file is looked through first, within the same limits.
"""

from __future__ import annotations

import json
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from inspector import archive, sheet, word
from inspector.__main__ import inspect, limit, peak
from inspector.findings import Refused

Reader = Callable[[zipfile.ZipFile], word.Document | sheet.Sheet]
READERS: Mapping[str, Reader] = {"docx": word.read, "xlsx": sheet.read}


def contents(source: Path, kind: str) -> Mapping[str, Any]:
    """What stands in the file, as plain values (see word.Document, sheet.Sheet). Raises Refused.

    ``peak`` besides: the kilobytes of memory that the reading took.
    """
    inspect(source, kind, source)
    with source.open("rb") as file, archive.opened(file) as opened:
        return {**asdict(READERS[kind](opened)), "peak": peak()}


def _answer(source: Path, kind: str) -> Mapping[str, Any]:
    try:
        return contents(source, kind)
    except Refused as refused:
        return {"reason": refused.reason}
    except (MemoryError, RecursionError):
        return {"reason": "too-heavy"}
    except (OSError, ValueError, zipfile.BadZipFile, SyntaxError, KeyError):
        return {"reason": "unreadable"}


if __name__ == "__main__":
    limit()
    print(json.dumps(_answer(Path(sys.argv[1]), sys.argv[2])))
