"""Numbers that lead to a person or to their money: telephone, AFM, AMKA, IBAN, papers."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator
from datetime import date

from kb.practices.advice.model import Found

# What people put between the groups of a number: one blank of any width, or a hyphen of any length.
GAP = r"[ \u00a0\u2007\u2009\u202f\-\u2010-\u2013]"
PHONE_GAP = r"[ \u00a0\u2007\u2009\u202f\-\u2010-\u2013/.()]"
# A number does not begin or end within a longer one, a sum or a reference to a law of some year.
BEFORE = r"(?<!\w)(?<!\d[.,:/\-])"
AFTER = r"(?!\w)(?![.,:]\d)(?!/(?:19|20)\d\d)"

DIGITS = re.compile(rf"{BEFORE}\d(?:{GAP}?\d){{8,10}}{AFTER}")
NATIONAL = re.compile(
    rf"(?<!\w)(?<!\d[.,:])(?:(?:\+|00)30{PHONE_GAP}{{0,2}})?(?:\((?=\d{{2,5}}\)))?"
    rf"(?P<number>(?:2[1-8]|69)(?:{PHONE_GAP}{{0,2}}\d){{8}}){AFTER}"
)
ABROAD = re.compile(rf"(?<![\w+])\+(?!30)[1-9]\d{{0,2}}(?:[()]?{GAP}?[()]?\d){{7,11}}{AFTER}")
# Accounts of a budget, protocol numbers and the like look the same: the word before them tells.
REFERENCE_BEFORE = re.compile(
    r"(?:ΑΛΕ|ΚΑΕ|ΚΑΔ|ΕΦ|MIS|ΟΠΣ|ΑΔΑ|ΑΔΑΜ|ISBN|ΚΑΕΚ|Κ\.?Α\.|[Κκ]ωδ\w{0,5}|πρωτ\w{0,8}|protocol|code)"
    r"[^\w\n]{0,4}$"
)
# How many digits the groups of a number have: 210 123 4567 is one, 2100–2500 15 is not.
PHONE_SHAPES = frozenset(
    "10 28 37 46 55 244 334 343 352 433 523 532 3322 3223 4222 5122 5221 22222".split()
)
# Three by three they would be any row of a table.
TAX_SHAPES = frozenset(["9"])
INSURANCE_SHAPES = frozenset("11 65 614 632 2225 6221 6122".split())
IBAN = re.compile(rf"{BEFORE}[A-Z]{{2}}\d\d(?:[ \u00a0\-]?[A-Z0-9]){{11,30}}(?!\w)")
# How the numbers of papers look differs from office to office: they are known by what is said
# before them.
PAPERS = re.compile(
    r"(?<!\w)(?:ΔΙΚΑ|ΔΑΔΠ|ΑΔΕΤ|ΠΑΑΥΠΑ|ΑΔΤ|PAAYPA|DIKA|διαβατήρι\w{1,3}|άδει\w{1,2} διαμονής"
    r"|δελτί\w{1,2} (?:ταυτότητας|αιτούντος\w{0,2}|αιτούσας|αιτούντων|ασύλου|διαμονής)"
    r"|αριθμ\w{1,3} (?:υπόθεσης|ταυτότητας|μητρώου αλλοδαπών)"
    r"|passport|residence permit|asylum (?:card|case|seeker.s card)|identity card"
    r"|case (?:no|number|file))"
    r"[^\w\n]{0,3}(?:(?:αρ|αριθ\w{0,5}|no|nr|number|με|with|διεθνή|προστασία)[.ºο]?"
    r"[^\w\n]{1,3}){0,3}(?P<number>(?:[A-ZΑ-Ω]{1,3}[ -]?)?\d(?:[ /-]?\d){5,15})(?!\w)",
    re.IGNORECASE,
)  # fmt: skip
OTHER_DIGIT = re.compile(r"(?![0-9])\d")
LOOKALIKES = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX")


def plain_digits(text: str) -> str:
    """The text with the digits of any script as 0–9, each in its place."""
    return OTHER_DIGIT.sub(lambda found: str(int(found[0])), text)


def phones(text: str) -> Iterator[Found]:
    """Numbers of telephones in Greece, and of others where they are written with a plus."""
    for found in NATIONAL.finditer(text):
        is_reference = REFERENCE_BEFORE.search(text[max(0, found.start() - 20) : found.start()])
        if _shape(found["number"]) in PHONE_SHAPES and not is_reference:
            yield Found(found[0], found.start())
    for found in ABROAD.finditer(text):
        yield Found(found[0], found.start())


def _shape(number: str) -> str:
    """How many digits its groups have, one after the other."""
    return "".join(str(len(group)) for group in re.findall(r"\d+", number))


def tax_numbers(text: str) -> Iterator[Found]:
    """Nine digits of which the last one proves that they are an AFM."""
    return _numbers(text, TAX_SHAPES, is_tax_number)


def insurance_numbers(text: str) -> Iterator[Found]:
    """Eleven digits that begin with a date of birth and prove to be an AMKA."""
    return _numbers(text, INSURANCE_SHAPES, is_insurance_number)


def _numbers(text: str, shapes: Container[str], is_one: Callable[[str], bool]) -> Iterator[Found]:
    for found in DIGITS.finditer(text):
        if _shape(found[0]) in shapes and is_one(re.sub(r"\D", "", found[0])):
            yield Found(found[0], found.start())


def is_tax_number(digits: str) -> bool:
    """Whether the ninth digit of an AFM follows from the other eight."""
    total = sum(int(digit) << (8 - place) for place, digit in enumerate(digits[:8]))
    return total > 0 and total % 11 % 10 == int(digits[8])


def is_insurance_number(digits: str) -> bool:
    """Whether eleven digits are a date, DDMMYY, with a check digit after Luhn."""
    try:
        date(2000 + int(digits[4:6]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return False
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(digits))
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def accounts(text: str) -> Iterator[Found]:
    """Bank accounts: their check digits decide (ISO 13616)."""
    for found in IBAN.finditer(text.translate(LOOKALIKES)):
        if account := _account_in(found[0]):
            yield Found(text[found.start() : found.start() + len(account)], found.start())


def _account_in(candidate: str) -> str:
    """The account at the beginning of the candidate, with its blanks; words may follow it."""
    ends = [found.start() for found in re.finditer(r"[ \u00a0\-]|$", candidate)]
    return next((candidate[:end] for end in reversed(ends) if is_account(candidate[:end])), "")


def is_account(text: str) -> bool:
    """Whether the letters and digits of an IBAN leave 1 when divided by 97."""
    letters = re.sub(r"[^A-Z0-9]", "", text)
    if not 15 <= len(letters) <= 34:
        return False
    return int("".join(str(int(each, 36)) for each in letters[4:] + letters[:4])) % 97 == 1


def papers(text: str) -> Iterator[Found]:
    """Numbers of permits, cards, passports and case files."""
    for found in PAPERS.finditer(text):
        yield Found(found["number"], found.start("number"))
