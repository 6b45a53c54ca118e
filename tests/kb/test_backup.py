"""Backups: complete, private, refused where they are not whole, and the same when put back."""

import json
import os
import resource
import tarfile
from hashlib import sha256

import pytest

from kb import backup, config, create_app
from kb.backup import BadBackup
from kb.db import FILENAME, transaction
from kb.practices import records
from tests.test_every_page import DEMO

CONTENT = b"minutes of a meeting"
NAME = sha256(CONTENT).hexdigest()


@pytest.fixture
def library(db, instance):
    """An installation with practices, a file and a secret key."""
    records.import_lines(db, DEMO.read_bytes().split(b"\n")[:3], publish=True)
    config.create_secret_key(instance)
    place = instance / "files" / NAME[:2] / NAME[2:4]
    place.mkdir(parents=True)
    (place / NAME).write_bytes(CONTENT)
    with transaction(db):
        db.execute("INSERT INTO file VALUES (?, 'text/plain', 20, '2026-01-01T00:00:00Z')", (NAME,))
    return instance


@pytest.fixture
def archive(db, library, tmp_path):
    path = tmp_path / "backup.tar.gz"
    backup.write(db, library, path)
    return path


def test_backup_that_does_not_fit_leaves_nothing(db, library, tmp_path):
    (tmp_path / "backups").mkdir()
    size = (library / FILENAME).stat().st_size
    (library / "files" / NAME[:2] / NAME[2:4] / NAME).write_bytes(os.urandom(2 * size))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + size // 2, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            backup.write(db, library, tmp_path / "backups" / "full.tar.gz")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert list((tmp_path / "backups").iterdir()) == []


def rewritten(archive, change):
    """The archive with its members changed: name → content, or None to leave one out."""
    target = archive.with_name("changed.tar.gz")
    with tarfile.open(archive) as source, tarfile.open(target, "w:gz") as changed:
        for member in source:
            content = change(member.name, source.extractfile(member).read())
            if content is not None:
                path = archive.with_name("member")
                path.write_bytes(content)
                changed.add(path, member.name)
    return target


def test_backup_is_whole_and_for_its_owner_only(archive):
    assert backup.verify(archive) == {"practices": 3, "files": 1}
    assert archive.stat().st_mode & 0o077 == 0
    assert not list(archive.parent.glob("*.part"))


def test_restored_library_is_the_same(archive, db, library, tmp_path):
    target = tmp_path / "restored"
    assert backup.restore(archive, target) == {"practices": 3, "files": 1}
    assert (target / "files" / NAME[:2] / NAME[2:4] / NAME).read_bytes() == CONTENT
    assert config.read_secret_key(target) == config.read_secret_key(library)
    slugs = [row["slug"] for row in db.execute("SELECT slug FROM practice")]
    client = create_app({"INSTANCE": target, "TESTING": True}).test_client()
    assert all(client.get(f"/el/practices/{slug}").status_code == 200 for slug in slugs)


def test_what_is_there_is_not_overwritten(archive, library, tmp_path):
    with pytest.raises(BadBackup, match="already"):
        backup.restore(archive, library)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / config.SECRET_FILE).write_text("a key")
    with pytest.raises(BadBackup, match="already"):
        backup.restore(archive, tmp_path / "other")
    assert not (tmp_path / "other" / FILENAME).exists()


def test_archive_that_was_cut_short_is_refused(archive, tmp_path):
    whole = archive.read_bytes()
    for length in (0, 100, len(whole) // 2, len(whole) * 9 // 10):
        archive.write_bytes(whole[:length])
        with pytest.raises(BadBackup):
            backup.restore(archive, tmp_path / "restored")
        assert not (tmp_path / "restored" / FILENAME).exists()


@pytest.mark.parametrize("damaged", [FILENAME, "secret_key", "files/"])
def test_changed_content_is_refused(archive, damaged):
    def change(name, content):
        return content + b"x" if name.startswith(damaged) else content

    with pytest.raises(BadBackup):
        backup.verify(rewritten(archive, change))


def test_missing_file_is_noticed_though_the_list_agrees(archive):
    def change(name, content):
        if name.startswith("files/"):
            return None
        if name == backup.MANIFEST:
            said = json.loads(content)
            said["sha256"] = {k: v for k, v in said["sha256"].items() if k[:6] != "files/"}
            return json.dumps(said).encode()
        return content

    with pytest.raises(BadBackup, match="lacks the file"):
        backup.verify(rewritten(archive, change))


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "files/../../outside"])
def test_archive_cannot_write_elsewhere(archive, tmp_path, name):
    with tarfile.open(archive.with_name("evil.tar.gz"), "w:gz") as evil:
        entry = tarfile.TarInfo(name)
        evil.addfile(entry)
    with pytest.raises(BadBackup, match="outside"):
        backup.restore(archive.with_name("evil.tar.gz"), tmp_path / "deep" / "restored")


def test_commands_say_what_they_did(app, library, tmp_path):
    runner = app.test_cli_runner()
    path = str(tmp_path / "by-command.tar.gz")
    said = runner.invoke(args=["kb", "backup", path])
    assert said.output == f"Backed up: 3 practices, 1 files ({path}).\n"
    assert "already" in runner.invoke(args=["kb", "backup", path]).output
    assert runner.invoke(args=["kb", "verify", path]).exit_code == 0
    assert "already" in runner.invoke(args=["kb", "restore", path]).output
