"""The process that reads a file nobody has looked at yet: ``python -m inspector FILE KIND INTO``.

It limits itself before it opens the file, and prints a finding, or a reason, as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import zlib
from dataclasses import asdict, replace
from pathlib import Path

from inspector import limits
from inspector.findings import Finding, Refused
from inspector.kinds import BY_CODE, OLE, ZIP, Kind, image_by_content, is_heic


def limit() -> None:
    """Give up what a file could misuse: memory, time, handles, room on the disk, core dumps."""
    for what, value in (
        (resource.RLIMIT_AS, limits.MEMORY),
        (resource.RLIMIT_CPU, limits.CPU_SECONDS),
        (resource.RLIMIT_NOFILE, limits.OPEN_FILES),
        (resource.RLIMIT_FSIZE, limits.OUTPUT),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (lowest, lowest))


def inspect(source: Path, promised: str, into: Path) -> Finding:
    """What the file is, by its content, where its name promised that kind. Raises Refused."""
    try:
        finding = _look(source, promised, into)
    except (MemoryError, RecursionError) as error:
        raise Refused("too-heavy") from error
    except (OSError, ValueError, SyntaxError, zlib.error) as error:
        raise Refused("unreadable") from error
    return replace(finding, text=finding.text[: limits.TEXT])


def _look(source: Path, promised: str, into: Path) -> Finding:
    with source.open("rb") as file:
        head = file.read(1024)
    if not head:
        raise Refused("empty")
    expected = BY_CODE.get(promised)
    if expected is None:
        raise Refused("heic" if is_heic(head) else "old-office" if head.startswith(OLE) else "kind")
    # What a camera or a programme calls a photo is often wrong, and does not matter: it is
    # written anew as what it is.
    if expected.family == "image" and (found := image_by_content(head)):
        from inspector import images

        return images.write_anew(source, into, found)
    finding = _document(source, head, expected)
    if into == source:  # only to be read
        return finding
    from inspector import properties

    return replace(finding, people=properties.without_people(source, expected.family, into))


def _document(source: Path, head: bytes, expected: Kind) -> Finding:
    if expected.family == "pdf" and head.startswith(b"%PDF-"):
        from inspector import pdf

        return pdf.inspect(source)
    if expected.family in ("ooxml", "odf") and head.startswith(ZIP):
        from inspector import office

        return office.inspect_file(source, expected)
    if head.startswith(OLE):
        raise Refused("old-office")
    raise Refused("heic" if is_heic(head) else "mislabelled")


def _answer(source: Path, promised: str, into: Path) -> dict[str, object]:
    try:
        return {**asdict(inspect(source, promised, into)), "peak": peak()}
    except Refused as refused:
        return {"reason": refused.reason}


def peak() -> int:
    """The most memory this process has held, in KB; getrusage would count its parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(found[0]) if found else 0


if __name__ == "__main__":
    limit()
    print(json.dumps(_answer(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))))
