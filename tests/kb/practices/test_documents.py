"""What search reads of a practice follows from its content."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.practices.documents import BANDS, band, completeness, facets
from tests.kb.practices.cases import CARD, changed


@given(st.integers(0, 100))
def test_each_completeness_falls_into_the_highest_band_that_it_reaches(percent: int) -> None:
    assert band(percent) == max(least for least in BANDS if least <= percent)


@pytest.mark.parametrize("content", [CARD, changed(challenge={"el": "Γιατί;"}), {}])
def test_a_practice_can_be_filtered_by_how_complete_it_is(content: dict[str, object]) -> None:
    (found,) = [facet.code for facet in facets(content) if facet.name == "completeness"]
    assert int(found) <= completeness(content)
