"""Old batches leave for the archive, and the columnar store can be made anew from both to the same answers."""

from datetime import UTC, datetime, timedelta

import pytest
from pyarrow import parquet as arrow

from proofline.timeline import archive, facts, identity, inbox, query, rebuilding, restarting, schema, state, store
from proofline.timeline.feed import feed
from proofline.timeline.models import ArchiveFile, Batch, Effect, Person, Quarantined, Rebuild, Source
from proofline.timeline.projector import Projector, project_pending

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2026, 6, 20, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    """Give each test an archive of its own."""
    settings.DATA_DIR = tmp_path
    settings.INBOX_DAYS = timedelta(days=90)


def sent(number, *, at=None, **more):
    return {
        "type": "track",
        "event": "Feature Used",
        "userId": f"u{number % 3}",
        "messageId": f"m{number}",
        "properties": {"feature": "Reports", "number": number},
        **({"timestamp": at.isoformat()} if at else {}),
        **more,
    }


def history(source, *, days=120, start=LONG_AGO):
    """Bring a batch a day, some with repeats of what came before, with another time."""
    for day in range(days):
        at = start + timedelta(days=day)
        inbox.append(source, [sent(day), sent(max(0, day - 5), at=at)], at)


def everything():
    counts = {by: query.count(by=by) for by in ("event", "day", "person", "account")}
    shown = [(item.at, item.id, item.kind, item.name, item.sentence, item.count) for item in feed(account=7, limit=500)]
    funnel = query.funnel(["Page Viewed", "Feature Used"], window=timedelta(days=200))
    raw = store.query("SELECT id, at, received, person, flag, toJSONString(properties) FROM events ORDER BY id, at")
    daily = store.query("SELECT person, day, event, label, sum(times) FROM daily_people GROUP BY ALL ORDER BY ALL")
    return counts, shown, funnel, raw, daily


def test_what_is_old_goes_to_files_by_month_that_others_can_read(now):
    source = Source.add(name="Product", now=now)
    history(source)
    project_pending()
    bodies = {batch.pk: batch.content for batch in Batch.objects.all()}
    moved = archive.archive(now=now)
    assert moved == 45
    files = list(ArchiveFile.objects.in_order())
    assert [file.name[:7] for file in files] == ["2026-06", "2026-07", "2026-08"]
    assert sum(file.rows for file in files) == moved
    assert sum(file.events for file in files) == 2 * moved
    rows = [row for file in files for row in arrow.read_table(archive.folder() / file.name).to_pylist()]
    assert [row["id"] for row in rows] == sorted(bodies)[:moved]
    assert all(row["body"] == bodies[row["id"]] for row in rows)
    assert rows[0]["received_at"] == LONG_AGO
    assert (rows[0]["kind"], rows[0]["source"], rows[0]["count"]) == ("tracking", source.pk, 2)
    assert Batch.objects.count() == len(bodies) - moved
    assert archive.archive(now=now) == 0


def test_nothing_leaves_before_it_is_projected_and_heard_nor_anything_behind_it(now):
    source = Source.add(name="Product", now=now)
    history(source, days=3)
    assert archive.archive(now=now) == 0
    project_pending()
    second = Batch.objects.order_by("pk")[1]
    Batch.objects.filter(pk=second.pk).update(reacted_at=None)
    assert archive.archive(now=now) == 1
    assert Batch.objects.count() == 2


def test_for_ever_means_for_ever(now, settings):
    settings.INBOX_DAYS = None
    history(Source.add(name="Product", now=now), days=3)
    project_pending()
    assert archive.archive(now=now) == 0


def test_a_store_of_an_older_form_is_made_anew(now):
    history(Source.add(name="Product", now=now), days=10)
    project_pending()
    before = everything()
    store.command("DROP TABLE daily_people_view")
    store.command(f"CREATE MATERIALIZED VIEW daily_people_view TO daily_people AS {schema.rollup()}")
    store.close()
    assert store.query("SELECT count() FROM events") == [(0,)]
    assert restarting.ask_if_lost(now=now)
    project_pending()
    assert everything() == before
    inbox.append(Source.objects.get(), [sent(99)], now)
    project_pending()
    sums = [store.query(f"SELECT sum(times) FROM {name}") for name in schema.DAILIES]
    assert sums == [[(11,)], [(11,)]]


def test_rebuilt_from_archive_and_inbox_everything_is_as_before(now):
    source, website = Source.add(name="Product", now=now), Source.add(name="Website", now=now)
    history(source)
    inbox.append(website, [{"type": "page", "anonymousId": "a1", "properties": {"path": "/pricing"}}], LONG_AGO)
    inbox.append(website, [{"type": "track"}, {"type": "page", "anonymousId": "a2"}], LONG_AGO)
    inbox.append(source, [{"type": "identify", "anonymousId": "a1", "userId": "u1"}], now)
    project_pending()
    identity.tie(person=identity.resolve(user="u1"), contact=3, account=7)
    project_pending()
    before, quarantined = everything(), list(Quarantined.objects.values())
    assert len(quarantined) == 1
    assert archive.archive(now=now) > 0
    assert list(Quarantined.objects.values()) == quarantined
    stray = b'{"id":"00000000-0000-0000-0000-000000000007","at":"2026-07-01 00:00:00.000","event":"Stray","person":1}\n'
    store.insert("events", stray)
    rebuilding.rebuild()
    for found, known in zip(everything(), before, strict=True):
        assert found == known
    assert list(Quarantined.objects.values()) == quarantined
    assert not restarting.is_on()


def test_nobody_hears_anything_twice(now):
    from proofline.timeline import reactions

    heard = []
    reactions.on_event("Feature Used", lambda event: heard.append(event.id), key="ears")
    history(Source.add(name="Product", now=now), days=100)
    project_pending()
    before = len(heard)
    archive.archive(now=now)
    Effect.objects.all().delete()
    rebuilding.rebuild()
    assert len(heard) == before


@pytest.mark.parametrize("rounds", [0, 1, 2])
def test_killed_in_the_middle_a_rebuild_goes_on(now, monkeypatch, rounds):
    from proofline.timeline import projector

    monkeypatch.setattr(projector, "EVENTS_A_LOAD", 20)
    monkeypatch.setattr(projector, "LOADS_A_ROUND", 2)
    source = Source.add(name="Product", now=now)
    history(source)
    project_pending()
    before = everything()
    archive.archive(now=now)
    restarting.ask(now=now)
    first = Projector()
    for _round in range(rounds):
        first.step()
    # The store took one more load of the archive than what is marked.
    if rounds:
        file = ArchiveFile.objects.in_order().first()
        ArchiveFile.objects.filter(pk=file.pk).update(projected_to=min(file.projected_to, file.first + 3))
    Projector().drain()
    assert not restarting.is_on()
    assert everything() == before


def test_killed_between_file_and_mark_each_batch_counts_once(now, monkeypatch):
    history(Source.add(name="Product", now=now))
    project_pending()
    before = everything()

    def killed(*_words, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(ArchiveFile, "save", killed)
        with pytest.raises(KeyboardInterrupt):
            archive.archive(now=now)
    assert len(list(archive.folder().rglob("*.parquet"))) == 1
    rebuilding.rebuild()
    assert everything() == before
    (archive.folder() / "2026-06" / "000000000000-000000000001.parquet.part").write_bytes(b"torn")
    assert archive.archive(now=now) == 45
    assert len(list(archive.folder().rglob("*"))) == 6  # three months, a file each
    rebuilding.rebuild()
    assert everything() == before


def test_killed_while_writing_nothing_is_there(now, monkeypatch):
    from proofline.timeline import parquet

    history(Source.add(name="Product", now=now))
    project_pending()
    monkeypatch.setattr(parquet, "sync", lambda _path: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        archive.archive(now=now)
    assert [path for path in archive.folder().rglob("*") if path.is_file()] == []
    assert Batch.objects.count() == 120


@pytest.mark.parametrize("damage", ["torn", "exchanged", "missing"])
def test_a_damaged_file_is_named_and_nothing_is_skipped(now, damage):
    history(Source.add(name="Product", now=now))
    project_pending()
    archive.archive(now=now)
    file = ArchiveFile.objects.in_order()[1]
    path = archive.folder() / file.name
    other = archive.folder() / ArchiveFile.objects.in_order()[0].name
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"x" if damage == "torn" else other.read_bytes())
    restarting.ask(now=now)
    with pytest.raises(archive.DamagedError, match=file.name):
        project_pending()
    assert ArchiveFile.objects.pending().count() == 2
    assert state.waiting(now=now).events > sum(batch.count for batch in Batch.objects.all()) > 0
    assert Batch.objects.pending().count() == Batch.objects.count()


def test_a_lost_store_is_made_anew_from_the_archive_alone(now):
    history(Source.add(name="Product", now=now), days=20)
    project_pending()
    archive.archive(now=now)
    assert not Batch.objects.exists()
    assert not restarting.ask_if_lost(now=now)
    store.clear()
    assert restarting.ask_if_lost(now=now)
    project_pending()
    assert query.count() == [("", 20)]
    assert not Rebuild.objects.exists()


def test_facts_come_back_from_the_archive(now):
    from django.db import transaction

    from proofline.timeline import catalogue

    catalogue.declare("lamp.lit", sentence="won {name}", properties={"name": "its name"})
    with transaction.atomic():
        facts.record("lamp.lit", at=LONG_AGO, account=7, subject=("deal", 12), properties={"name": "Lotus"})
    Batch.objects.update(received_at=LONG_AGO)
    project_pending()
    before = everything()
    assert archive.archive(now=now) == 1
    rebuilding.rebuild()
    assert everything()[1] == before[1]
    assert [item.sentence for item in feed(subject=("deal", 12))] == ["won Lotus"]
    assert Person.objects.count() == 0
