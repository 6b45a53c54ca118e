"""A draft as a Word document and back: nothing is lost, nothing is saved before it is confirmed."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlite_utils import Database
from werkzeug.test import TestResponse

from kb.access import Member
from kb.office import actions as actions_of_office
from kb.practices import actions, merge, store
from kb.practices.model import Practice
from kb.practices.template import FIELDS, Kind
from kb.vocabularies import actions as vocabularies
from tests.kb.office.cases import FULL
from tests.kb.office.documents import changed_text, edited
from tests.kb.practices.cases import CARD, write_all, written_with

Person = Callable[[str], Member]
SignIn = Callable[[str | None], FlaskClient]


@pytest.fixture
def practice(db: Database, member: Person) -> Practice:
    """A draft of Anna's; Bruno writes along."""
    practice = actions.create(db, member("Anna"), "key", FULL)
    return written_with(db, practice, member("Bruno"))


def downloaded(client: FlaskClient, practice: Practice, language: str = "el") -> bytes:
    answer = client.get(f"/{language}/my-practices/{practice.id}/word")
    assert answer.status_code == 200
    return answer.data


def upload(
    client: FlaskClient, practice: Practice | None, content: bytes, language: str = "el"
) -> TestResponse:
    where = f"my-practices/{practice.id}/word/upload" if practice else "my-practices/word"
    data = {"file": (io.BytesIO(content), "δοκιμή.docx")}
    return client.post(f"/{language}/{where}", data=data)


def confirm(
    client: FlaskClient, practice: Practice | None, preview: str, **fields: str
) -> TestResponse:
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', preview))
    given = {name: html.unescape(value) for name, value in hidden.items()} | fields
    where = f"my-practices/{practice.id}/word/apply" if practice else "my-practices/word/apply"
    return client.post(f"/el/{where}", data=given)


def content_of(db: Database, practice: Practice) -> dict[str, Any]:
    return dict(actions.working_copy(db, store.get(db, practice.id)).content)


def test_document_has_headings_language_and_controls(practice: Practice, sign_in: SignIn) -> None:
    answer = sign_in("Anna").get(f"/el/my-practices/{practice.id}/word")
    assert (
        answer.headers["Content-Disposition"]
        == f'attachment; filename="practice-{practice.id}.docx"'
    )
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        text = archive.read("word/document.xml").decode()
        assert '<w:lang w:val="el-GR"' in archive.read("word/styles.xml").decode()
    assert '<w:pStyle w:val="Heading1"/>' in text
    assert '<w:tag w:val="title_el"/>' in text
    assert "Τράπεζα διερμηνέων για τα σχολεία" in text


@pytest.mark.parametrize("language", ["el", "en"])
@pytest.mark.parametrize("read_in", ["el", "en"])
def test_what_nobody_touched_is_no_change(
    practice: Practice, sign_in: SignIn, language: str, read_in: str
) -> None:
    anna = sign_in("Anna")
    answer = upload(anna, practice, downloaded(anna, practice, language), read_in)
    assert answer.status_code == 200
    assert 'name="found"' not in answer.text


def test_document_keeps_what_is_out_of_use_and_offers_it_to_nobody_else(
    db: Database, practice: Practice, sign_in: SignIn
) -> None:
    anna = sign_in("Anna")
    before = downloaded(anna, practice)
    out_of_use = {"cost_bands": ("zero", "unknown"), "partner_types": ("ngo", "faith")}
    for vocabulary, codes in out_of_use.items():
        for code in codes:
            vocabularies.retire(db, vocabulary, code)
    now = downloaded(anna, practice)
    with zipfile.ZipFile(io.BytesIO(now)) as archive:
        text = archive.read("word/document.xml").decode()
    assert "cost_band=zero" in text
    assert "cost_band=unknown" not in text
    assert "(faith)" not in text
    for content in (before, now):
        assert 'name="found"' not in upload(anna, practice, content).text


def test_preview_shows_old_and_new_and_saves_when_confirmed(
    db: Database, practice: Practice, sign_in: SignIn
) -> None:
    anna = sign_in("Anna")
    made = downloaded(anna, practice)
    preview = upload(anna, practice, changed_text(made, "με ένα τηλεφώνημα", "με ένα μήνυμα"))
    assert "με ένα τηλεφώνημα" in preview.text
    assert "με ένα μήνυμα" in preview.text
    assert content_of(db, practice) == FULL
    answer = confirm(anna, practice, preview.text)
    assert answer.status_code == 303
    changed = {"el": "Διερμηνείς σε κάθε συνάντηση γονέων, με ένα μήνυμα."}
    assert content_of(db, practice) == {**FULL, "summary": changed}


def test_what_a_colleague_changed_meanwhile_stays(
    db: Database, practice: Practice, sign_in: SignIn, member: Person
) -> None:
    anna = sign_in("Anna")
    made = downloaded(anna, practice)
    newer = {**FULL, "title": {"el": "Τίτλος του Bruno"}}
    write_all(db, practice, member("Bruno"), newer, 1)
    preview = upload(anna, practice, changed_text(made, "με ένα τηλεφώνημα", "με ένα μήνυμα"))
    confirm(anna, practice, preview.text)
    found = content_of(db, practice)
    assert found["title"] == {"el": "Τίτλος του Bruno"}
    assert found["summary"]["el"].endswith("με ένα μήνυμα.")


def test_rows_of_a_colleague_stay_beside_those_of_the_document(
    db: Database, practice: Practice, sign_in: SignIn, member: Person
) -> None:
    anna = sign_in("Anna")
    made = changed_text(downloaded(anna, practice), "Κλήσεις", "Τηλεφωνήματα")
    hers = {"name": {"el": "Του Μπρούνο"}, "value": 7, "unit": {"el": "ώρες"}}
    theirs = {**FULL, "indicators": [*FULL["indicators"], hers]}
    write_all(db, practice, member("Bruno"), theirs, actions.working_copy(db, practice).version)
    preview = upload(anna, practice, made)
    # As it is saved, as it would be, and as the confirmation carries it.
    assert preview.text.count("Του Μπρούνο") == 3
    assert confirm(anna, practice, preview.text).status_code == 303
    first, second = FULL["indicators"]
    assert content_of(db, practice)["indicators"] == [
        {**first, "name": {"el": "Τηλεφωνήματα"}},
        second,
        hers,
    ]


@pytest.mark.parametrize("take", [True, False])
def test_what_both_changed_is_chosen_by_the_person(
    db: Database, practice: Practice, sign_in: SignIn, member: Person, take: bool
) -> None:
    anna = sign_in("Anna")
    made = changed_text(downloaded(anna, practice), "για τα σχολεία", "για όλους")
    newer = {**FULL, "title": {"el": "Τίτλος του Bruno"}}
    write_all(db, practice, member("Bruno"), newer, 1)
    preview = upload(anna, practice, made)
    assert "Τίτλος του Bruno" in preview.text
    assert 'name="take_title_el"' in preview.text
    confirm(anna, practice, preview.text, **({"take_title_el": "yes"} if take else {}))
    expected = "Τράπεζα διερμηνέων για όλους" if take else "Τίτλος του Bruno"
    assert content_of(db, practice)["title"]["el"] == expected


def test_save_between_preview_and_confirmation_is_not_overwritten(
    db: Database, practice: Practice, sign_in: SignIn, member: Person
) -> None:
    anna = sign_in("Anna")
    made = changed_text(downloaded(anna, practice), "για τα σχολεία", "για όλους")
    preview = upload(anna, practice, made)
    newer = {**FULL, "title": {"el": "Τίτλος του Bruno"}}
    write_all(db, practice, member("Bruno"), newer, 1)
    again = confirm(anna, practice, preview.text)
    assert again.status_code == 409
    assert content_of(db, practice)["title"]["el"] == "Τίτλος του Bruno"
    assert confirm(anna, practice, again.text, take_title_el="yes").status_code == 303
    assert content_of(db, practice)["title"]["el"] == "Τράπεζα διερμηνέων για όλους"


def test_document_of_a_practice_under_review_changes_nothing(
    db: Database, practice: Practice, sign_in: SignIn, member: Person
) -> None:
    anna = sign_in("Anna")
    made = changed_text(downloaded(anna, practice), "για τα σχολεία", "για όλους")
    preview = upload(anna, practice, made)
    actions.submit(db, practice, member("Anna"), 1)
    assert confirm(anna, practice, preview.text).status_code == 409
    assert upload(anna, practice, made).status_code == 409
    assert content_of(db, practice) == FULL


def test_document_that_lost_its_controls_comes_back_whole(
    db: Database, practice: Practice, sign_in: SignIn
) -> None:
    anna = sign_in("Anna")
    made = changed_text(downloaded(anna, practice), "με ένα τηλεφώνημα", "με ένα μήνυμα")
    bare = edited(made, lambda xml: re.sub(r"<w:sdtPr>.*?</w:sdtPr>|</?w:sdt(Content)?>", "", xml))
    assert b"w:sdt" not in zipfile.ZipFile(io.BytesIO(bare)).read("word/document.xml")
    confirm(anna, practice, upload(anna, practice, bare).text)
    assert content_of(db, practice)["summary"]["el"].endswith("με ένα μήνυμα.")
    bare = edited(bare, lambda xml: re.sub(r"<w:bookmark[^>]*/>", "", xml))
    assert 'name="found"' not in upload(anna, practice, bare).text


def test_who_sees_the_contact_stays_where_the_document_does_not_say(
    db: Database, practice: Practice, sign_in: SignIn, member: Person
) -> None:
    anna = sign_in("Anna")
    hidden = {**FULL, "contact": {**FULL["contact"], "visibility": "network"}}
    write_all(db, practice, member("Anna"), hidden, 1)
    made = downloaded(anna, practice, "en")
    unticked = edited(made, lambda xml: re.sub(r"(contact_visibility=network.*?)☒", r"\1☐", xml))
    assert 'name="found"' not in upload(anna, practice, unticked, "en").text
    part = re.compile(r"<w:p>(?:(?!</w:p>).)*contact_(?:visibility|mailbox)(?:(?!</w:p>).)*</w:p>")
    without = edited(made, lambda xml: part.sub("", xml))
    assert 'name="found"' not in upload(anna, practice, without, "en").text
    ticked = edited(
        made, lambda xml: re.sub(r"(contact_visibility=public.*?)☐", r"\1☒", xml, count=1)
    )
    ticked = edited(ticked, lambda xml: re.sub(r"(contact_visibility=network.*?)☒", r"\1☐", xml))
    preview = upload(anna, practice, ticked, "en")
    assert "Shown to everybody" in preview.text
    confirm(anna, practice, preview.text)
    assert content_of(db, practice)["contact"]["visibility"] == "public"


def test_words_without_a_place_are_told(practice: Practice, sign_in: SignIn) -> None:
    anna = sign_in("Anna")
    stray = "<w:p><w:r><w:t>Αδέσποτη πρόταση.</w:t></w:r></w:p>"
    made = edited(
        downloaded(anna, practice), lambda xml: xml.replace("<w:body>", "<w:body>" + stray)
    )
    preview = upload(anna, practice, made)
    assert "Αδέσποτη πρόταση." in preview.text
    assert 'name="found"' not in preview.text


def test_answer_that_does_not_fit_is_told_and_the_rest_is_taken(
    db: Database, practice: Practice, sign_in: SignIn
) -> None:
    anna = sign_in("Anna")
    made = changed_text(downloaded(anna, practice), "2021-09", "το φθινόπωρο του 2021")
    made = changed_text(made, "με ένα τηλεφώνημα", "με ένα μήνυμα")
    preview = upload(anna, practice, made)
    assert "το φθινόπωρο του 2021" in preview.text
    confirm(anna, practice, preview.text)
    found = content_of(db, practice)
    assert found["start"] == "2021-09"
    assert found["summary"]["el"].endswith("με ένα μήνυμα.")


def test_ticks_are_read_however_they_are_made(
    db: Database, practice: Practice, sign_in: SignIn
) -> None:
    anna = sign_in("Anna")
    made = edited(
        downloaded(anna, practice),
        lambda xml: re.sub(
            r'(<w:tag w:val="areas=housing"/>.*?)<w:t>☐</w:t>', r"\1<w:t>χ</w:t>", xml, count=1
        ),
    )
    confirm(anna, practice, upload(anna, practice, made).text)
    assert content_of(db, practice)["areas"] == ["education", "mediation", "housing"]


def test_tracked_changes_and_split_words_read_as_accepted(
    db: Database, practice: Practice, sign_in: SignIn
) -> None:
    anna = sign_in("Anna")
    summary = CARD["summary"]["el"]
    old = f'<w:t xml:space="preserve">{summary}</w:t></w:r>'
    new = (
        "<w:t>Διερ</w:t></w:r><w:proofErr w:type='spellStart'/><w:smartTag><w:r><w:t>μηνείς</w:t>"
        "</w:r></w:smartTag><w:del w:id='1'><w:r><w:delText> παλιό</w:delText></w:r></w:del>"
        "<w:ins w:id='2'><w:r><w:rPr><w:rPrChange w:id='3'><w:rPr><w:b/></w:rPr></w:rPrChange>"
        "</w:rPr><w:t xml:space='preserve"
        "'> παντού</w:t></w:r></w:ins><w:r><w:commentReference w:id='4'/></w:r>"
    )
    made = edited(downloaded(anna, practice), lambda xml: xml.replace(old, new))
    confirm(anna, practice, upload(anna, practice, made).text)
    assert content_of(db, practice)["summary"]["el"] == "Διερμηνείς παντού"


def test_empty_template_becomes_a_practice(db: Database, sign_in: SignIn) -> None:
    anna = sign_in("Anna")
    made = anna.get("/el/my-practices/word-template").data
    made = edited(
        made, lambda xml: re.sub(r'(w:val="title_el"/>.*?)<w:showingPlcHdr/>', r"\1", xml, count=1)
    )
    made = changed_text(made, "Γράψτε εδώ", "Νέα πρακτική", 1)
    preview = upload(anna, None, made)
    answer = confirm(anna, None, preview.text)
    assert answer.status_code == 303
    again = confirm(anna, None, preview.text)
    assert again.location == answer.location
    found = store.list_of_municipality(db, "athens")
    assert len(found) == 1
    assert content_of(db, found[0]) == {"title": {"el": "Νέα πρακτική"}, "municipality": "athens"}


def test_network_staff_say_whose_practice_it_is(sign_in: SignIn) -> None:
    mona = sign_in("Mona")
    made = mona.get("/el/my-practices/word-template").data
    assert upload(mona, None, made).status_code == 400


def test_document_of_another_practice_takes_nothing_by_itself(
    db: Database, practice: Practice, sign_in: SignIn, member: Person
) -> None:
    anna = sign_in("Anna")
    other = actions.create(db, member("Anna"), "other", {**FULL, "title": {"el": "Άλλη"}})
    preview = upload(anna, other, downloaded(anna, practice))
    confirm(anna, other, preview.text)
    assert content_of(db, other)["title"] == {"el": "Άλλη"}


def test_what_the_confirmation_brings_is_held_to_the_template(
    db: Database, practice: Practice, sign_in: SignIn
) -> None:
    anna = sign_in("Anna")
    for found in ("", "[]", "{", "[" * 5000, '{"content": {"title": {"el": "x\\u0000"}}}'):
        data = {"found": found}
        assert anna.post(f"/el/my-practices/{practice.id}/word/apply", data=data).status_code == 303
    assert content_of(db, practice) == FULL


def test_longest_practice_comes_through_the_confirmation(
    db: Database, practice: Practice, sign_in: SignIn
) -> None:
    anna = sign_in("Anna")
    text = "Λέξη και λέξη. " * 1300
    prose = [field.code for field in FIELDS if field.kind is Kind.PROSE]
    long = {**FULL, **{code: {"el": text.strip(), "en": text.strip()} for code in prose}}
    found = actions_of_office.Found(
        long,
        tuple(f"{c}_{lang}" for c in prose for lang in ("el", "en")),
        (),
        merge.marks(FULL, FIELDS),
    )
    answer = anna.post(f"/el/my-practices/{practice.id}/word/apply", data={"found": found.packed()})
    assert answer.status_code == 303
    assert content_of(db, practice) == long


@pytest.mark.parametrize("name", ["Clara", "Mona", None])
def test_document_is_for_the_practices_own_people(
    practice: Practice, sign_in: SignIn, name: str | None
) -> None:
    status = sign_in(name).get(f"/el/my-practices/{practice.id}/word").status_code
    assert status == (404 if name else 303)
