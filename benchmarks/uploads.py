"""Uploads: what ten megabytes cost in memory and time, in the worker and beside it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Self

from PIL import Image
from pypdf import PdfWriter

from benchmarks.server import Browser, fill, serve
from benchmarks.web import Row, rebuild, timed

PRACTICES = 20
SIZE = 10_000_000
CARD = {"title_en": "A practice with files", "then": "save"}
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def photo(width: int, height: int) -> bytes:
    """A picture with as much in it as a good camera finds."""
    noise = Image.frombytes("RGB", (width * 2 // 3, height * 2 // 3), random.Random(7).randbytes(
        (width * 2 // 3) * (height * 2 // 3) * 3))  # fmt: skip
    out = BytesIO()
    noise.resize((width, height), Image.Resampling.BICUBIC).save(out, "JPEG", quality=82)
    return out.getvalue()


def paper() -> bytes:
    """A PDF of many pages, each a scan."""
    pages = [Image.open(BytesIO(photo(1240, 1754))) for _ in range(3)]
    out = BytesIO()
    number = SIZE // len(photo(1240, 1754)) + 1
    first, *rest = (pages * number)[:number]
    first.save(out, "PDF", save_all=True, append_images=rest, quality=82)
    writer = PdfWriter(out)
    again = BytesIO()
    writer.write(again)
    return again.getvalue()


def document() -> bytes:
    """A Word document with a long text and many pictures."""
    text = "<w:p><w:r><w:t>Συνάντηση με τους γονείς κάθε Πέμπτη.</w:t></w:r></w:p>" * 5000
    picture = photo(1600, 1200)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{TYPES}"><Override PartName="/word/document.xml"'
            f' ContentType="{MAIN}"/></Types>',
        )
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{WORD}"><w:body>{text}</w:body></w:document>',
        )
        for number in range(SIZE // len(picture) + 1):
            archive.writestr(f"word/media/image{number}.jpeg", picture)
    return out.getvalue()


class Watch:
    """The most memory that a worker and its children take while something is done, in MB.

    Of a child, what it holds beyond ``idle``: an interpreter that has done nothing yet.
    """

    def __init__(self, worker: int, idle: float) -> None:
        self.worker, self.idle = worker, idle
        self.before = resident(worker)
        self.most = self.child = self.both = 0.0
        self._on = True
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._on = False
        self._thread.join()

    def _look(self) -> None:
        while self._on:
            own = resident(self.worker) - self.before
            child = sum(max(0.0, resident(pid) - self.idle) for pid in children(self.worker))
            self.most, self.child = max(self.most, own), max(self.child, child)
            self.both = max(self.both, own + child)
            time.sleep(0.003)


def resident(pid: int) -> float:
    """What a process holds in memory of its own and shared; nothing once it has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024 / 1024


def children(pid: int) -> Iterator[int]:
    """The inspections that any thread of this process started."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            found = [int(each) for each in (task / "children").read_text().split()]
            # A process that has just begun is its parent still, with all of its memory.
            yield from (each for each in found if _is_inspector(each))
        except OSError:
            continue


def _is_inspector(pid: int) -> bool:
    return b"inspector" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")


@contextmanager
def interpreter() -> Iterator[float]:
    """What an idle Python of the same kind holds, to see what the file itself takes."""
    program = "import inspector.images, time; time.sleep(9)"
    with subprocess.Popen([sys.executable, "-c", program]) as process:
        time.sleep(1)
        yield resident(process.pid)
        process.kill()


def send(anna: Browser, address: str, name: str, content: bytes) -> None:
    """Post one file as the page's form does."""
    token = anna.get(address).hidden()["csrf_token"]
    parts = [
        b'--limit\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n',
        token.encode(),
        f'\r\n--limit\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n".encode(),
        content,
        b"\r\n--limit--\r\n",
    ]
    kind = {"Content-Type": "multipart/form-data; boundary=limit", "Accept": "application/json"}
    answer = anna.ask("POST", address, b"".join(parts), kind)
    assert answer.status == 200, (answer.status, answer.text[:500])
    assert '"refused":[]' in answer.text.replace(" ", ""), answer.text[:500]


def run() -> list[Row]:
    """All measurements; rows of what, measured, aim."""
    files = {"photo.jpg": photo(5000, 3500), "scans.pdf": paper(), "report.docx": document()}
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder, interpreter() as idle:
        instance = Path(folder)
        people = fill(instance, PRACTICES)
        rebuild(instance)
        with serve(instance) as (port, worker):
            anna = Browser(port, people["Anna"])
            new = anna.get("/en/my-practices/new")
            saved = anna.post("/en/my-practices", new.hidden() | CARD)
            address = saved.location.replace("/edit", "/files")
            send(anna, address, "small.jpg", photo(300, 200))
            for name, content in files.items():
                with Watch(worker, idle) as watch:
                    taken = timed(lambda n=name, c=content: send(anna, address, n, c))
                megabytes = f"{name}, {len(content) / 1e6:.1f} MB"
                rows += [
                    (
                        f"{megabytes}: memory that it takes in all",
                        f"{watch.both:.0f} MB",
                        "≤ 50 MB",
                    ),
                    (
                        f"{megabytes}: of it in the worker, in the other process",
                        f"{watch.most:.0f} MB, {watch.child:.0f} MB",
                        "",
                    ),
                    (f"{megabytes}: answered", f"{taken / 1000:.2f} s", "≤ 3 s"),
                ]
    return rows
