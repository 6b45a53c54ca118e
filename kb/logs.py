"""Log lines as JSON: what happened in which request, without personal data."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, g, has_request_context, request

from kb.config import BadSetting

LONGEST = 500  # characters of a message
# What stands before the @ has 64 characters at most (RFC 5321); without a bound, the time to look
# for it would grow with the square of a long text.
ADDRESS = re.compile(r"[^\s@<>'\"]{1,64}@[^\s@<>'\"]+")

log = logging.getLogger("kb")
requests = logging.getLogger("kb.requests")


class JsonLines(logging.Formatter):
    """One JSON object a line; line breaks and control characters cannot leave their string."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _without_addresses(record.getMessage()),
        }
        if has_request_context():
            line["request"] = g.get("request_id")
            # The endpoint, not the path: paths hold links that sign a person in.
            line["endpoint"] = request.endpoint
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[1]:
            line["error"] = _describe(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True, default=str)


def _without_addresses(text: str) -> str:
    return ADDRESS.sub("[address]", text)[:LONGEST]


def _describe(error: BaseException) -> dict[str, object]:
    """Type, message and the lines of code; never the values of variables."""
    frames = traceback.extract_tb(error.__traceback__)
    return {
        "type": type(error).__name__,
        "message": _without_addresses(str(error)),
        "at": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]],
    }


def _start_clock() -> None:
    g.started = time.perf_counter()


def _log_request(response: Response) -> Response:
    requests.info(
        "request",
        extra={
            "fields": {
                "method": request.method,
                "status": response.status_code,
                "ms": round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000),
            }
        },
    )
    return response


def _log_exception(exc_info: Any) -> None:
    log.error("unexpected error", exc_info=exc_info)


def _handler(file: str) -> logging.Handler:
    if not file:
        return logging.StreamHandler(sys.stderr)
    try:
        return logging.FileHandler(file)
    except OSError as error:
        raise BadSetting(f"KB_LOG_FILE: {file} cannot be written ({error.strerror}).") from error


def init_app(app: Flask) -> None:
    """Send the log lines of the application where the settings say; log each request."""
    handler = _handler(app.config["LOG_FILE"])
    handler.setFormatter(JsonLines())
    for name in ("kb", "indexer"):
        logger = logging.getLogger(name)
        for old in list(logger.handlers):
            logger.removeHandler(old)
            old.close()
        logger.addHandler(handler)
        logger.setLevel(app.config["LOG_LEVEL"])
    # Flask's own sentence holds the path.
    app.log_exception = _log_exception  # type: ignore[method-assign]
    app.before_request(_start_clock)
    app.after_request(_log_request)
