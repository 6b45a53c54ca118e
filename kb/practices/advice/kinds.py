"""The table of what is pointed out and of the sentences that say so: the one place to change one.

A label stands before the words found, or before their number; the other sentence says what to do.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from kb.practices.advice.model import Kind

KINDS = (
    Kind(
        "name", _("What looks like a person’s name"),
        _("Write what they do instead, such as “the social worker”. A practice names nobody."),
        is_personal=True,
    ),
    Kind(
        "email", _("What looks like a person’s own e-mail address"),
        _("Give the mailbox of a service instead, such as integration@municipality.gr."),
        is_personal=True,
    ),
    Kind(
        "phone", _("What looks like a telephone number"),
        _("Take it out. Whoever has a question writes to the service under “Contact”."),
        is_personal=True,
    ),
    Kind(
        "afm", _("What looks like a tax number (AFM)"),
        _("Take it out. Nobody needs it to repeat the practice."),
        is_personal=True,
    ),
    Kind(
        "amka", _("What looks like a social security number (AMKA)"),
        _("Take it out. It tells who somebody is and when they were born."),
        is_personal=True,
    ),
    Kind(
        "iban", _("What looks like a bank account (IBAN)"),
        _("Take it out. Nobody needs it to repeat the practice."),
        is_personal=True,
    ),
    Kind(
        "document", _("What looks like the number of somebody’s papers or case"),
        _("Take it out. It leads to one person."),
        is_personal=True,
    ),
    Kind(
        "shelter", _("What looks like the address of a shelter"),
        _("Take out the street and the number. Nobody may learn here where protected people live."),
        is_personal=True,
    ),
    Kind(
        "acronym", _("Abbreviations that are not spelled out"),
        _(
            "Write the full name once, with the abbreviation in brackets after it. Readers in"
            " another city may not know it."
        ),
    ),
    Kind(
        "link_only", _("Little more than a link"),
        _(
            "Say in a few sentences what stands there. Links break, and nobody can search for what"
            " is behind them."
        ),
    ),
    Kind(
        "vague_link", _("Links that do not say where they lead"),
        _("Let the words of the link name what opens, such as “the form for parents”."),
    ),
    Kind(
        "bare_address", _("Web addresses in the text"),
        _("Write words that say what opens, with the address behind them: [words](address)."),
    ),
    Kind(
        "same_link", _("The same words that lead to different pages"),
        _("Let each link name its own page."),
    ),
    Kind(
        "heading_high", _("Headings as large as the title of this part"),
        _("Begin such a line with two number signs (##): it stands below that title."),
    ),
    Kind(
        "heading_skip", _("Headings that leave out a level"),
        _("Go down one step at a time: ## first, ### below it."),
    ),
    Kind(
        "heading_bold", _("Bold lines used as headings"),
        _("Begin the line with two number signs (##) instead of making it bold."),
    ),
)  # fmt: skip

BY_CODE = {kind.code: kind for kind in KINDS}
