"""Settings of one installation: defaults, then instance/config.py, KB_* variables, secret files."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from click import ClickException
from flask import Flask

SECRET_FILE = "secret_key"  # noqa: S105 – the name of a file
SECRET_LENGTH = 32  # characters at least

Value = str | int | bool | tuple[str, ...]


class BadSetting(ClickException):
    """A setting that cannot be used; its message is a sentence that says what to do."""


@dataclass(frozen=True)
class Setting:
    """One ``KB_<name>`` variable; its default gives its type. README lists the same sentences."""

    default: Value
    meaning: str
    choices: tuple[str, ...] = ()


SETTINGS: dict[str, Setting] = {
    "BASE_URL": Setting("", "address that people use; default `http://127.0.0.1:<PORT>`"),
    "PORT": Setting(8000, "port that gunicorn listens on"),
    "BIND": Setting("127.0.0.1", "address that gunicorn listens on"),
    "WORKERS": Setting(2, "gunicorn's processes"),
    "THREADS": Setting(4, "threads of each process"),
    "TRUSTED_HOSTS": Setting((), "host names served besides BASE_URL's, separated by commas"),
    "PROXIES": Setting(0, "how many proxies stand before gunicorn and set X-Forwarded-*"),
    "SECRET_KEY": Setting("", "signs cookies and links; default: instance/secret_key"),
    "CONTACT_EMAIL": Setting("", "mailbox that people write to: questions, answers, feedback"),
    "SMTP_HOST": Setting("", "mail server; without one, messages are written to instance/mail/"),
    "SMTP_PORT": Setting(587, "port of the mail server"),
    "SMTP_SECURITY": Setting(
        "starttls", "`starttls`, `tls` or `none`", choices=("starttls", "tls", "none")
    ),
    "SMTP_USER": Setting("", "account on the mail server"),
    "SMTP_PASSWORD": Setting("", "its password"),
    "MAIL_FROM": Setting("", "sender of messages; default: noreply@ the host of BASE_URL"),
    "REVIEW_DAYS": Setting(14, "days within which what was submitted should be reviewed"),
    "APPROVAL_DAYS": Setting(
        7, "days after which a municipality's coordinator is reminded of an approval; 0: never"
    ),
    "DIGEST_HOUR": Setting(8, "hour, in Athens, of the one message a day for those who want that"),
    "CONFIRM_MONTHS": Setting(
        12, "months after which a municipality is asked what is still true; 0: it never is"
    ),
    "LOG_LEVEL": Setting(
        "INFO",
        "`DEBUG`, `INFO`, `WARNING` or `ERROR`",
        choices=("DEBUG", "INFO", "WARNING", "ERROR"),
    ),
    "LOG_FILE": Setting("", "file for the log lines; default: standard error"),
    # A field of 100 KB in Greek is 300 KB in a posted form, and a practice has many fields.
    "MAX_CONTENT_LENGTH": Setting(4_000_000, "bytes of a request at most"),
}


def load(app: Flask, overrides: Mapping[str, object] | None = None) -> None:
    """Put every setting into ``app.config``; ``overrides`` win.

    Raises BadSetting for a value of the wrong kind.
    """
    overrides = overrides or {}
    folder = Path(str(overrides.get("INSTANCE") or os.environ.get("KB_INSTANCE") or "instance"))
    folder = (Path(app.root_path).parent / folder).resolve()
    app.config.from_mapping({name: setting.default for name, setting in SETTINGS.items()})
    app.config["INSTANCE"] = folder
    _read_file(app, folder / "config.py")
    app.config.update(from_environment(os.environ))
    app.config.update({**overrides, "INSTANCE": folder})
    _derive(app)


def _read_file(app: Flask, file: Path) -> None:
    """Put in what ``instance/config.py`` says, each in the kind of its default."""
    try:
        app.config.from_pyfile(str(file), silent=True)
    except Exception as error:  # whatever the program in it does
        raise BadSetting(f"{file} cannot be read: {error}") from error
    for name, setting in SETTINGS.items():
        kinds = (list, tuple) if isinstance(setting.default, tuple) else type(setting.default)
        value = app.config[name]
        if not isinstance(value, kinds) or (isinstance(value, int) and value < 0):
            kind = {str: "a text", int: "a whole number"}.get(type(setting.default), "a list")
            raise BadSetting(f"{name} in {file} must be {kind}, not {value!r}.")
        _require_choice(f"{name} in {file}", value, setting)


def from_environment(environment: Mapping[str, str]) -> dict[str, Value]:
    """The settings that ``environment`` holds, as KB_NAME or in the file of KB_NAME_FILE."""
    found: dict[str, Value] = {}
    for name, setting in SETTINGS.items():
        text = environment.get(f"KB_{name}")
        file = environment.get(f"KB_{name}_FILE")
        if text is None and file:
            text = _read(f"KB_{name}_FILE", Path(file))
        if text is not None:
            found[name] = _parse(name, text, setting)
    return found


def _read(variable: str, file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise BadSetting(f"{variable} names {file}, which cannot be read.") from error


def _parse(name: str, text: str, setting: Setting) -> Value:
    if isinstance(setting.default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if isinstance(setting.default, int):
        if not text.strip().isdecimal():
            raise BadSetting(f"KB_{name} must be a whole number, not {text!r}.")
        return int(text)
    _require_choice(f"KB_{name}", text, setting)
    return text


def _require_choice(name: str, value: object, setting: Setting) -> None:
    if setting.choices and value not in setting.choices:
        raise BadSetting(f"{name} must be one of {', '.join(setting.choices)}, not {value!r}.")


def _derive(app: Flask) -> None:
    """Set what follows from the settings: Flask's own names for them, cookies, trusted hosts."""
    config = app.config
    config["BASE_URL"] = (config["BASE_URL"] or f"http://127.0.0.1:{config['PORT']}").rstrip("/")
    try:
        address = urlsplit(config["BASE_URL"])
    except ValueError:
        address = urlsplit("")
    if address.scheme not in ("http", "https") or not address.hostname or address.path:
        raise BadSetting(
            f"KB_BASE_URL must be like https://library.example.gr, not {config['BASE_URL']!r}."
        )
    if config["DIGEST_HOUR"] > 23:
        raise BadSetting(f"KB_DIGEST_HOUR must be from 0 to 23, not {config['DIGEST_HOUR']}.")
    # Whatever watches /readyz asks from this machine; links in messages follow BASE_URL alone.
    hosts = [address.hostname, *config["TRUSTED_HOSTS"], "127.0.0.1", "localhost"]
    secure = address.scheme == "https"
    config.update(
        TRUSTED_HOSTS=hosts,
        MAIL_FROM=config["MAIL_FROM"] or f"noreply@{address.hostname}",
        SECRET_KEY=config["SECRET_KEY"] or read_secret_key(config["INSTANCE"]),
        PREFERRED_URL_SCHEME=address.scheme,
        MAX_FORM_MEMORY_SIZE=config["MAX_CONTENT_LENGTH"],
        MAX_FORM_PARTS=2000,
        # Browsers keep a __Host- cookie to this very host; they refuse one without https.
        COOKIE_PREFIX="__Host-" if secure else "",
        SESSION_COOKIE_NAME="__Host-form" if secure else "form",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # Else every answer would set the cookie anew, files for everybody's caches included.
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=60),
        # A form that was open for a day still submits.
        WTF_CSRF_TIME_LIMIT=None,
        # Sec-Fetch-Site is checked instead: some networks strip the Referer that this wants.
        WTF_CSRF_SSL_STRICT=False,
    )


def read_secret_key(instance: Path) -> str:
    """The key that ``flask kb init`` made, or nothing.

    Raises BadSetting where it is there and cannot be read.
    """
    file = instance / SECRET_FILE
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise BadSetting(
            f"{file} cannot be read ({error.strerror}). Run this as the user whose library it is,"
            " or choose another folder with KB_INSTANCE."
        ) from error


def create_secret_key(instance: Path) -> bool:
    """Make ``instance/secret_key``, readable by its owner only; False where there is one."""
    try:
        handle = os.open(instance / SECRET_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    return True


def check(app: Flask) -> None:
    """Raise BadSetting where the application must not serve with these settings."""
    key, folder = app.config["SECRET_KEY"], app.config["INSTANCE"]
    if not key:
        raise BadSetting(f"There is no library in {folder}. Run: flask kb init")
    if len(key) < SECRET_LENGTH:
        raise BadSetting(
            f"The secret key has {len(key)} characters; {SECRET_LENGTH} are needed. Leave out"
            f" KB_SECRET_KEY, and flask kb init makes one in {folder / SECRET_FILE}."
        )
