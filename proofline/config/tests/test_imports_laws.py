"""Laws of every import: each row is counted once, and a second run of the same file changes nothing."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proofline.config.imports.kinds import KINDS

ODD = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=6)
CELLS = st.sampled_from(
    [
        "",
        "",
        "Acme",
        "acme ",
        "Bluth",
        "Sam Seller",
        "sam@proofline.test",
        "Clarity Suite",
        "ClaritySuite",
        "Won",
        "Lost",
        "Engaging",
        "2016-10-20",
        "2026-03-01",
        "03/04/2024",
        "12",
        "1,5",
        "-3",
        "¥9",
        "yes",
        "0",
        "manager",
        "云帆",
        "Select",
        "a@b.test",
        "+8613800138000",
        "1e30",
        "NULL",
        "x" * 300,
    ]
)


MOSTLY_BLANK = st.integers(0, 9).flatmap(lambda dice: st.just("") if dice < 7 else CELLS if dice < 9 else ODD)


@st.composite
def tables(draw):
    kind = KINDS[draw(st.sampled_from(sorted(KINDS)))]
    columns = [field.name for field in kind.fields]
    rows = draw(st.lists(st.lists(MOSTLY_BLANK, min_size=len(columns), max_size=len(columns)), min_size=1, max_size=6))
    return kind.name, [columns, *rows]


@pytest.mark.usefixtures("healthy", "suite", "sam")
@given(table=tables())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_is_counted_and_a_second_run_changes_nothing(take, table):
    kind, rows = table
    filled = [row for row in rows[1:] if any(cell.strip() for cell in row)]
    if not filled:
        return
    checked = take(kind, rows, accept=True, dry_run=True)
    first = take(kind, rows, accept=True)
    second = take(kind, rows, accept=True)
    assert first.rows == second.rows == len(filled)
    assert checked.counts == first.counts
    assert (second.counts["created"], second.counts["updated"]) == (0, 0)
    assert second.counts["rejected"] == first.counts["rejected"]
