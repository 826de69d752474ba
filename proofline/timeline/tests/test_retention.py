"""What is older than the retention leaves every place; facts of the sale stay."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from proofline.timeline import archive, catalogue, facts, inbox, query, rebuilding, retention, store
from proofline.timeline.feed import feed
from proofline.timeline.models import ArchiveFile, Batch, Quarantined, Source
from proofline.timeline.projector import project_pending

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2026, 6, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    """Give each test an archive of its own; the line is drawn 100 days before now: at the beginning of the 25th of July."""
    settings.DATA_DIR = tmp_path
    settings.INBOX_DAYS = timedelta(days=90)
    settings.RETENTION = timedelta(days=100)


def sent(number, at=None):
    when = {"timestamp": at.isoformat()} if at else {}
    return {"type": "track", "event": "Used", "userId": "u1", "messageId": f"m{number}", **when}


def daily(source, days=130):
    for day in range(days):
        inbox.append(source, [sent(day)], LONG_AGO + timedelta(days=day))
    project_pending()


def kept():
    rows = store.query("SELECT day, sum(times) FROM daily_people WHERE kind != 'fact' GROUP BY day ORDER BY day")
    return {str(day): number for day, number in rows}


def in_files():
    """Return how many events the store's files hold, those included that no answer shows any more."""
    return store.query("SELECT count() FROM events SETTINGS apply_deleted_mask = 0")[0][0]


@pytest.mark.parametrize("archived", [False, True])
def test_events_leave_and_do_not_come_back(now, archived):
    daily(Source.add(name="Product", now=now))
    if archived:
        archive.archive(now=now)
    whole = dict(query.count(by="day"))
    assert retention.retain(now=now) == 35
    left = {day: number for day, number in whole.items() if day >= "2026-07-25"}
    assert dict(query.count(by="day")) == kept() == left
    assert min(left) == "2026-07-25"
    assert Batch.objects.count() + sum(file.rows for file in ArchiveFile.objects.all()) == len(left)
    rebuilding.rebuild()
    assert dict(query.count(by="day")) == kept() == left
    assert retention.retain(now=now) == 0


def test_on_the_first_of_a_month_it_leaves_the_stores_files_too(now):
    daily(Source.add(name="Product", now=now))
    retention.retain(now=now)
    assert in_files() > len(query.count(by="day"))  # it is one part, which nothing merges
    retention.retain(now=datetime(2026, 11, 30, 16, 0, tzinfo=UTC))  # in the company's time zone
    assert in_files() == len(query.count(by="day")) == len(kept()) > 0


def test_a_file_of_which_nothing_is_left_goes(now):
    daily(Source.add(name="Product", now=now))
    archive.archive(now=now)
    gone = {path.name for path in archive.folder().rglob("*.parquet")}
    retention.retain(now=now + timedelta(days=60))
    assert {path.name for path in archive.folder().rglob("*.parquet")} & gone == set()
    assert not ArchiveFile.objects.exists()


def test_uploaded_history_leaves_alone_and_its_neighbours_stay(now):
    source = Source.add(name="Product", now=now)
    inbox.append(source, [sent(1, LONG_AGO), sent(2), {"type": "track"}, sent(3, LONG_AGO)], now)
    inbox.append(source, [sent(4, LONG_AGO)], now - timedelta(days=95))
    project_pending()
    assert store.query("SELECT flag, count() FROM events GROUP BY flag ORDER BY flag") == [("", 2), ("old", 2)]
    archive.archive(now=now)
    assert retention.retain(now=now) == 3
    assert query.count() == [("", 1)]
    assert Batch.objects.get().count == 2
    assert not ArchiveFile.objects.exists()
    rebuilding.rebuild()
    assert query.count() == [("", 1)]
    assert Quarantined.objects.held().count() == 1


def test_facts_of_the_sale_stay(now):
    catalogue.declare("lamp.lit", sentence="lit a lamp")
    with transaction.atomic():
        facts.record("lamp.lit", at=LONG_AGO, account=7)
    daily(Source.add(name="Product", now=now), days=3)
    Batch.objects.update(received_at=LONG_AGO)
    archive.archive(now=now)
    assert retention.retain(now=now) == 3
    rebuilding.rebuild()
    assert query.count(by="kind") == [("fact", 1)]
    assert [item.sentence for item in feed(account=7)] == ["lit a lamp"]


def test_refused_events_leave_too(now):
    source = Source.add(name="Product", now=now)
    inbox.append(source, [{"type": "track"}], LONG_AGO)
    inbox.append(source, [{"type": "track"}], now)
    project_pending()
    retention.retain(now=now)
    assert [row.received_at for row in Quarantined.objects.all()] == [now]


def test_for_ever_means_for_ever(now, settings):
    settings.RETENTION = None
    daily(Source.add(name="Product", now=now), days=3)
    assert retention.retain(now=now) == 0
    assert query.count() == [("", 3)]
