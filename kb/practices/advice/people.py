"""People who can be told by what stands in a text: names with titles, own mailboxes, shelters."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from kb.practices.advice.model import Found
from kb.practices.advice.texts import plain

CAPITAL = "A-ZÀ-ÖØ-ÞΑ-ΩΆΈΉΊΌΎΏΪΫ"
SMALL = "a-zß-öø-ÿα-ωάέήίόύώϊϋΐΰς"
NAME = (
    rf"[{CAPITAL}](?:[{SMALL}]{{1,30}}|[{CAPITAL}]{{2,30}}|\.|(?=[’']))"
    rf"(?:[-’'][{CAPITAL}](?:[{SMALL}]{{1,30}}|[{CAPITAL}]{{2,30}}))?"
)
TITLE = (
    # At the beginning of a line “κ.” may number the part of a list.
    r"(?:(?<=[^\n.][ \u00a0])|(?<=\()|\A)κ\.(?:κ\.)?|[κΚ](?:ος|ου|ας|α|ο)\.?|κες"
    r"|κύριος|κυρίου|κύριο|κύριε|κυρία|κυρίας|κυρίες|Δρ\.?|Καθ\.|(?:Mrs?|Ms|Dr|Prof)\.?|Miss"
)
TITLED = re.compile(
    rf"(?<![\w.])(?:{TITLE})[ \u00a0]{{0,2}}(?P<name>{NAME}(?:[ \u00a0]{{1,2}}{NAME}){{0,3}})(?!\w)"
)
# A single letter does not tell who it is.
WHOLE_NAME = re.compile(r"\w{3}")
# Whoever is called by what they do is not named; and «κύριος» is a main thing, too. No accents.
NOT_A_NAME = re.compile(
    r"(?:αντι|υφ|συν|προ)?(?:δημαρχ|περιφερειαρχ|υπουργ|προεδρ|γενικ|διευθυν|προιστ|συντον|γραμματ"
    r"|καθηγ|συμβουλ|επιτροπ|υπευθυν|βουλευτ|δικαστ|εισαγγελ|διοικητ|ειδικ|αναπληρ|κωδικ|μον[ηεω]"
    r"|στοχ|αναδοχ|εταιρ|δικαιουχ|φορε|δραστηρι|δρασ|τιτλ"
    r"|mayor|deputy|minister|president|chair|director|secretary|commissioner|head|professor|vice"
    r"|governor|ambassador|prime)"
)

# A doctor of something, not one of that name.
DEGREE = re.compile(r"Δρ\.?\s\w{0,20}(?:ίας|ικής|ικών|τητας)(?:\s.{0,60})?")

MAILBOX = re.compile(
    r"(?<![\w.+-])(?P<box>[\w](?:[\w.+-]{0,62}\w)?)"
    r"@(?P<host>(?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24})(?![\w-])"
)
PRIVATE_HOSTS = re.compile(
    r"(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|live|msn|icloud|me|aol|proton|protonmail|gmx"
    r"|windowslive)\.(?:com|gr|net|me|de|fr|it|es|eu|org|co\.uk|com\.gr)|in\.gr|freemail\.gr"
    r"|mailbox\.gr|otenet\.gr|hol\.gr|forthnet\.gr",
    re.IGNORECASE,
)
# What the mailboxes of offices are called, and how the parts of their names begin.
OFFICES = re.compile(
    r"(?:kem|kep|kek|kap|kdap|kdvm|sem|it|ict|hr|eu|dpo|cni|pr|koin|ddd|org|net|local|home|all)"
    r"|(?:info|contact|epikoin|office|graf|mail|post|admin|secret|gramm|prot|dimo[su]|dimar|munic"
    r"|mayor|press|help|support|servic|ypires|tmima|dief|dieth|team|hello|koinon|social|welf|pron"
    r"|entax|enta3|integr|inclus|migr|metan|prosf|refug|asyl|kentr|cent|kedivim|symv|simv|counc"
    r"|semp|city|town|polis|school|sx?olei|sch?ol|dipe|libr|bibl|vivl|health|ygei|iatr|legal|nomik"
    r"|job|ergas|empl|apasx|apasch|ethel|volun|shelter|xenon|hous|stegas|estia|helios|europ|proj"
    r"|progr|erasm|data|gdpr|web|news|no-?reply|train|ekpaid|educ|paidi|youth|neol|wom[ae]n|gynaik"
    r"|child|famil|oikog|public|citiz|politis|commun|accmr|desk|hotl|line|intern|ngo|mko|organ"
    r"|assoc|syll|found|idrym).*",
    re.IGNORECASE,
)
PERSONAL_BOX = re.compile(r"[^\W\d_]{1,30}[._][^\W\d_]{2,30}\d{0,4}")

SHELTER = re.compile(
    r"ξενών\w{1,3}|καταφύγι\w{1,2}|δομ(?:ή|ής|ές|ών) φιλοξενίας"
    r"|προστατευόμεν\w{1,3} διαμερίσμ\w{2,5}"
    r"|shelters?|safe house|refuge for|women.s refuge",
    re.IGNORECASE,
)
WORDS = rf"(?:[{CAPITAL}]\w{{1,30}}\.?,?\s){{1,4}}"
ROAD = r"(?:[sS]treet|[sS]tr?\.|[aA]venue|[aA]ve\.|[rR]oad)"
STREET = re.compile(
    rf"(?:\b(?:[οΟ]δ(?:ός|ού|ό)|οδ\.|λεωφ\.|[λΛ]εωφόρο[ςυ]?)\s{WORDS}(?:αρ\.\s?)?\d{{1,3}}"
    rf"|\b\d{{1,3}}[A-Za-z]?,?\s{WORDS}{ROAD}"
    rf"|\b{WORDS}{ROAD},?\s\d{{1,3}})(?!\d)"
)
# Where one ends, and with it what is said of the house; not after οδ. or αρ.
SENTENCE_END = re.compile(rf"(?<!οδ)(?<!λεωφ)(?<!αρ)[.!;?·]\s+(?=[{CAPITAL}])|\n")


def names(text: str) -> Iterator[Found]:
    """Capitalised words after Mr, κ. and the like, where they are not what somebody does."""
    for found in TITLED.finditer(text):
        is_other = NOT_A_NAME.match(plain(found["name"])) or DEGREE.fullmatch(found[0])
        if WHOLE_NAME.search(found["name"]) and not is_other:
            yield Found(found[0], found.start())


def mailboxes(text: str) -> Iterator[Found]:
    """E-mail addresses that seem to be one person's."""
    for found in MAILBOX.finditer(text):
        if is_personal(found["box"], found["host"]):
            yield Found(found[0], found.start())


def is_personal(box: str, host: str) -> bool:
    """Whether a mailbox is one of a private provider, or is called as people are."""
    if any(OFFICES.fullmatch(part) for part in re.split(r"[._+-]", box)):
        return False
    return bool(PRIVATE_HOSTS.fullmatch(host) or PERSONAL_BOX.fullmatch(box))


def shelters(text: str) -> Iterator[Found]:
    """Streets with a number in one sentence with the word for a shelter."""
    if not SHELTER.search(text):
        return
    ends = [0, *(found.end() for found in SENTENCE_END.finditer(text)), len(text)]
    for start, end in pairwise(ends):
        if SHELTER.search(text, start, end):
            for street in STREET.finditer(text, start, end):
                yield Found(street[0], street.start())
