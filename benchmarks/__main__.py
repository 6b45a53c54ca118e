"""Runs every benchmark, or those named, and prints a table: ``python -m benchmarks web``."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from importlib import import_module
from pathlib import Path

ALL = ("web", "search", "writing", "review", "uploads", "imports")


def machine() -> str:
    """What the figures were measured on, in one line."""
    cpu = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line]
    model = cpu[0].partition(":")[2].strip() if cpu else platform.processor()
    return (
        f"{os.cpu_count()} cores ({model}), Python {platform.python_version()},"
        f" SQLite {sqlite3.sqlite_version}, {platform.freedesktop_os_release()['PRETTY_NAME']}"
    )


def main() -> None:
    """Print one table a benchmark, in Markdown."""
    print(f"Measured on {machine()}\n")
    for name in sys.argv[1:] or ALL:
        module = import_module(f"benchmarks.{name}")
        print(f"### {module.__doc__.strip()}\n\n| what | measured | aim |\n| --- | --- | --- |")
        for row in module.run():
            print(f"| {' | '.join(row)} |", flush=True)
        print()


main()
