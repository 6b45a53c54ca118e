"""What is pointed out to whoever writes, and what is left alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kb.practices import records
from kb.practices.advice import Advice, advise
from kb.practices.advice.kinds import KINDS
from kb.practices.template import BY_CODE

DEMO = Path(records.__file__).parent / "demo" / "practices.jsonl"
EXPANSIONS = {"el": {"ΚΕΜ": "Κέντρο Ένταξης Μεταναστών (ΚΕΜ)"}, "en": {}}


def told(text: str, language: str = "el", field: str = "how_it_works") -> dict[str, list[str]]:
    """What each kind finds in one text."""
    found = advise({field: {language: text}}, EXPANSIONS)
    return {each.kind.code: [one.words for one in each.found] for each in found}


def only(found: list[Advice]) -> Advice:
    assert len(found) == 1, found
    return found[0]


# Text, kind, the words that are found.
POINTED_OUT = [
    ("Η κα Παπαδοπούλου σηκώνει το τηλέφωνο.", "name", "κα Παπαδοπούλου"),
    ("Μιλήστε με τον κ. Γ. Παπαδόπουλο για το κλειδί.", "name", "κ. Γ. Παπαδόπουλο"),
    ("Ο Δρ. Αντώνης Μαρίνος εξετάζει.", "name", "Δρ. Αντώνης Μαρίνος"),
    ("Το έγραψε (κ. Ελένη Δημητρίου) το 2019.", "name", "κ. Ελένη Δημητρίου"),
    ("Η κα ΠΑΠΑΔΟΠΟΥΛΟΥ ΜΑΡΙΑ υπογράφει κάθε αίτηση.", "name", "κα ΠΑΠΑΔΟΠΟΥΛΟΥ ΜΑΡΙΑ"),
    ("Με την κυρία Χασάν μιλήσαμε πρώτα.", "name", "κυρία Χασάν"),
    ("Επικοινωνία: κ. Παπαδόπουλος", "name", "κ. Παπαδόπουλος"),
    ("Ο δήμαρχος, κ. Παπαδόπουλος, εγκαινίασε.", "name", "κ. Παπαδόπουλος"),
    ("κ. Παπαδόπουλος", "name", "κ. Παπαδόπουλος"),
    ("Ask Mrs Jane O’Neill first.", "name", "Mrs Jane O’Neill"),
    ("Dr. Hassan-Ali sees families.", "name", "Dr. Hassan-Ali"),
    ("Η Μαρία Παπαδοπούλου είπε ναι.", "name", "Μαρία Παπαδοπούλου"),
    ("Μιλήστε με τον Γιώργο Κ. Παππά πρώτα.", "name", "Γιώργο Κ. Παππά"),
    ("Μαρία Νικολάου, 34 ετών, μητέρα δύο παιδιών.", "name", "Μαρία Νικολάου"),
    ("Ο Αχμέτ Χασάν ήρθε από τη Συρία.", "name", "Αχμέτ Χασάν"),
    ("Υπεύθυνη: Παπαδοπούλου Μαρία", "name", "Παπαδοπούλου Μαρία"),
    ("Ο Γ. Παπαδόπουλος το έγραψε.", "name", "Γ. Παπαδόπουλος"),
    ("Η αντιδήμαρχος Κοινωνικής Πολιτικής Μαρία Παππά.", "name", "Μαρία Παππά"),
    ("Η κα Ελένη Μάνου και η Άννα Μάνου.", "name", "κα Ελένη Μάνου; Άννα Μάνου"),
    ("Ask Fatima Al-Hassan or John Smith.", "name", "Fatima Al-Hassan; John Smith"),
    ("Γράψτε στο maria.papadopoulou@athens.gr.", "email", "maria.papadopoulou@athens.gr"),
    ("Γράψτε στο m.papadopoulou@athens.gr.", "email", "m.papadopoulou@athens.gr"),
    ("Γράψτε στο nikos1975@gmail.com.", "email", "nikos1975@gmail.com"),
    ("[Μαρία](mailto:maria.p-a@yahoo.gr)", "email", "maria.p-a@yahoo.gr"),
    ("Τηλέφωνο 2101234567 πρωί.", "phone", "2101234567"),
    ("Τηλ.: 210 123 4567.", "phone", "210 123 4567"),
    ("Τηλ. (231) 331-7575, πρωί", "phone", "(231) 331-7575"),
    ("κινητό: 694 412 3456", "phone", "694 412 3456"),
    ("κινητό 69.44.12.34.56", "phone", "69.44.12.34.56"),
    ("+30 2610 123456", "phone", "+30 2610 123456"),
    ("call 00302101234567 now", "phone", "00302101234567"),
    ("call +49 30 1234 5678", "phone", "+49 30 1234 5678"),
    ("ΑΦΜ 090000045", "afm", "090000045"),
    ("ΑΜΚΑ 01018012342.", "amka", "01018012342"),
    ("λογαριασμός GR16 0110 1250 0000 0001 2300 695", "iban", "GR16 0110 1250 0000 0001 2300 695"),
    ("αρ. υπόθεσης: άδεια διαμονής με αριθμό 1234567", "document", "1234567"),
    ("ΔΙΚΑ: 66/000012345", "document", "66/000012345"),
    ("passport no. AB1234567", "document", "AB1234567"),
    ("ΑΔΤ ΑΒ 123456", "document", "ΑΒ 123456"),
    ("Ο ξενώνας είναι στην οδό Αγίου Δημητρίου 15.", "shelter", "οδό Αγίου Δημητρίου 15"),
    ("Το καταφύγιο, οδός Ερμού, 15, Αθήνα.", "shelter", "οδός Ερμού, 15"),
    ("Ξενώνας: οδ. Ερμού 15.", "shelter", "οδ. Ερμού 15"),
    ("The shelter is at 15 Saint Helen Street.", "shelter", "15 Saint Helen Street"),
    ("Το ΚΕΜ ανοίγει στις εννέα.", "acronym", "ΚΕΜ"),
    ("Μαζί η ΕΛΜΕ και ο δήμος.", "acronym", "ΕΛΜΕ"),
    ("Το Κ.Ε.Μ. ανοίγει στις εννέα.", "acronym", "Κ.Ε.Μ."),
    (
        "Δείτε https://example.gr/a για όλα όσα κάνουμε κάθε μέρα με τους γείτονες.",
        "link_only",
        None,
    ),
    ("Όλα στον [οδηγό](https://example.gr/a).", "link_only", "οδηγό"),
    ("https://example.gr/odigos", "link_only", "https://example.gr/odigos"),
    ("Για τη φόρμα [πατήστε εδώ](https://example.gr/a).", "vague_link", "πατήστε εδώ"),
    ("Για τη φόρμα [**ΕΔΩ**](https://example.gr/a).", "vague_link", "**ΕΔΩ**"),
    ("[Read more…](https://example.gr/a)", "vague_link", "Read more…"),
    ("Η φόρμα: https://example.gr/a", "bare_address", "https://example.gr/a"),
    ("[https://example.gr/a](https://example.gr/a)", "bare_address", "https://example.gr/a"),
    ("<https://example.gr/a>", "bare_address", "https://example.gr/a"),
    ("[φόρμα](https://a.gr/1) και [Φόρμα](https://a.gr/2)", "same_link", "Φόρμα"),
    ("# Βήματα\n\nΠρώτα.", "heading_high", "Βήματα"),
    ("Βήματα\n===\n\nΠρώτα.", "heading_high", "Βήματα"),
    ("### Βήματα\n\nΠρώτα.", "heading_skip", "Βήματα"),
    ("## Βήματα\n\n#### Πρώτο\n", "heading_skip", "Πρώτο"),
    ("**Βήματα**\n\nΠρώτα.", "heading_bold", "Βήματα"),
    ("Αρχή.\n\n**Βήματα:**\nΠρώτα.", "heading_bold", "Βήματα:"),
]

# Texts in which nothing is found.
LEFT_ALONE = [
    "Διερμηνείς, μεσολαβητές κ.ά. Στην αρχή ήταν δύο.",
    "Φαγητό, ρούχα κ.λπ. Ο δήμος πληρώνει, κ.ο.κ. Έπειτα όλοι.",
    "Ευχαριστούμε τον κ. Δήμαρχο και τον κ. Αντιδήμαρχο Κοινωνικής Πολιτικής.",
    "ι. Δαπάνες\nκ. Έγκριση του προϋπολογισμού",
    "Δρ. Κοινωνιολογίας του πανεπιστημίου.",
    "Ο ξενώνας έχει έξι δωμάτια. Το γραφείο μας είναι στην οδό Ερμού 15.",
    "Η κύρια δράση και ο κύριος Στόχος.",
    "Προς τον κ. ΔΗΜΑΡΧΟ, όπως κάθε χρόνο.",
    "Thank you, Mr Mayor.",
    "Οδός Ελευθερίου Βενιζέλου και πλατεία Νίκου Πλουμπίδη.",
    "Ελευθερίου Βενιζέλου 34, Καλλιθέα, επί της Αλεξάνδρου Παπαναστασίου.",
    "Η Δομή Μαρία Κάλλας, η δομή «Ελένη Βλάχου» και το Γυμνάσιο Μανώλης Ανδρόνικος.",
    "Ο Δήμος Παύλου Μελά, ο Άγιος Νικόλαος Κρήτης, ο Αγ. Δημήτριος Αττικής.",
    "Με δωρεά του Ιδρύματος Σταύρος Νιάρχος.",
    "The Stavros Niarchos Foundation, Martin Luther King Street, Robert Bosch Stiftung.",
    "Η Μαρία και ο Γιώργος έρχονται κάθε Τρίτη. Ο Στρατός Ξηράς βοηθά.",
    "Γράψτε στο info@athens.gr ή στο koinoniki.ypiresia@athens.gr ή kem.athens@gmail.com.",
    "Από το 2015 έως το 2021, 2019–2020, 2018 2019 2020.",
    "Κόστος 210.000.000 ευρώ, 2.150.000.000 ή 215 000 000 ευρώ, 4.999.748,80 €.",
    "Ο ν. 4375/2016 και ο ν. 4636/2019, ΦΕΚ Α΄ 51/2016, κτηματολόγιο 050681726008/0/0.",
    "Το 69% των 2.310 μαθητών, 26.000-27.000 ώρες.",
    "Πίστωση με κωδικό 2420401001, αρ. πρωτ. 2310123456.",
    "ΑΦΜ 090000046 και ΑΜΚΑ 01018012343 δεν υπάρχουν.",
    "GR17 0110 1250 0000 0001 2300 695",
    "Οι δρόμοι γύρω από την οδό Ερμού 15 έγιναν πεζόδρομοι.",
    "Το Κέντρο Ένταξης Μεταναστών (ΚΕΜ) ανοίγει. Το ΚΕΜ κλείνει.",
    "Τα κέντρα: ΚΕΜ (Κέντρο Ένταξης Μεταναστών).",
    "Το Κέντρο Ένταξης Μεταναστών ανοίγει· το Κ.Ε.Μ. κλείνει.",
    "Στα Κέντρα Ένταξης των Μεταναστών: ΚΕΜ.",
    "Η Δημοτική Κοινωφελής Επιχείρηση Λάρισας, η ΔΗΚΕΛ.",
    "Το Συμβούλιο Ένταξης Μεταναστών και Προσφύγων: ΣΕΜΠ.",
    "Η ΕΕ, ο ΟΗΕ, οι ΜΚΟ και ο ΑΜΚΑ.",
    "ΠΡΟΣΟΧΗ: ΚΛΕΙΣΤΟ ΤΟΝ ΜΑΪΟ",
    "Κεφάλαιο XIV και μέρος ΙΙ.",
    "Με το έργο MILE και το πρόγραμμα «ΦΩΛΙΑ».",
    "COVID-19 και e-mail.",
    "Η [φόρμα για γονείς](https://a.gr/f) έχει έξι ερωτήσεις για το σπίτι, μία για όλους.",
    "## Βήματα\n\n### Πρώτο\n\nΈνα.\n\n## Άλλο",
    "Ο **διερμηνέας** έρχεται.\n\n- **Πρώτα:** τηλέφωνο.",
    "```\n# όχι επικεφαλίδα\n```",
]


@pytest.mark.parametrize(("text", "kind", "words"), POINTED_OUT)
def test_what_is_pointed_out(text: str, kind: str, words: str | None) -> None:
    found = told(text).get(kind)
    assert found == (words.split("; ") if words else None)


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_left_alone(text: str) -> None:
    assert told(text) == {}


def test_each_kind_is_found_somewhere() -> None:
    found = {kind for _text, kind, words in POINTED_OUT if words}
    assert found == {kind.code for kind in KINDS}


def test_an_abbreviation_is_told_once_with_what_the_library_calls_it() -> None:
    content = {
        "title": {"el": "Το ΚΕΜ της γειτονιάς"},
        "how_it_works": {"el": "Στο ΚΕΜ, με το ΚΕΜ."},
    }
    advice = only(advise(content, EXPANSIONS))
    assert (advice.kind.code, advice.input, advice.language) == ("acronym", "title_el", "el")
    assert [(one.words, one.place, one.better) for one in advice.found] == [
        ("ΚΕΜ", 3, "Κέντρο Ένταξης Μεταναστών (ΚΕΜ)")
    ]


def test_what_one_language_spells_out_the_other_has_to_as_well() -> None:
    content = {
        "title": {"el": "Κέντρο Ένταξης Μεταναστών (ΚΕΜ)", "en": "The KEM of the town"},
    }
    assert only(advise(content)).language == "en"


def test_a_partner_is_a_name_and_spells_out() -> None:
    content = {
        "summary": {"el": "Με την ΑΝΚΑ και τον ΔΟΜ."},
        "partners": [
            {"name": {"el": "ΑΝΚΑ"}, "type": "company"},
            {"name": {"el": "Διεθνής Οργανισμός Μετανάστευσης"}, "type": "un"},
        ],
    }
    assert advise(content) == []


def test_persons_come_first_and_then_the_order_of_the_page() -> None:
    content = {
        "how_it_works": {"el": "Το ΚΕΜ. Ο κ. Νίκος Μάνος, 2101234567."},
        "summary": {"el": "Το ΣΕΜΠ."},
        "contact": {"service": {"el": "κα Μάνου"}, "mailbox": "n.manos@athens.gr"},
    }
    found = [(each.input, each.kind.code) for each in advise(content)]
    assert found == [
        ("how_it_works_el", "name"),
        ("how_it_works_el", "phone"),
        ("contact_service_el", "name"),
        ("contact_mailbox", "email"),
        ("summary_el", "acronym"),
        ("how_it_works_el", "acronym"),
    ]


def test_only_the_fields_asked_for_are_told_of_yet_all_are_read() -> None:
    content = {
        "title": {"el": "Κέντρο Ένταξης Μεταναστών (ΚΕΜ)"},
        "summary": {"el": "Η κα Μάνου."},
        "how_it_works": {"el": "Στο ΚΕΜ. Ο κ. Νίκος Μάνος."},
    }
    found = advise(content, EXPANSIONS, [BY_CODE["how_it_works"]])
    assert [(each.input, each.kind.code) for each in found] == [("how_it_works_el", "name")]


def test_the_demo_library_gets_little_advice_and_none_about_persons() -> None:
    kinds: dict[str, int] = {}
    for line in DEMO.read_text("utf-8").splitlines():
        content: dict[str, Any] = json.loads(line)
        for each in advise(content):
            kinds[each.kind.code] = kinds.get(each.kind.code, 0) + len(each.found)
    assert set(kinds) <= {"acronym"}
    # Half of them are the ΚΕΜ (KEM) of texts that do not say what it is.
    assert kinds["acronym"] <= 32
