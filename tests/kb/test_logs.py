"""Log lines: one JSON object each, without what people typed or who they are."""

import json
import logging

from kb.logs import JsonLines


def line(message: str, *arguments: object, error: BaseException | None = None) -> dict:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord("kb.web", logging.INFO, "", 1, message, arguments, info)
    return json.loads(JsonLines().format(record))


def test_line_breaks_cannot_forge_a_second_line():
    record = logging.LogRecord("kb", logging.INFO, "", 1, 'a\n{"level": "error"}\u2028', (), None)
    assert len(JsonLines().format(record).splitlines()) == 1


def test_addresses_of_people_are_left_out():
    assert line("refused %s", "anna@example.gr")["message"] == "refused [address]"
    assert "anna" not in json.dumps(line("", error=KeyError("anna@example.gr")))


def test_a_long_text_keeps_nobody_waiting():
    assert line("x" * 100_000)["message"] == "x" * 500


def test_request_is_logged_by_endpoint_without_its_query(make_app, tmp_path):
    file = tmp_path / "log.jsonl"
    app = make_app(LOG_LEVEL="INFO", LOG_FILE=str(file))
    answer = app.test_client().get("/healthz?q=secret")
    entry = json.loads(file.read_text())
    assert entry["request"] == answer.headers["X-Request-Id"]
    assert (entry["endpoint"], entry["method"], entry["status"]) == ("health.healthz", "GET", 200)
    assert entry["ms"] >= 0
    assert "secret" not in file.read_text()
