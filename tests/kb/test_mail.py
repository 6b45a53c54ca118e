"""The outbox: each event told once, sent once, tried again where it failed."""

import email
import email.policy
from email.header import decode_header, make_header

import pytest

from kb import mail
from kb.db import transaction


@pytest.fixture
def smtp(app, mailbox):
    app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=mailbox.port, SMTP_SECURITY="none")


def queue(db, **changes):
    letter = {
        "key": "publish:1:anna",
        "kind": "publish",
        "recipient": "anna@example.gr",
        "language": "el",
        "subject": "Η πρακτική δημοσιεύθηκε",
        "body": "Καλησπέρα,\n\nη πρακτική δημοσιεύθηκε.\n",
    }
    with transaction(db):
        mail.queue(db, **(letter | changes))


def due_again(db):
    with transaction(db):
        db.execute("UPDATE outbox SET next_at = '2000-01-01T00:00:00Z'")


@pytest.mark.usefixtures("smtp")
def test_message_arrives_as_it_was_written(db, mailbox):
    queue(db)
    assert mail.deliver(db) == (1, 0)
    (letter,) = mailbox.received
    assert letter["To"] == "anna@example.gr"
    assert letter["Subject"] == "Η πρακτική δημοσιεύθηκε"
    (sender,) = letter["From"].addresses
    assert sender.addr_spec == "noreply@127.0.0.1"
    # Python's parser leaves a space where the name was folded; readers' programs do not.
    assert sender.display_name.replace(" ", "") == "ΔίκτυοΠόλεωνγιατηνΈνταξη"
    assert letter["Content-Language"] == "el"
    assert letter["Message-ID"]
    assert letter["Date"]
    text = letter.get_content().replace("\r\n", "\n")
    assert text.startswith("Καλησπέρα,\n\nη πρακτική δημοσιεύθηκε.\n\nΜε εκτίμηση,\n")


@pytest.mark.parametrize(
    "subject",
    [
        "Νέος κωδικός πρόσβασης για τη Βιβλιοθήκη καλών πρακτικών",
        "Published: " + "Διερμηνείς & interpreters, " * 8,
        "ά" * 300,
        "Plain and long " * 12,
    ],
)
def test_long_subject_reads_as_it_was_written(db, instance, subject):
    queue(db, subject=subject)
    mail.deliver(db)
    (file,) = (instance / "mail").glob("*.eml")
    raw = email.message_from_bytes(file.read_bytes(), policy=email.policy.compat32)["Subject"]
    assert str(make_header(decode_header(" ".join(raw.split())))) == subject.strip()


@pytest.mark.usefixtures("smtp")
def test_answer_to_a_message_reaches_people(app, db, mailbox):
    app.config["CONTACT_EMAIL"] = "cni@example.gr"
    queue(db)
    mail.deliver(db)
    (letter,) = mailbox.received
    assert letter["Reply-To"] == "cni@example.gr"


@pytest.mark.usefixtures("smtp")
def test_event_is_told_once_however_often_it_is_queued(db, mailbox):
    queue(db)
    queue(db)
    assert mail.deliver(db) == (1, 0)
    queue(db)
    assert mail.deliver(db) == (0, 0)
    assert len(mailbox.received) == 1


def test_message_of_a_rolled_back_change_is_not_sent(db):
    with pytest.raises(ZeroDivisionError), transaction(db):
        mail.queue(
            db,
            key="k",
            kind="publish",
            recipient="a@b.gr",
            language="en",
            subject="s",
            body=str(1 / 0),
        )
    assert mail.deliver(db) == (0, 0)


@pytest.mark.usefixtures("smtp")
@pytest.mark.parametrize("address", ["", "@", "a@", "a@b@c", "anna", "a b@c.gr"])
def test_address_that_is_none_does_not_hold_up_the_others(db, address):
    queue(db, key="first", recipient=address)
    queue(db, key="second")
    assert mail.deliver(db) == (1, 1)


@pytest.mark.usefixtures("smtp")
def test_refused_message_waits_and_does_not_hold_up_the_others(db, mailbox):
    queue(db, key="first", recipient="nobody@example.gr")
    queue(db, key="second")
    assert mail.deliver(db) == (1, 1)
    assert mail.deliver(db) == (0, 0)
    row = db.execute("SELECT * FROM outbox WHERE key = 'first'").fetchone()
    assert (row["attempts"], row["sent_at"]) == (1, None)
    assert "nobody" not in row["error"]
    due_again(db)
    assert mail.deliver(db) == (0, 1)


def test_mail_server_that_is_away_is_tried_again(app, db):
    app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=9, SMTP_SECURITY="none")
    queue(db)
    assert mail.deliver(db) == (0, 1)
    app.config["SMTP_HOST"] = ""
    due_again(db)
    assert mail.deliver(db) == (1, 0)


def test_worker_does_not_wait_for_a_server_that_is_away_with_every_message(app, db):
    app.config.update(SMTP_HOST="127.0.0.1", SMTP_PORT=9, SMTP_SECURITY="none")
    for key in ("first", "second", "third"):
        queue(db, key=key)
    assert mail.deliver(db) == (0, 1)
    assert [row["attempts"] for row in db.execute("SELECT attempts FROM outbox")] == [1, 0, 0]


def test_without_a_mail_server_messages_are_files_for_their_owner(db, instance):
    queue(db)
    mail.deliver(db)
    (file,) = (instance / "mail").glob("*.eml")
    assert file.stat().st_mode & 0o077 == 0
    letter = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert "δημοσιεύθηκε" in letter.get_content()


def test_text_of_a_sent_message_is_forgotten(db):
    queue(db)
    mail.deliver(db)
    assert db.execute("SELECT body FROM outbox").fetchone()["body"] == ""


def test_line_break_in_a_subject_cannot_add_a_header(db, instance):
    queue(db, subject="Two lines\nBcc: all@example.gr")
    assert mail.deliver(db) == (1, 0)
    (file,) = (instance / "mail").glob("*.eml")
    letter = email.message_from_bytes(file.read_bytes())
    assert (letter["Subject"], letter["Bcc"]) == ("Two lines Bcc: all@example.gr", None)


def test_nothing_goes_to_an_address_of_two_lines(db, instance):
    queue(db, recipient="anna@example.gr\nBcc: all@example.gr")
    assert mail.deliver(db) == (0, 1)
    assert list((instance / "mail").glob("*.eml")) == []


def test_worker_sends_once_and_says_how_many(app, db):
    queue(db)
    outcome = app.test_cli_runner().invoke(args=["worker", "--once"])
    assert outcome.output == "1 sent, 0 failed.\n"
    assert outcome.exit_code == 0
