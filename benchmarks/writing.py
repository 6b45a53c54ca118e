"""Writing: how soon a page that saves itself is answered while twenty people write at once."""

from __future__ import annotations

import json
import random
import re
import statistics
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.server import Browser, fill, serve

PEOPLE = 20
SECONDS = 30
PAUSE = 2  # seconds from a change to its being saved, as kb/static/js/writing/autosave.js has it
PAGE = "/en/my-practices/{number}/write/what"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}

Row = tuple[str, str, str]


class Writer:
    """Somebody who writes one section, a few words every few seconds."""

    def __init__(self, port: int, session: str, name: int) -> None:
        self.browser = Browser(port, session)
        form = self.browser.get("/en/my-practices/new").hidden()
        saved = self.browser.post("/en/my-practices", form | {"title_en": f"Practice {name}"})
        self.page = PAGE.format(number=re.findall(r"\d+", saved.location)[0])
        self.form = self.browser.get(self.page).hidden()
        self.text = "λέξη " * 100
        self.times: list[float] = []

    def write(self, until: float) -> None:
        """Type and let it be saved, until then."""
        time.sleep(random.random() * PAUSE)
        while time.monotonic() < until:
            self.text += "και "
            texts = dict.fromkeys(("challenge_el", "goals_el", "how_it_works_el"), self.text)
            body = urlencode(self.form | texts)
            start = time.perf_counter()
            answer = self.browser.ask("POST", f"{self.page}/autosave", body, FORM)
            self.times.append((time.perf_counter() - start) * 1000)
            assert answer.status == 200, answer.text
            self.form["opened"] = json.dumps(json.loads(answer.text)["opened"])
            time.sleep(PAUSE)


def run() -> list[Row]:
    """All measurements; rows of what, measured, aim."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        session = fill(instance, 100)["Anna"]
        with serve(instance) as (port, _worker):
            writers = [Writer(port, session, number) for number in range(PEOPLE)]
            until = time.monotonic() + SECONDS
            threads = [threading.Thread(target=each.write, args=(until,)) for each in writers]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    times = [each for writer in writers for each in writer.times]
    slowest = statistics.quantiles(times, n=20)[-1]
    what = f"autosave with {PEOPLE} people writing, p95 of {len(times)}"
    return [(what, f"{slowest:.0f} ms", "≤ 50 ms")]
