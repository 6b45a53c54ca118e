"""The practice template: each field once. Form, page, completeness, import and search follow it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from kb.practices.examples import EXAMPLES

LANGUAGES = ("el", "en")


class Kind(Enum):
    """What a field holds; the comment gives its shape in a practice's content."""

    LINE = "line"  # {"el": str, "en": str}, one line; limit in characters
    PROSE = "prose"  # {"el": str, "en": str}, Markdown; limit in words
    CODE = "code"  # str, a term of the field's vocabulary
    CODES = "codes"  # [str, …]; limit in terms
    MUNICIPALITY = "municipality"  # str
    MUNICIPALITIES = "municipalities"  # [str, …]
    PLACE = "place"  # {"el": str, "en": str, "country": "NL"}
    MONTH = "month"  # "2019" or "2019-05"
    FLAG = "flag"  # true, or absent
    ROWS = "rows"  # [{column: value, …}, …]; limit in rows
    CONTACT = "contact"  # {"service": {"el", "en"}, "mailbox": str, "visibility": str}
    LANGUAGE = "language"  # "el" or "en"
    FILES = "files"  # [{"file": hash, …}, …]: what was uploaded, described; limit in files


# card: asked for by the quick card, and by every practice that is imported.
# submission: asked for when a person submits. full: raises completeness. optional: does neither.
Need = Literal["card", "submission", "full", "optional"]


@dataclass(frozen=True)
class Column:
    """One cell of a row: localised text, plain text, a number, a period, a link or a term."""

    code: str
    kind: Literal["text", "plain", "number", "period", "url", "term"]
    label: LazyString
    required: bool = True
    vocabulary: str | None = None


@dataclass(frozen=True)
class Field:
    """One field of the template. ``facet`` is its name among the filters of search."""

    code: str
    kind: Kind
    section: str
    label: LazyString
    hint: LazyString | str = ""
    need: Need = "full"
    on_card: bool = False
    vocabulary: str | None = None
    limit: int | None = None
    facet: str | None = None
    columns: tuple[Column, ...] = ()

    @property
    def is_localised(self) -> bool:
        return self.kind in (Kind.LINE, Kind.PROSE)

    @property
    def example(self) -> Mapping[str, str]:
        """How the field may read, per language; empty where the label says it all."""
        return EXAMPLES.get(self.code, {})


@dataclass(frozen=True)
class Section:
    """A group of fields under one heading, in the form and on the page."""

    code: str
    label: LazyString
    hint: LazyString


SECTIONS = (
    Section("card", _("The practice in short"), _("Title, summary, area, whom it serves, when.")),
    Section("what", _("What it is"), _("The problem, the goals and how it works.")),
    Section("results", _("Results"), _("What changed, with figures where you have them.")),
    Section("experience", _("Experience"), _("What made it hard and what you learned.")),
    Section(
        "transfer", _("Doing it elsewhere"), _("What another municipality needs and may change.")
    ),
    Section("means", _("What it takes"), _("Money, staff and time.")),
    Section("people", _("Who is involved"), _("Partners, municipal structures, people served.")),
    Section("contact", _("Contact"), _("The service that answers questions.")),
    Section("sources", _("Links and sources"), _("Where there is more to read.")),
)

NAME = Column("name", "text", _("Name"))
URL_COLUMNS = (Column("title", "plain", _("Title")), Column("url", "url", _("Address")))

FIELDS = (
    Field(
        "title", Kind.LINE, "card", _("Title"),
        _("What is done and where, in words that a colleague in another city would use."),
        need="card", on_card=True, limit=110,
    ),
    Field(
        "summary", Kind.LINE, "card", _("Summary"),
        _("One or two sentences: for whom, what is done, what changed. It stands on the card."),
        need="card", on_card=True, limit=280,
    ),
    Field(
        "municipality", Kind.MUNICIPALITY, "card", _("Municipality"),
        need="card", on_card=True, facet="municipality",
    ),
    Field(
        "other_municipalities", Kind.MUNICIPALITIES, "card", _("Other municipalities"),
        _("Members of the network that carry out the practice together with yours."),
        need="optional", on_card=True, limit=17, facet="municipality",
    ),
    Field(
        "place", Kind.PLACE, "card", _("City and country"),
        _("Only for a case from outside the network."),
        need="optional", on_card=True,
    ),
    Field(
        "areas", Kind.CODES, "card", _("Areas of integration"),
        _("One main area and up to three more."),
        need="card", on_card=True, vocabulary="areas", limit=4, facet="area",
    ),
    Field(
        "practice_type", Kind.CODE, "card", _("Type of practice"),
        need="card", on_card=True, vocabulary="practice_types", facet="type",
    ),
    Field(
        "target_groups", Kind.CODES, "card", _("Whom it serves"),
        need="card", on_card=True, vocabulary="target_groups", limit=22, facet="target_group",
    ),
    Field(
        "stage", Kind.CODE, "card", _("Stage"),
        _("Where the practice stands today. A practice that was stopped is worth telling too."),
        need="card", on_card=True, vocabulary="stages", facet="stage",
    ),
    Field(
        "start", Kind.MONTH, "card", _("Start"),
        _("A year, or a year and a month: 2019 or 2019-05."),
        need="submission", on_card=True,
    ),
    Field(
        "end", Kind.MONTH, "card", _("End"),
        _("Leave it empty while the practice goes on."),
        need="optional", on_card=True,
    ),
    Field(
        "regular_service", Kind.FLAG, "card", _("It has become a regular service"),
        need="optional", on_card=True,
    ),
    Field(
        "challenge", Kind.PROSE, "what", _("The challenge"),
        _("What was the problem, and how did you know?"), limit=150,
    ),
    Field(
        "goals", Kind.PROSE, "what", _("Goals"),
        _("What did you want to be different?"), limit=150,
    ),
    Field(
        "how_it_works", Kind.PROSE, "what", _("How it works"),
        _("Step by step, so that a colleague could do it: who does what, where, how often."),
        need="card", on_card=True, limit=250,
    ),
    Field(
        "results", Kind.PROSE, "results", _("Results"),
        _("What changed? Say where a number comes from; an estimate is fine if you say so."),
        limit=150,
    ),
    Field(
        "indicators", Kind.ROWS, "results", _("Figures"), limit=20,
        columns=(
            NAME,
            Column("value", "number", _("Value")),
            Column("unit", "text", _("Unit")),
            Column("period", "period", _("Period"), required=False),
        ),
    ),
    Field(
        "obstacles", Kind.PROSE, "experience", _("Obstacles"),
        _("What made it hard, and how did you get past it?"), limit=150,
    ),
    Field(
        "lessons", Kind.PROSE, "experience", _("Lessons"),
        _("What did not work? What would you do, and not do, a second time?"), limit=150,
    ),
    Field(
        "transferability", Kind.PROSE, "transfer", _("What must stay, what may change"),
        _("What another municipality must keep for it to work, and what it may do its own way."),
        limit=150,
    ),
    Field(
        "preconditions", Kind.CODES, "transfer", _("What has to be in place"),
        vocabulary="preconditions", limit=12, facet="precondition",
    ),
    Field(
        "resources", Kind.PROSE, "means", _("Resources"),
        _("Money, premises and equipment."), limit=150,
    ),
    Field(
        "cost_band", Kind.CODE, "means", _("Cost"), _("In euros; a running cost is per year."),
        vocabulary="cost_bands", facet="cost_band",
    ),
    Field(
        "staff", Kind.CODES, "means", _("Staff"),
        vocabulary="staff_roles", limit=11, facet="staff",
    ),
    Field(
        "setup_time", Kind.CODE, "means", _("Time to set up"),
        vocabulary="setup_times", facet="setup_time",
    ),
    Field(
        "funding", Kind.CODES, "means", _("Funding"),
        vocabulary="funding_sources", limit=20, facet="funding",
    ),
    Field(
        "partners", Kind.ROWS, "people", _("Partners"), limit=30, facet="partner_type",
        columns=(NAME, Column("type", "term", _("Kind"), vocabulary="partner_types")),
    ),
    Field(
        "structures", Kind.CODES, "people", _("Municipal structures"),
        vocabulary="structures", limit=15, facet="structure",
    ),
    Field(
        "legal_status", Kind.CODES, "people", _("Legal status of the people served"),
        vocabulary="legal_status", limit=11, facet="legal_status",
    ),
    Field(
        "level", Kind.CODE, "people", _("Reception or integration"),
        vocabulary="levels", facet="level",
    ),
    Field(
        "contact", Kind.CONTACT, "contact", _("Contact"),
        _("A service and its mailbox, never a person's own name or address."),
        need="submission", on_card=True,
    ),
    Field(
        "attachments", Kind.FILES, "sources", _("Files"),
        _("Photos, forms, protocols, studies: what a colleague could use as it is."),
        need="optional", limit=30,
        columns=(
            Column("title", "text", _("Title")),
            Column("name", "plain", _("Name of the file")),
            Column("kind", "term", _("Kind of document"), vocabulary="attachment_kinds"),
            Column("licence", "term", _("Licence"), vocabulary="licences"),
            Column("alt", "text", _("What the image shows")),
        ),
    ),
    Field("links", Kind.ROWS, "sources", _("Links"), need="optional", limit=30,
          columns=URL_COLUMNS),
    Field("sources", Kind.ROWS, "sources", _("Sources"), need="optional", limit=30,
          columns=URL_COLUMNS),
    Field("origin_language", Kind.LANGUAGE, "sources", _("Language it was written in"),
          need="optional"),
)  # fmt: skip

BY_CODE = {field.code: field for field in FIELDS}
CARD = tuple(field for field in FIELDS if field.on_card)

# A file with this licence is for members who are signed in, and for no search.
MEMBERS_ONLY = "network-only"
DEFAULT_LICENCE = "cc-by-4-0"

# A text longer than this is refused even in a draft. Word limits only hold a submission back,
# so that nobody loses what they typed for having typed too much of it.
DRAFT_CHARACTERS = 20_000


def fields_of(section: Section) -> Iterator[Field]:
    """The fields that stand under a section, in order."""
    return (field for field in FIELDS if field.section == section.code)
