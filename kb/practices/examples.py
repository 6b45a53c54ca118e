"""A short example of each text of the template, shown beside its field: one invented case."""

from __future__ import annotations

from collections.abc import Mapping

EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "title": {
        "el": "Τράπεζα διερμηνέων για τις υπηρεσίες του Δήμου Παραδείγματος",
        "en": "A pool of interpreters for the services of the Municipality of Example",
    },
    "summary": {
        "el": "Δώδεκα διερμηνείς κλείνονται με ένα τηλεφώνημα για κάθε ραντεβού στις κοινωνικές"
        " υπηρεσίες. Οι αναβολές λόγω γλώσσας έπεσαν από 40 σε 5 τον μήνα.",
        "en": "Twelve interpreters can be booked by one phone call for any appointment at the"
        " social services. Postponements because of language fell from 40 to 5 a month.",
    },
    "challenge": {
        "el": "Το 2021 ένα στα τρία ραντεβού του Κέντρου Κοινότητας αναβαλλόταν, επειδή δεν υπήρχε"
        " κοινή γλώσσα. Συχνά διερμήνευαν τα παιδιά της οικογένειας.",
        "en": "In 2021 one in three appointments at the Community Centre was postponed for want of"
        " a common language. Often the family's children interpreted.",
    },
    "goals": {
        "el": "Κανένα ραντεβού να μην αναβάλλεται λόγω γλώσσας και κανένα παιδί να μη διερμηνεύει.",
        "en": "No appointment postponed because of language, and no child interpreting.",
    },
    "how_it_works": {
        "el": "1. Η υπηρεσία τηλεφωνεί στον συντονιστή έως την προηγούμενη ημέρα.\n"
        "2. Ο συντονιστής κλείνει διερμηνέα της κατάλληλης γλώσσας.\n"
        "3. Μετά το ραντεβού ο διερμηνέας και η υπηρεσία συμπληρώνουν ένα σύντομο δελτίο.",
        "en": "1. The service phones the coordinator by the day before.\n"
        "2. The coordinator books an interpreter for the language.\n"
        "3. After the appointment the interpreter and the service fill in a short slip.",
    },
    "results": {
        "el": "Μέσα στο 2023 έγιναν 1.140 διερμηνείες (μητρώο του συντονιστή). Οι αναβολές έπεσαν"
        " από 40 σε 5 τον μήνα, κατά εκτίμηση της υπηρεσίας.",
        "en": "In 2023 there were 1,140 interpretations (the coordinator's register). Postponements"
        " fell from 40 to 5 a month, by the service's estimate.",
    },
    "indicators": {
        "el": "Διερμηνείες – 1140 – ραντεβού – 2023",
        "en": "Interpretations – 1140 – appointments – 2023",
    },
    "obstacles": {
        "el": "Η πληρωμή των διερμηνέων καθυστερούσε έως τέσσερις μήνες. Λύθηκε με σύμβαση-πλαίσιο"
        " και μηνιαία εκκαθάριση.",
        "en": "Interpreters were paid up to four months late. A framework contract with monthly"
        " settlement solved it.",
    },
    "lessons": {
        "el": "Κάντε: δώστε σε κάθε διερμηνέα ένα άτομο αναφοράς. Μην κάνετε: μη ζητάτε από τους"
        " διερμηνείς να δίνουν και συμβουλές.",
        "en": "Do give each interpreter one person to turn to. Do not ask interpreters to give"
        " advice as well.",
    },
    "transferability": {
        "el": "Πρέπει να μείνει: ένας συντονιστής με ένα τηλέφωνο. Μπορεί να αλλάξει: οι γλώσσες, ο"
        " αριθμός των διερμηνέων, η διερμηνεία από απόσταση.",
        "en": "Must stay: one coordinator with one telephone. May change: the languages, the number"
        " of interpreters, interpreting at a distance.",
    },
    "resources": {
        "el": "Περίπου 48.000 € τον χρόνο για τις ώρες διερμηνείας και μία θέση συντονιστή. Χώρος"
        " και τηλέφωνο υπήρχαν.",
        "en": "About €48,000 a year for the hours of interpreting, and one post of coordinator."
        " Room and telephone were there.",
    },
    "partners": {
        "el": "Σύλλογος διερμηνέων Παραδείγματος – σύλλογος",
        "en": "Interpreters' Association of Example – association",
    },
    "contact": {
        "el": "Τμήμα Κοινωνικής Ένταξης – entaxi@paradeigma.gr",
        "en": "Social Integration Department – entaxi@paradeigma.gr",
    },
    "links": {
        "el": "Οδηγός για τις υπηρεσίες – https://www.paradeigma.gr/odigos",
        "en": "Guide for the services – https://www.paradeigma.gr/guide",
    },
    "sources": {
        "el": "Ετήσιος απολογισμός 2023 – https://www.paradeigma.gr/apologismos-2023",
        "en": "Annual report 2023 – https://www.paradeigma.gr/report-2023",
    },
}
