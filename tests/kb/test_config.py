"""Settings: where they come from, and which are refused."""

import re
import stat
from pathlib import Path

import pytest
from flask import Flask

from kb import config, create_app, create_served_app


def load(monkeypatch: pytest.MonkeyPatch, folder: Path, **environment: str) -> Flask:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return create_app({"INSTANCE": folder})


def test_environment_wins_over_file_and_file_over_default(tmp_path, monkeypatch):
    (tmp_path / "config.py").write_text('CONTACT_EMAIL = "file@example.gr"\nSMTP_PORT = 25\n')
    app = load(monkeypatch, tmp_path, KB_CONTACT_EMAIL="environment@example.gr")
    assert app.config["CONTACT_EMAIL"] == "environment@example.gr"
    assert app.config["SMTP_PORT"] == 25
    assert app.config["SMTP_SECURITY"] == "starttls"


def test_instance_folder_is_chosen_by_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("KB_INSTANCE", str(tmp_path))
    assert create_app().config["INSTANCE"] == tmp_path


def test_secret_may_stand_in_a_file(tmp_path, monkeypatch):
    (tmp_path / "password").write_text("a password\n")
    app = load(monkeypatch, tmp_path, KB_SMTP_PASSWORD_FILE=str(tmp_path / "password"))
    assert app.config["SMTP_PASSWORD"] == "a password"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KB_SMTP_PORT", "many"),
        ("KB_SMTP_PORT", "-1"),
        ("KB_BASE_URL", "library.example.gr"),
        ("KB_BASE_URL", "https://example.gr/library"),
        ("KB_BASE_URL", "https://["),
        ("KB_SMTP_PASSWORD_FILE", "/nowhere"),
        ("KB_SMTP_SECURITY", "yes"),
        ("KB_LOG_LEVEL", "LOUD"),
        ("KB_LOG_FILE", "/nowhere/log.jsonl"),
    ],
)
def test_unusable_value_is_refused_with_its_name(tmp_path, monkeypatch, name, value):
    with pytest.raises(config.BadSetting, match=name):
        load(monkeypatch, tmp_path, **{name: value})


@pytest.mark.parametrize(
    "line",
    [
        'SMTP_PORT = "25"',
        "PROXIES = -1",
        'TRUSTED_HOSTS = "library.example.gr"',
        'SMTP_SECURITY = "yes"',
        "MAIL_FROM = None",
        "SMTP_PORT =",
    ],
)
def test_unusable_line_of_the_file_is_refused_with_its_name(tmp_path, line):
    (tmp_path / "config.py").write_text(line)
    with pytest.raises(config.BadSetting, match=r"config\.py"):
        create_app({"INSTANCE": tmp_path})


def test_list_in_the_file_is_taken(tmp_path):
    (tmp_path / "config.py").write_text('TRUSTED_HOSTS = ["www.example.gr"]')
    assert "www.example.gr" in create_app({"INSTANCE": tmp_path}).config["TRUSTED_HOSTS"]


def test_folder_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(config.BadSetting, match="KB_INSTANCE"):
        create_app({"INSTANCE": tmp_path / "file"})


def test_short_secret_key_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("KB_INSTANCE", str(tmp_path))
    monkeypatch.setenv("KB_SECRET_KEY", "short")
    with pytest.raises(SystemExit, match="The secret key has 5 characters"):
        create_served_app()


def test_site_does_not_serve_without_a_secret_key(tmp_path, monkeypatch):
    monkeypatch.setenv("KB_INSTANCE", str(tmp_path))
    with pytest.raises(SystemExit, match="flask kb init"):
        create_served_app()


def test_site_does_not_serve_a_database_of_another_schema(instance, db, monkeypatch):
    config.create_secret_key(instance)
    monkeypatch.setenv("KB_INSTANCE", str(instance))
    db.execute("DELETE FROM _sqlite_migrations WHERE id = (SELECT max(id) FROM _sqlite_migrations)")
    with pytest.raises(SystemExit, match="flask kb migrate"):
        create_served_app()


def test_commands_are_there_to_put_things_right(tmp_path, monkeypatch):
    monkeypatch.setenv("KB_INSTANCE", str(tmp_path))
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")
    assert create_served_app()


def test_secret_key_is_made_once_and_for_its_owner_only(tmp_path):
    assert config.create_secret_key(tmp_path)
    key = config.read_secret_key(tmp_path)
    assert len(key) >= config.SECRET_LENGTH
    assert stat.S_IMODE((tmp_path / config.SECRET_FILE).stat().st_mode) == 0o600
    assert not config.create_secret_key(tmp_path)
    assert create_app({"INSTANCE": tmp_path}).config["SECRET_KEY"] == key


def test_cookies_are_secure_where_the_site_is(make_app):
    assert make_app(BASE_URL="https://library.example.gr").config["SESSION_COOKIE_SECURE"]
    assert make_app(BASE_URL="https://library.example.gr").config["COOKIE_PREFIX"] == "__Host-"
    assert not make_app().config["SESSION_COOKIE_SECURE"]


def test_readme_lists_every_setting_as_it_is():
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `KB_(\w+)` \| .*? \| (.*?) \|$", readme, re.MULTILINE)
    meanings = {name: setting.meaning for name, setting in config.SETTINGS.items()}
    assert dict(listed) == {"INSTANCE": "folder of this installation's own"} | meanings
