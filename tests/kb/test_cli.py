"""The commands as a whole: where there is no library to work with, each says so in a sentence."""

from __future__ import annotations

from pathlib import Path

import click
import pytest
from flask import Flask
from sqlite_utils import Database

from kb import cli, create_app

ADDRESS = "ada@example.gr"
# What each command needs to be told; the others need nothing.
WORDS = {
    "files check": ("--quick",),
    "index run": ("file.txt",),
    "index search": ("rent",),
    "kb backup": ("archive.tar.gz",),
    "members create-administrator": (ADDRESS, "--name", "Ada"),
    "members deactivate": (ADDRESS,),
    "members erase": (ADDRESS, "--yes"),
    "members invite": (ADDRESS, "--name", "Ada", "--role", "moderator"),
    "members link": (ADDRESS,),
    "members reactivate": (ADDRESS,),
    "practices export": ("file.txt",),
    "practices import": ("file.txt",),
    "worker": ("--once",),
}
# These make a library, or look at an archive only.
WITHOUT = {"kb init", "kb restore", "kb verify"}


def commands(group: click.Group, before: str = "") -> list[str]:
    """Every command that is ours, by its whole name."""
    found = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += commands(command, f"{before}{name} ")
        else:
            found.append(before + name)
    return found


def outcome(app: Flask, name: str) -> tuple[int, str]:
    with app.app_context():
        result = app.test_cli_runner().invoke(args=[*name.split(), *WORDS.get(name, ())])
    assert result.exception is None or isinstance(result.exception, SystemExit), name
    return result.exit_code, result.output


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder to work in, with the file that some commands read."""
    monkeypatch.chdir(tmp_path)
    Path("file.txt").write_text("")


@pytest.mark.usefixtures("here")
def test_every_command_without_a_library_says_what_to_run(tmp_path: Path) -> None:
    app = create_app({"INSTANCE": tmp_path / "nowhere", "SECRET_KEY": "s" * 40})
    for name in set(commands(app.cli)) - WITHOUT:
        code, said = outcome(app, name)
        assert (code, said.count("\n")) == (1, 1), (name, said)
        assert "Run: flask kb init" in said, (name, said)
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.usefixtures("here")
def test_every_command_with_an_older_library_says_what_to_run(app: Flask, db: Database) -> None:
    db.execute("DELETE FROM _sqlite_migrations WHERE id = (SELECT max(id) FROM _sqlite_migrations)")
    for name in set(commands(app.cli)) - WITHOUT - {"kb migrate", "kb backup"}:
        code, said = outcome(app, name)
        assert code == 1, (name, said)
        assert "Run: flask kb migrate" in said, (name, said)


def test_library_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    app = create_app({"INSTANCE": tmp_path / "later", "SECRET_KEY": "s" * 40})
    app.config["INSTANCE"] = tmp_path / "file" / "instance"
    result = app.test_cli_runner().invoke(cli.group, ["init"])
    assert result.exit_code == 1
    assert "Choose another folder: KB_INSTANCE=PATH" in result.output
