"""What the papers tell people to type exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click import Group
from flask import Flask
from flask.cli import ScriptInfo

ROOT = Path(__file__).parent.parent
PAPERS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "instance/README.md")]
PAPERS += sorted((ROOT / "docs").glob("*.md"))


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_every_command_exists(app: Flask, paper: Path) -> None:
    info = ScriptInfo(create_app=lambda: app)
    for line in re.findall(r"flask ([a-z][a-z \-]+)", paper.read_text(encoding="utf-8")):
        command: object = app.cli
        for word in line.split():
            if not isinstance(command, Group) or word.startswith("-"):
                break
            context = command.make_context("flask", [], resilient_parsing=True, obj=info)
            command = command.get_command(context, word)
            assert command is not None, f"flask {line}"


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_every_target_of_make_exists(paper: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"[`\n] *make ([a-z]+)", paper.read_text(encoding="utf-8"))) <= targets


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)
def test_every_file_that_is_pointed_to_exists(paper: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", paper.read_text(encoding="utf-8")):
        assert (paper.parent / target).exists(), target
