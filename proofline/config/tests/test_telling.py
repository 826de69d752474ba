"""Who began something long is told when it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from proofline.config.imports.models import Import
from proofline.records.models import Account, ListAction, Notification, Scan

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import User

pytestmark = pytest.mark.django_db


def told(user: User) -> list[str]:
    return [str(row) for row in Notification.objects.filter(user=user).order_by("pk")]


def test_the_end_of_an_import_a_change_of_many_and_a_search_is_told(mei: User, now: datetime) -> None:
    kept = Import.objects.create(kind="contacts", name="people.csv", by=mei, created_at=now)
    for dry in (True, False):
        kept.passes.create(dry=dry, started_at=now).end(report={}, now=now)
    for total in (20, 501):
        action = ListAction.objects.create(kind="accounts", verb="change", by=mei, at=now, total=total)
        for _time in range(2):
            action.run(records=Account.objects.none(), now=now)
    Scan.objects.begin(by=mei, now=now)[0].finish(now=now)
    assert told(mei) == [
        "Import finished: people.csv",
        "Your change of 501 records is done",
        "The search for duplicates is done; found: 0",
    ]
