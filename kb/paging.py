"""Which page of a long list is shown, and the addresses of the others."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request, url_for


@dataclass(frozen=True)
class Paging:
    """One page of a list. Numbers count from 1; a list without entries has one page."""

    page: int
    pages: int
    size: int

    @property
    def offset(self) -> int:
        """How many entries stand before this page."""
        return (self.page - 1) * self.size

    def url(self, page: int) -> str:
        """The address of another page, with every other parameter as it is."""
        # What url_for() takes for its own is none of a page's, whoever wrote the address.
        parameters = {
            name: texts
            for name, texts in request.args.to_dict(flat=False).items()
            if not name.startswith("_") and name not in ("endpoint", "lang")
        } | {"page": [str(page)]}
        values = {**(request.view_args or {}), **parameters}
        return url_for(request.endpoint or "", **values)


def paging(total: int, size: int) -> Paging:
    """The page that this request's ``page`` asks for, or the nearest that there is."""
    pages = max(1, -(-total // size))
    asked = request.args.get("page", "1")
    number = int(asked) if asked.isdecimal() and len(asked) < 10 else 1
    return Paging(min(max(1, number), pages), pages, size)
