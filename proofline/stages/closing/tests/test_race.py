"""Two at once: one wins, the other is told."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from django.db import connection

from proofline.stages.closing.models import (
    Acceptance,
    AlreadyAcceptedError,
    Contract,
    Deal,
    DealClosedError,
    Loss,
    Win,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from proofline.records.models import User

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*actions: Callable[[], object]) -> list[object]:
    """Run the actions in threads that begin together; return what each returned or raised."""
    gate = threading.Barrier(len(actions))
    results: list[object] = [None] * len(actions)

    def run(index: int, action: Callable[[], object]) -> None:
        try:
            gate.wait(5)
            results[index] = action()
        except Exception as error:  # noqa: BLE001 - it is what the test looks at
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index, action)) for index, action in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_two_sellers_win_at_once(deal: Deal, sam: User, tom: User, now: datetime) -> None:
    results = at_once(
        lambda: Deal.objects.get(pk=deal.pk).win(by=sam, now=now),
        lambda: Deal.objects.get(pk=deal.pk).win(by=tom, now=now),
    )
    assert Win.objects.count() == 1
    refused = [result for result in results if isinstance(result, DealClosedError)]
    assert len(refused) == 1
    assert str(refused[0]) == f"This deal was already won by {Win.objects.get().by}."


def test_one_wins_while_another_loses(deal: Deal, sam: User, tom: User, now: datetime) -> None:
    results = at_once(
        lambda: Deal.objects.get(pk=deal.pk).win(by=sam, now=now),
        lambda: Deal.objects.get(pk=deal.pk).lose(by=tom, now=now),
    )
    assert Win.objects.count() + Loss.objects.count() == 1
    assert sum(isinstance(result, DealClosedError) for result in results) == 1


def test_two_sign_at_once(contract: Contract, sam: User, now: datetime) -> None:
    contract.send(by=sam, now=now)

    def sign(name: str) -> Callable[[], object]:
        return lambda: Contract.objects.get(pk=contract.pk).accept(name=name, ip=None, user_agent="", now=now)

    results = at_once(sign("Helen"), sign("Hugo"), sign("Hana"))
    assert Acceptance.objects.count() == 1
    assert sum(isinstance(result, AlreadyAcceptedError) for result in results) == 2
