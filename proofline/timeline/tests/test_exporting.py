"""Events leave as Parquet that other tools read."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from pyarrow import parquet

from proofline.timeline import exporting, identity, inbox
from proofline.timeline.models import Source
from proofline.timeline.projector import project_pending

pytestmark = pytest.mark.django_db
START = datetime(2026, 9, 29, 16, 0, tzinfo=UTC)
EVER = {"start": datetime(2000, 1, 1, tzinfo=UTC), "end": datetime(2100, 1, 1, tzinfo=UTC)}


@pytest.fixture
def history(now):
    source = Source.add(name="Product", now=now)
    visit = {"type": "page", "anonymousId": "a1", "timestamp": START.isoformat(), "properties": {"path": "/价格"}}
    inbox.append(source, [visit, {"type": "alias", "previousId": "a1", "userId": "u1"}], now)
    for hour in range(60):
        at = (START + timedelta(hours=hour)).isoformat()
        number = {"n": hour, "address": {"city": "Beijing"}}
        inbox.append(
            source, [{"type": "track", "event": "Used", "userId": "u1", "timestamp": at, "properties": number}], now
        )
    project_pending()
    person = identity.tie(person=identity.resolve(user="u1"), contact=3, account=7)
    project_pending()
    return person


def test_columns_are_flat_and_say_who_is_who_now(history, tmp_path, now):
    done = exporting.export(**EVER, out=tmp_path / "all.parquet")
    rows = parquet.read_table(tmp_path / "all.parquet").to_pylist()
    assert done.events == len(rows) == 62
    assert done.size == (tmp_path / "all.parquet").stat().st_size
    assert list(rows[0]) == list(exporting.COLUMNS)
    assert rows == sorted(rows, key=lambda row: row["at"])
    assert {(row["person"], row["contact"], row["account"]) for row in rows} == {(history, 3, 7)}
    [visit] = [row for row in rows if row["kind"] == "page"]
    assert (visit["at"], visit["received"], visit["source"]) == (START, now, "Product")
    assert json.loads(visit["properties"]) == {"path": "/价格"}
    used = [json.loads(row["properties"]) for row in rows if row["event"] == "Used"]
    assert [one["n"] for one in used] == list(range(60))
    assert used[0]["address"] == {"city": "Beijing"}


def test_a_folder_has_a_file_a_month(history, tmp_path):
    done = exporting.export(**EVER, out=tmp_path / "out")
    assert [path.name for path in done.files] == [
        "events-2026-09.parquet",
        "events-2026-10.parquet",
        "events-2026-11.parquet",
    ]
    assert [parquet.read_metadata(path).num_rows for path in done.files] == [33, 28, 1]
    assert done.events == 62


@pytest.mark.parametrize("most", [1, 7, 24, 25, 1000])
def test_slices_leave_nothing_out_and_repeat_nothing(history, tmp_path, monkeypatch, most):
    monkeypatch.setattr(exporting, "ROWS_A_SLICE", most)
    exporting.export(**EVER, out=tmp_path / "all.parquet")
    ids = parquet.read_table(tmp_path / "all.parquet")["id"].to_pylist()
    assert len(ids) == len(set(ids)) == 62


def test_nothing_is_a_file_without_rows(db, tmp_path):
    assert exporting.export(**EVER, out=tmp_path / "all.parquet").events == 0
    assert parquet.read_table(tmp_path / "all.parquet").num_rows == 0
    assert exporting.export(**EVER, out=tmp_path / "out").files == []
