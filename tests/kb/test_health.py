"""Whether what watches the site is told the truth."""

from kb import health
from kb.search.syncing import indexes


def test_process_that_answers_is_alive(client):
    assert client.get("/healthz").text == "ok\n"


def test_site_in_order_is_ready(app, client):
    indexes(app).sync()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json["ready"]
    assert answer.json["write_gate"] == "on"
    assert answer.json["sqlite"]


def test_database_of_another_schema_is_not_ready(client, db):
    db.execute("DELETE FROM _sqlite_migrations WHERE id = (SELECT max(id) FROM _sqlite_migrations)")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "flask kb migrate" in answer.json["checks"]["schema"][0]


def test_missing_database_is_not_ready(client, instance):
    for file in instance.glob("library*"):
        file.unlink()
    assert client.get("/readyz").status_code == 503


def test_check_that_fails_is_a_problem_of_its_own(client, monkeypatch):
    monkeypatch.setitem(health._checks, "index", lambda: 1 / 0)
    assert client.get("/readyz").json["checks"]["index"] == ["ZeroDivisionError"]
