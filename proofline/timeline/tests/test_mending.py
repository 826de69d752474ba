"""A projector that was killed between the rows of the store and its daily rows, or before it marked what it did: the next one mends it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from benchmarks._faults import DIFFERING
from proofline.timeline import dailies, inbox, schema, seen, store
from proofline.timeline.models import Batch, Source
from proofline.timeline.projector import Projector, project_pending

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
VIEWS = [f"{name}_view" for name in schema.DAILIES]


def use(*numbers, received=None):
    """Put one use a number into the inbox, each on a day of its own, over more than a year."""
    source = Source.objects.first() or Source.add(name="Product", now=NOW)
    days = [(number, (NOW - timedelta(days=40 * number)).isoformat()) for number in numbers]
    messages = [
        {
            "type": "track",
            "userId": f"u{number % 3}",
            "event": "Feature Used",
            "messageId": f"m{number}",
            "timestamp": at,
        }
        for number, at in days
    ]
    inbox.append(source, messages, received or timezone.now())


def counted():
    """Return how often events count, the daily rows added up, and in how many places they differ."""
    sums = [store.query(f"SELECT sum(times) FROM {name}")[0][0] for name in schema.DAILIES]
    differing = [store.query(DIFFERING % name, {"zone": settings.TIME_ZONE})[0][0] for name in ("accounts", "people")]
    return store.query("SELECT count() FROM events")[0][0], *sums, *differing


def killed_before_the_mark(*, without=()):
    """Project as a process does that is killed when its rows are in the store, but not those that these views make of them."""
    for view in without:
        store.command(f"DETACH TABLE {view}")
    project_pending()
    for view in without:
        store.command(f"ATTACH TABLE {view}")
    Batch.objects.update(projected_at=None)


@pytest.mark.parametrize("without", [[], VIEWS[:1], VIEWS[1:], VIEWS])
def test_the_daily_rows_that_a_killed_projector_owes_are_made(without):
    use(0)
    project_pending()
    use(1, 2, 3, 13)
    killed_before_the_mark(without=without)
    assert (counted() == (5, 5, 5, 0, 0)) == (not without)
    use(3, 4)
    Projector().drain()
    assert counted() == (6, 6, 6, 0, 0)


def test_it_goes_on_after_a_part_of_a_round():
    """As when the rows of one year are in the store and those of the next one are not."""
    use(1, 13)
    killed_before_the_mark(without=VIEWS)
    use(2, 14)
    Projector().drain()
    assert counted() == (4, 4, 4, 0, 0)


@pytest.mark.parametrize("broken", ["DELETE", "INSERT"])
def test_killed_while_it_mends_it_mends_again(monkeypatch, broken):
    use(1, 2)
    killed_before_the_mark(without=VIEWS)
    command = store.command

    def killed(sql, parameters=None):
        command(sql, parameters)
        if sql.startswith(broken):
            raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(dailies.store, "command", killed)
        with pytest.raises(SystemExit):
            Projector().drain()
    Projector().drain()
    assert counted() == (2, 2, 2, 0, 0)


def test_a_view_that_fails_is_made_good_by_the_next_round():
    use(1, 2)
    projector = Projector()
    projector.drain()
    for _round in range(5):  # it has no doubt any more
        use(5)
        projector.drain()
    use(3, 4)
    store.command("RENAME TABLE daily_people TO elsewhere")
    try:
        with pytest.raises(store.UnavailableError):
            projector.drain()
    finally:
        store.command("RENAME TABLE elsewhere TO daily_people")
    projector.drain()
    assert counted() == (5, 5, 5, 0, 0)


def test_one_that_comes_back_after_weeks_counts_nothing_twice():
    """As a server that was killed and is started again when its memory of ids does not reach back so far."""
    use(1, 2, received=timezone.now() - 2 * seen.WINDOW)
    killed_before_the_mark(without=VIEWS)
    projector = Projector()
    projector.seen.load()
    projector.drain()
    assert counted() == (2, 2, 2, 0, 0)


def test_a_view_that_stumbles_over_rows_which_the_store_has_is_made_good():
    use(1, 2)
    projector = Projector()
    projector.drain()
    use(3, 4)
    store.command("DROP TABLE daily_people_view")
    store.command(
        "CREATE MATERIALIZED VIEW daily_people_view TO daily_people AS "
        "SELECT account, person, throwIf(person > 0) AS times FROM events"
    )
    try:
        with pytest.raises(store.StoreError):
            projector.drain()
    finally:
        store.command("DROP TABLE daily_people_view")
        store.command(schema.views()["daily_people_view"])
    projector.drain()
    assert counted() == (4, 4, 4, 0, 0)
