"""Failed tries slow the next one down, and nobody else."""

import threading
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from kb.accounts import throttle
from kb.accounts.model import TooManyAttempts
from kb.accounts.throttle import LIMITS, Limit, delay, network_of
from kb.db import connect, transaction
from tests.people import PASSWORD, enter, give_password

ACCOUNT = LIMITS["password:account"]


def fail(client, times=1, name="Anna", ip="203.0.113.9"):
    answers = [
        client.post(
            "/en/sign-in",
            data={"email": f"{name.lower()}@example.gr", "password": "wrong wrong"},
            environ_base={"REMOTE_ADDR": ip},
        )
        for _time in range(times)
    ]
    return answers[-1]


def let_pass(db, span: timedelta) -> None:
    """Make every try older."""
    for row in db.execute("SELECT rowid, at FROM attempt").fetchall():
        older = datetime.fromisoformat(row["at"]) - span
        db.execute(
            "UPDATE attempt SET at = ? WHERE rowid = ?",
            (older.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), row["rowid"]),
        )


def test_wait_grows_and_is_bounded():
    limit = Limit(3, timedelta(seconds=10), timedelta(minutes=15))
    waits = [delay(tries, limit).total_seconds() for tries in range(13)]
    assert waits == [0, 0, 0, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]
    assert delay(10**9, limit) == limit.most


def test_too_many_failures_are_told_to_wait(db, client):
    give_password(db, "Anna")
    assert fail(client, ACCOUNT.free).status_code == 400
    answer = fail(client)
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 10
    assert "Wait" in answer.text
    assert 'value="anna@example.gr"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_right_password_waits_too_and_then_gets_in(db, client):
    give_password(db, "Anna")
    fail(client, ACCOUNT.free)
    assert enter(client, "Anna").status_code == 429
    let_pass(db, ACCOUNT.first + timedelta(seconds=1))
    assert enter(client, "Anna").status_code == 303


def test_each_failure_after_the_wait_doubles_it(db, client):
    fail(client, ACCOUNT.free)
    waits = []
    for _round in range(4):
        waits.append(int(fail(client).headers["Retry-After"]))
        let_pass(db, timedelta(seconds=waits[-1] + 1))
        assert fail(client).status_code == 400
    assert all(later > 1.5 * earlier for earlier, later in pairwise(waits))


def test_waiting_is_not_prolonged_by_trying(db, client):
    fail(client, ACCOUNT.free)
    first = int(fail(client).headers["Retry-After"])
    assert int(fail(client, 5).headers["Retry-After"]) <= first


def test_tries_are_counted_by_account_whatever_the_address(db, client):
    for number in range(ACCOUNT.free):
        fail(client, ip=f"203.0.113.{number}")
    assert fail(client, ip="203.0.113.200").status_code == 429
    assert fail(client, name="Bruno", ip="203.0.113.200").status_code == 400


def test_tries_are_counted_by_address_whatever_the_account(db, client):
    for number in range(LIMITS["password:address"].free):
        assert fail(client, name=f"somebody{number}").status_code == 400
    assert fail(client, name="Clara").status_code == 429
    assert fail(client, name="Clara", ip="198.51.100.7").status_code == 400


def test_unknown_account_is_slowed_in_the_same_way(db, client):
    known = [fail(client).status_code for _try in range(7)]
    unknown = [fail(client, name="nobody", ip="198.51.100.7").status_code for _try in range(7)]
    assert known == unknown


def test_success_clears_the_account_but_not_guesses_at_others(db, client):
    give_password(db, "Anna")
    fail(client, 3, "Anna", "127.0.0.1")
    fail(client, 2, "Bruno", "127.0.0.1")
    enter(client, "Anna")
    rows = [row[0] for row in db.execute("SELECT key_hash FROM attempt")]
    # Bruno's two, and the five failures of the address.
    assert sorted(rows.count(key) for key in set(rows)) == [2, 5]


def test_tries_at_once_cannot_all_pass(db, app):
    passed = []
    start = threading.Barrier(8)

    def attempt() -> None:
        with app.app_context():
            own = connect(app.config["INSTANCE"] / "library.sqlite3")
            start.wait()
            for _try in range(8):
                try:
                    with transaction(own):
                        throttle.count(own, "password", "anna@example.gr", "203.0.113.9")
                    passed.append(1)
                except TooManyAttempts:
                    pass
            own.close()

    threads = [threading.Thread(target=attempt) for _number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == ACCOUNT.free


def test_workers_share_the_count(db, make_app):
    first, second = make_app().test_client(), make_app().test_client()
    fail(first, ACCOUNT.free)
    assert fail(second).status_code == 429


def test_store_holds_neither_address_nor_account(db, client):
    fail(client, 2)
    stored = str([tuple(row) for row in db.execute("SELECT * FROM attempt")])
    assert "anna" not in stored
    assert "203.0.113" not in stored


def test_old_tries_are_forgotten(db, client):
    fail(client, 3)
    let_pass(db, throttle.WINDOW + timedelta(minutes=1))
    fail(client)
    assert db.execute("SELECT count(*) FROM attempt").fetchone()[0] == 2


def test_clock_that_was_set_back_does_not_prolong_the_wait(db, client):
    fail(client, ACCOUNT.free)
    let_pass(db, timedelta(days=-300))
    assert int(fail(client).headers["Retry-After"]) <= ACCOUNT.first.total_seconds()


@pytest.mark.parametrize("kind", ["sign-in/link", "password/reset"])
@pytest.mark.parametrize("email", ["anna@example.gr", "nobody@example.gr"])
def test_mailbox_is_not_flooded(db, client, kind, email):
    free = LIMITS["mail:account"].free
    codes = [client.post(f"/en/{kind}", data={"email": email}).status_code for _n in range(free)]
    assert codes == [303] * free
    answer = client.post(f"/en/{kind}", data={"email": email})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) <= 60
    assert f'value="{email}"' in answer.text
    waiting = db.execute("SELECT count(*) FROM outbox").fetchone()[0]
    assert waiting == (free if email.startswith("anna") else 0)


def test_locked_account_still_gets_its_link(db, client):
    fail(client, ACCOUNT.free + 1)
    answer = client.post("/en/sign-in/link", data={"email": "anna@example.gr"})
    assert answer.status_code == 303


def test_wrong_present_password_is_slowed_as_well(db, sign_in):
    give_password(db, "Anna")
    browser = sign_in("Anna")
    data = {"current": "wrong wrong", "password": "τρία λόγια χωρίς ειρμό"}
    codes = [browser.post("/en/account/password", data=data).status_code for _try in range(6)]
    assert codes == [400] * 5 + [429]
    data["current"] = PASSWORD
    assert browser.post("/en/account/password", data=data).status_code == 429


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_neighbours_in_a_network_count_as_one(address, network):
    assert network_of(address) == network
