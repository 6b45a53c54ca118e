"""The pages: how long they take, how soon a change is found, what a worker and a visit weigh."""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from benchmarks.server import ROOT, Browser, fill, memory, serve

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
PRACTICES = 1000
ROUNDS = 200
DECISIONS = 10
WORDS = ["στέγαση", "προσφυγες", "ΚΕΝΤΡΟ ΕΝΤΑΞΗΣ", "housing", "digital services", "children school"]
FILTERS = [
    "",
    "&area=housing",
    "&municipality=athens&municipality=larissa",
    "&stage=running&page=2",
]

Row = tuple[str, str, str]


@dataclass
class Practice:
    """What the run writes: one card with a word of its own."""

    word: str
    number: str = ""

    def fields(self) -> dict[str, str | list[str]]:
        """The card as its form sends it."""
        return {
            "title_en": f"A shared kitchen called {self.word}",
            "summary_en": f"Neighbours and newcomers cook together once a week at {self.word}.",
            "how_it_works_en": "Two members of staff open the kitchen every Thursday. " * 5,
            "municipality": "athens",
            "areas_main": "reception",
            "target_groups": ["families"],
            "practice_type": "service",
            "stage": "running",
            "start": "2024",
            "contact_service_en": "Social Service",
            "contact_mailbox": "social@example.gr",
            "contact_visibility": "public",
            "then": "submit",
        }


def timed(action: Callable[[], object]) -> float:
    """How many milliseconds the action takes."""
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1000


def p95(times: list[float]) -> float:
    """The time that 95 of 100 keep."""
    return statistics.quantiles(times, n=20)[-1]


def pages(port: int) -> list[Row]:
    """The three pages that readers open most, each as different as people ask for it."""
    browser = Browser(port)
    found = re.findall(r'href="(/en/practices/[a-z0-9-]+)"', browser.get("/en/practices").text)
    addresses = {
        "home page": ["/el/", "/en/"],
        "search page": [f"/el/practices?q={quote(w)}{f}" for w in WORDS for f in FILTERS],
        "practice page": [
            path.replace("/en/", f"/{lang}/") for path in found for lang in ("el", "en")
        ],
    }
    rows = []
    for name, paths in addresses.items():
        for path in paths:
            assert browser.get(path).status == 200, path
        times = [
            timed(lambda p=path: browser.get(p)) for path in paths * (ROUNDS // len(paths) + 1)
        ]
        rows.append((f"{name}, p95 of {len(times)}", f"{p95(times):.1f} ms", "≤ 40 ms"))
    return rows


def changes(port: int, people: dict[str, str]) -> list[Row]:
    """Submissions and decisions: how soon answered, and how soon found by a reader."""
    submitting, deciding, visible = [], [], []
    for number in range(DECISIONS):
        practice = Practice(word=f"koukou{number}vagia")
        submitting.append(submit(Browser(port, people["Anna"]), practice))
        deciding.append(publish(Browser(port, people["Mona"]), practice))
        start = time.perf_counter()
        while practice.word not in Browser(port).get(f"/api/v1/search?q={practice.word}").text:
            time.sleep(0.005)
        visible.append((time.perf_counter() - start) * 1000 + deciding[-1])
    return [
        (f"submission answered, longest of {DECISIONS}", f"{max(submitting):.0f} ms", "≤ 100 ms"),
        (f"decision answered, longest of {DECISIONS}", f"{max(deciding):.0f} ms", "≤ 100 ms"),
        (f"published to found, longest of {DECISIONS}", f"{max(visible):.0f} ms", "≤ 1 s"),
    ]


def submit(anna: Browser, practice: Practice) -> float:
    """Write the card, confirm, submit; times the submission."""
    form = anna.get("/en/my-practices/new")
    saved = anna.post("/en/my-practices", form.hidden() | practice.fields())
    assert saved.status == 303, saved.text
    practice.number = re.findall(r"\d+", saved.location)[0]
    check = anna.get(saved.location)
    given = {"no_personal_data": "yes", "photo_consent": "yes", "no_shelter_location": "yes"}
    answers = []
    taken = timed(lambda: answers.append(anna.post(saved.location, check.hidden() | given)))
    assert answers[0].status == 303, answers[0].text
    return taken


def publish(mona: Browser, practice: Practice) -> float:
    """Open the review and publish; times the decision."""
    address = f"/en/review/{practice.number}"
    review = mona.get(address)
    assert review.status == 200, review.text
    answers = []
    taken = timed(lambda: answers.append(mona.post(f"{address}/publish", review.hidden())))
    assert answers[0].status == 303, answers[0].text
    return taken


def first_visit(port: int) -> list[Row]:
    """What a browser with an empty cache loads for the home page, in bytes on the wire."""
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not chromium:
        return [("first visit", "not measured: Chromium is missing", "≤ 100 KB")]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context()
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        sizes: list[float] = []
        wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        page.goto(f"http://127.0.0.1:{port}/el/", wait_until="networkidle")
        browser.close()
    total = sum(sizes) / 1000
    return [(f"first visit of the home page, {len(sizes)} requests", f"{total:.0f} KB", "≤ 100 KB")]


def rebuild(instance: Path) -> list[Row]:
    """The whole index from nothing, with the start of the command."""
    command = [sys.executable, "-m", "flask", "index", "rebuild"]
    environment = {"KB_INSTANCE": str(instance), "PATH": "/usr/bin:/bin"}
    taken = timed(
        lambda: subprocess.run(
            command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL
        )
    )
    return [
        (f"full rebuild of the indexes, {PRACTICES} practices", f"{taken / 1000:.1f} s", "≤ 8 s")
    ]


def run() -> list[Row]:
    """All measurements; rows of what, measured, aim."""
    with tempfile.TemporaryDirectory() as folder:
        instance = Path(folder)
        people = fill(instance, PRACTICES)
        rows = rebuild(instance)
        with serve(instance) as (port, worker):
            rows = pages(port) + changes(port, people) + rows
            rows.append(("memory of a worker", f"{memory(worker):.0f} MB", "≤ 200 MB"))
            rows += first_visit(port)
    return rows
