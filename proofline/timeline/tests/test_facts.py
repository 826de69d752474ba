"""Facts: recorded with their action or not at all, and what follows from them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from proofline.timeline import catalogue, facts, query, reactions, store
from proofline.timeline.models import Batch, Effect
from proofline.timeline.projector import Projector, project_pending

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _declared(_alone):
    catalogue.declare("boat.sold", sentence="sold {name} to {buyers}")


def record(**given):
    with transaction.atomic():
        return facts.record("boat.sold", **({"at": NOW, "properties": {"name": "Swan"}} | given))


def test_a_fact_reaches_the_store_with_its_slices():
    record(
        by=2,
        account=7,
        contact=3,
        subject=("boat", 5),
        properties={"name": "Swan", "value": Decimal("12.50"), "days": 3, "on": NOW.date()},
    )
    assert project_pending() == 1
    rows = store.query(
        "SELECT kind, event, account, contact, user, subject_kind, subject, toDecimal128(toString(properties.value), 4), properties.days.:Int64, properties.on.:String FROM events"
    )
    assert rows == [("fact", "boat.sold", 7, 3, 2, "boat", 5, Decimal("12.50"), 3, "2026-11-02")]


def test_a_fact_needs_its_action_around_it(transactional_db):
    with pytest.raises(facts.NotInTransactionError):
        facts.record("boat.sold", at=NOW)


def test_a_fact_that_nobody_declared_is_refused():
    with transaction.atomic(), pytest.raises(catalogue.UndeclaredFactError, match=r"boat\.sunk"):
        facts.record("boat.sunk", at=NOW)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        record(at=datetime(2026, 1, 1))  # noqa: DTZ001 - the point


def test_the_fact_goes_when_its_action_fails():
    with transaction.atomic():
        facts.record("boat.sold", at=NOW)
        transaction.set_rollback(True)
    assert not Batch.objects.exists()


def test_a_name_has_one_form_and_one_sentence():
    with pytest.raises(ValueError, match=r"noun\.past_verb"):
        catalogue.declare("Boat Sold", sentence="sold")
    with pytest.raises(ValueError, match="twice"):
        catalogue.declare("boat.sold", sentence="another")


def test_a_sentence_shows_lists_and_leaves_out_what_is_missing():
    said = catalogue.get("boat.sold").said({"buyers": ["Ann", "Bo"]})
    assert said == "sold  to Ann, Bo"


def test_the_same_key_is_the_same_fact():
    heard = []
    reactions.on_fact("boat.sold", heard.append)
    record(key="5")
    record(key="5")
    record(key="6")
    project_pending()
    assert query.count() == [("", 2)]
    assert len(heard) == 2


def test_what_follows_at_once_is_in_the_same_transaction():
    def refuse(fact):
        raise LookupError(fact.properties["name"])

    reactions.on_fact("boat.sold", refuse)
    with pytest.raises(LookupError, match="Swan"):
        record()
    assert not Batch.objects.exists()


def test_history_is_counted_and_nothing_reacts():
    heard = []
    reactions.on_fact("boat.sold", heard.append)
    reactions.on_event("boat.sold", heard.append, key="listen")
    told = [{"name": "boat.sold", "at": NOW - timedelta(days=day), "key": f"import:{day}"} for day in range(2_500)]
    with transaction.atomic():
        assert facts.record_many(told) == 2_500
        facts.record_many(told[:10])
    assert Batch.objects.count() == 4
    project_pending()
    assert query.count() == [("", 2_500)]
    assert heard == []


def test_an_event_is_heard_once_though_the_projector_was_killed():
    heard = []
    reactions.on_event(("boat.sold",), lambda event: heard.append(event.id), key="listen")
    record()
    project_pending()
    Batch.objects.update(reacted_at=None)
    Effect.objects.update(reaction="kept")
    project_pending()
    assert Effect.objects.count() == 1


def test_an_effect_that_was_done_again_is_taken_back():
    def act(event):
        Effect.objects.create(key=f"boat {Effect.objects.count()}", reaction="the effect itself")

    reactions.on_event("boat.sold", act, key="act")
    record()
    project_pending()
    Batch.objects.update(reacted_at=None)
    project_pending()
    assert Effect.objects.filter(reaction="the effect itself").count() == 1


def test_a_reaction_that_fails_hinders_nobody_and_is_tried_again(caplog):
    trouble, heard = [True], []

    def stumble(event):
        if trouble:
            raise OSError("the mail server is down")
        heard.append("stumbler")

    reactions.on_event("boat.sold", stumble, key="stumble")
    reactions.on_event("boat.sold", lambda _event: heard.append("neighbour"), key="neighbour")
    record()
    project_pending()
    failed = Effect.objects.failed().get()
    assert (heard, failed.attempts) == (["neighbour"], 1)
    assert "mail server" in failed.error
    trouble.clear()
    Effect.objects.failed().update(next_at=NOW)
    Projector().drain()
    assert heard == ["neighbour", "stumbler"]
    assert not Effect.objects.failed().exists()


def test_what_fails_for_ever_stays_visible_and_is_let_be(caplog):
    def stumble(event):
        raise OSError("never")

    reactions.on_event("boat.sold", stumble, key="stumble")
    record()
    project_pending()
    for _attempt in range(20):
        Effect.objects.failed().filter(next_at__isnull=False).update(next_at=NOW)
        Projector().drain()
    dead = Effect.objects.failed().get()
    assert (dead.attempts, dead.next_at) == (10, None)


def test_a_reaction_with_nothing_to_do_leaves_no_note():
    reactions.on_event(lambda event: event.kind == "fact", lambda _event: [], key="idle")
    record()
    project_pending()
    assert not Effect.objects.exists()


def test_one_key_is_one_reaction():
    reactions.on_event("boat.sold", print, key="one")
    with pytest.raises(ValueError, match="one"):
        reactions.on_event("boat.sold", repr, key="one")
