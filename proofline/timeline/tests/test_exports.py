"""Files that people ask for: made in the background, kept for a while, gone when anybody is erased."""

from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest
from django.db import connections, transaction
from django.utils import timezone
from pyarrow import parquet

from proofline.kit.jobs.running import run_pending
from proofline.timeline import erasing, exporting, exports, identity, inbox
from proofline.timeline.models import Export, Source
from proofline.timeline.query import QuestionError
from tests.fixtures import waiting

pytestmark = pytest.mark.django_db
SHANGHAI = "Asia/Shanghai"
NIGHT = datetime(2026, 9, 30, 15, 30, tzinfo=UTC)
"""Half an hour before the first of October begins in Shanghai."""


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    """Give each test a data folder of its own."""
    settings.DATA_DIR = tmp_path
    settings.EXPORT_DAYS = timedelta(days=7)


@pytest.fixture
def source(now):
    """Of what Lin does each hour from the night before the first of October on, and Wang each other hour."""
    source = Source.add(name="Product", now=now)
    messages = [
        {
            "type": "track",
            "event": "Used",
            "userId": user,
            "timestamp": (NIGHT + timedelta(hours=hour)).isoformat(),
        }
        for user, every in (("lin", 1), ("wang", 2))
        for hour in range(0, 48, every)
    ]
    inbox.append(source, messages, now)
    return source


def asked(now, from_="2026-10-01", to="2026-10-02"):
    return exports.ask(from_=from_, to=to, zone=SHANGHAI, by=7, now=now)


def files():
    return sorted(path.name for path in exports.folder().glob("*"))


def test_a_day_of_the_workspace_is_written_in_the_background(source, now):
    export = asked(now)
    assert (export.state, export.first, export.last) == ("waiting", date(2026, 10, 1), date(2026, 10, 1))
    assert asked(now) == export  # whoever clicks twice
    with pytest.raises(exports.GoneError):
        exports.path_of(export, now=now)
    run_pending()
    export = Export.objects.get()
    assert (export.state, export.events, export.by) == ("done", 24 + 12, 7)
    path = exports.path_of(export, now=timezone.now())
    assert export.size == path.stat().st_size
    rows = parquet.read_table(path).to_pylist()
    assert {(row["at"] + timedelta(hours=8)).date() for row in rows} == {export.first}
    assert export.filename == "events-2026-10-01-2026-10-01.parquet"
    assert oct(exports.folder().stat().st_mode & 0o777) == "0o700"


def test_it_tells_how_far_it_is(source, now, tmp_path, monkeypatch):
    monkeypatch.setattr(exporting, "ROWS_A_SLICE", 10)
    asked(now, None, None)
    run_pending()
    told = []
    exporting.export(start=NIGHT, end=now, out=tmp_path / "x.parquet", progress=lambda *far: told.append(far))
    assert (told[0], told[-1]) == ((0, 72), (72, 72))
    assert told == sorted(told)
    assert Export.objects.get().filename == "events-until-2026-11-02.parquet"
    assert Export.objects.get().events == 72


@pytest.mark.parametrize(
    ("from_", "to", "field"),
    [
        ("2026-10-02", "2026-10-01", "to"),
        ("2026-10-02", "2026-10-02", "to"),
        ("yesterday", None, "from"),
        ("2026-10-01", "soon", "to"),
        ("2026-11-03", None, "from"),
        ("2026-11-03", "2026-11-04", "from"),
        ("1799-01-01", None, "from"),
        (None, "2400-01-01", "to"),
    ],
)
def test_a_time_in_which_nothing_can_have_happened_is_refused(now, db, from_, to, field):
    with pytest.raises(QuestionError) as refused:
        asked(now, from_, to)
    assert refused.value.field == field
    assert not Export.objects.exists()


def test_after_its_time_the_file_goes_and_the_note_stays(source, now):
    export = asked(now)
    run_pending()
    export.refresh_from_db()
    exports.folder().joinpath("99-0.parquet.part").write_bytes(b"of a process that was killed")
    ends = export.expires_at
    assert ends == export.done_at + timedelta(days=7)
    assert exports.remove_expired(now=ends) == 0
    assert files() == [f"{export.pk}-0.parquet"]
    with pytest.raises(exports.GoneError):
        exports.path_of(export, now=ends)
    assert exports.remove_expired(now=ends + timedelta(seconds=1)) == 1
    export.refresh_from_db()
    assert (export.state, export.removal, files()) == ("removed", "expired", [])


def test_for_ever_means_for_ever(source, now, settings):
    settings.EXPORT_DAYS = None
    export = asked(now)
    run_pending()
    export.refresh_from_db()
    assert export.expires_at is None
    assert exports.remove_expired(now=now + timedelta(days=3000)) == 0
    assert exports.path_of(export, now=now + timedelta(days=3000))


def test_one_may_be_removed_by_hand_also_before_it_is_made(source, now):
    ready, waiting = asked(now), asked(now, "2026-10-02", None)
    exports.make(ready)
    for export in (ready, waiting):
        exports.remove(export, now=now)
    run_pending()
    assert files() == []
    assert list(Export.objects.values_list("removal", flat=True)) == ["request", "request"]


def test_erasing_anybody_removes_all_files(source, now):
    export = asked(now)
    run_pending()
    done = erasing.erase(person=identity.resolve(user="wang"), by=None, now=now)
    assert done.numbers()["exports"] == 1
    export.refresh_from_db()
    assert (export.state, export.removal, files()) == ("removed", "erasure", [])


@pytest.mark.parametrize("moment", ["reading", "written"])
def test_what_is_being_written_while_somebody_is_erased_is_begun_anew(source, now, monkeypatch, moment):
    export = asked(now)
    known, erased = exporting._tables, []

    def erase():
        if not erased:
            erased.append(erasing.erase(person=identity.resolve(user="wang"), by=None, now=now))

    def tables(*words, **named):
        yield from known(*words, **named)
        if moment == "reading":
            erase()

    def finish(self, **given):
        erase()
        return finished(self, **given)

    finished = Export.finish
    monkeypatch.setattr(exporting, "_tables", tables)
    monkeypatch.setattr(Export, "finish", finish)
    run_pending()
    export.refresh_from_db()
    assert (export.state, export.turn, export.events) == ("done", 1, 24)
    assert files() == [f"{export.pk}-1.parquet"]
    assert erased[0].numbers()["exports"] == 0
    assert set(parquet.read_table(exports.path_of(export, now=now))["person"].to_pylist()) == {
        identity.resolve(user="lin")
    }


def test_what_can_not_be_written_is_tried_again_and_then_said(source, now):
    exports.folder().write_text("no folder")
    export = asked(now)
    run_pending(now=timezone.now() + timedelta(days=1))
    assert export.state == "failed"
    exports.folder().unlink()
    assert asked(now) != export
    run_pending()
    assert Export.objects.order_by("pk").last().state == "done"


@pytest.mark.django_db(transaction=True)
def test_of_an_erasure_and_an_export_that_end_at_once_no_file_is_left(now):
    """Whoever ends second sees the other: the file is removed, or it is not kept."""
    exports.folder().mkdir()
    for _round in range(15):
        export = Export.objects.create(end=now, zone="UTC", asked_at=now)

        def run(act):
            with transaction.atomic():
                act()
            connections.close_all()

        acts = [
            lambda: exports.remove_all(now=now),
            lambda export=export: export.finish(turn=0, events=1, size=1, now=now),
        ]
        waiting.at_once(*(partial(run, act) for act in acts))
        export.refresh_from_db()
        assert (export.removal, export.turn, bool(export.done_at)) in {("erasure", 0, True), ("", 1, False)}
        export.delete()
