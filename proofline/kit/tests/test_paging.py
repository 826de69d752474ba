"""Keyset paging: walking the pages gives every row once, in the order of one big query, in both directions."""

from urllib.parse import parse_qs

import pytest
from django.db.models import F
from django.test import RequestFactory
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proofline.kit import remembering
from proofline.kit.paging import COUNT_CAP, paginate

pytestmark = pytest.mark.django_db
DAY = timezone.datetime(2026, 1, 1, tzinfo=timezone.get_default_timezone())


def page_at(query, *, order, per=3):
    return paginate(DBTaskResult.objects.all(), RequestFactory().get("/", query), order, per)


def query_of(address):
    return {name: values[0] for name, values in parse_qs(address.lstrip("?")).items()}


def fill(rows):
    DBTaskResult.objects.all().delete()
    for priority, started in rows:
        DBTaskResult.objects.create(
            task_path="x",
            priority=priority,
            started_at=None if started is None else DAY + timezone.timedelta(days=started),
            args_kwargs={"args": [], "kwargs": {}},
            queue_name="default",
            backend_name="default",
        )


ROWS = st.lists(st.tuples(st.integers(-2, 2), st.none() | st.integers(0, 3)), max_size=13)
ORDERS = st.sampled_from([["priority"], ["-priority"], ["started_at"], ["-started_at", "priority"]])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, order=ORDERS)
def test_walking_older_and_newer_gives_the_whole_order(rows, order):
    fill(rows)
    keys = [
        F(name[1:]).desc(nulls_last=True) if name.startswith("-") else F(name).asc(nulls_last=True) for name in order
    ]
    everything = list(DBTaskResult.objects.order_by(*keys, "-pk").values_list("pk", flat=True))
    page = page_at({}, order=order)
    assert page.newer == ""
    pages = [[row.pk for row in page.rows]]
    while page.older:
        page = page_at(query_of(page.older), order=order)
        pages.append([row.pk for row in page.rows])
    assert [pk for found in pages for pk in found] == everything
    back = [pages[-1]]
    while page.newer:
        page = page_at(query_of(page.newer), order=order)
        back.insert(0, [row.pk for row in page.rows])
    assert [pk for found in back for pk in found] == everything


def test_a_cursor_that_is_nonsense_means_the_first_page():
    fill([(1, None)] * 4)
    first = [row.pk for row in page_at({}, order=["priority"]).rows]
    for text in ("x", "bm9uc2Vuc2U", "W10", "WyJhIiwiYiJd", "é"):
        assert [row.pk for row in page_at({"after": text}, order=["priority"]).rows] == first


def test_the_rest_of_the_address_is_kept():
    fill([(1, None)] * 4)
    assert query_of(page_at({"q": "a b", "after": "x"}, order=["priority"]).older)["q"] == "a b"


def test_the_count_stops_at_a_cap(django_assert_num_queries):
    fill([(1, None)] * 2)
    with django_assert_num_queries(2) as queries:
        assert page_at({}, order=["priority"]).count == 2
    assert f"LIMIT {COUNT_CAP}" in queries[1]["sql"]


def test_rows_are_counted_once_for_all_pages_of_a_list_until_something_is_changed():
    fill([(1, None)] * 5)
    first = page_at({}, order=("pk",))
    fill([(1, None)] * 7)
    assert page_at(query_of(first.older), order=("pk",)).count == page_at({}, order=("-pk",)).count == 5
    assert page_at({"state": "open"}, order=("pk",)).count == 7
    remembering.changed()
    assert page_at({}, order=("pk",)).count == 7
