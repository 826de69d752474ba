"""Columns of JSON read by msgspec give what Django's own give."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import F, JSONField
from hypothesis import given
from hypothesis import strategies as st

from proofline.kit.columns import SmallJSONField
from proofline.records.models import Account

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(value=VALUES, ascii_only=st.booleans())
def test_what_is_kept_is_read_as_django_reads_it(value: object, *, ascii_only: bool) -> None:
    try:
        text = json.dumps(value, ensure_ascii=ascii_only)
    except UnicodeEncodeError:
        return
    plain, quick = JSONField(), SmallJSONField()
    assert repr(quick.from_db_value(text, F("x"), connection)) == repr(plain.from_db_value(text, F("x"), connection))


def test_no_value_and_no_json_are_told_as_django_tells_them() -> None:
    assert SmallJSONField().from_db_value(None, F("x"), connection) is None
    assert SmallJSONField().from_db_value("{}", F("x"), connection) == {}
    assert SmallJSONField().from_db_value("none", F("x"), connection) == "none"


@pytest.mark.django_db
def test_a_record_keeps_what_it_was_given_and_times_have_their_zone() -> None:
    now = datetime(2026, 11, 27, 8, 0, 0, 123456, tzinfo=UTC)
    made = Account.objects.create(
        name="北方", created_at=now, extra={"大": [1, 2.5, None, 10**30], "nested": {"a": {}}}
    )

    read = Account.objects.get(pk=made.pk)

    assert read.extra == {"大": [1, 2.5, None, 10**30], "nested": {"a": {}}}
    assert (read.created_at, read.created_at.tzinfo) == (now, UTC)
    assert Account.objects.filter(extra__nested__a={}).values_list("extra__nested", flat=True).get() == {"a": {}}
