"""Two customers turn out to be one: everything that any room ties to the one goes to the other, and back."""

import json

import pytest
from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.core import serializers
from django.db import connection, models

from proofline.records import following, merging
from proofline.records.models import Account, Contact, Merger, Note

pytestmark = pytest.mark.django_db
TIED_OTHERWISE = {
    "timeline.Person.account_id": "timeline.absorbing",
    "timeline.Person.contact_id": "timeline.absorbing",
    "timeline.Group.account_id": "timeline.absorbing",
    "kit.SearchEntry.record": "kit.search",
    "records.Gone.record": "records.about; there is none of a record that is there",
    "records.ListActionRow.record": "says what was done with one record; who is gone by now stays as they are",
    "records.MatchKey.record": "records.merging",
    "records.Task.about_id": "never an account or a contact: those are foreign keys of the task",
    "timeline.Quarantined.event_id": "an event's own id",
    "timeline.Firing.event_id": "an event's own id",
}
"""Numbers of records that are no foreign keys, and who sees to them."""


def tied(target):
    """Every column that refers to a model, found by another way than the one under test: by the columns of the tables."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if isinstance(field, models.ForeignKey) and field.remote_field.model is target:
                yield model, field


def rows():
    """Every row of every table that may be tied to a customer, as plain values; but what merging itself keeps."""
    own = {
        "Merger",
        "Unmerger",
        "MatchKey",
        "Pair",
        "SearchEntry",
        "SearchTerm",
        "Absorbed",
        "Batch",
        "Effect",
        "DBTaskResult",
        "Progress",
        "Change",
    }
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model.__name__ not in own and model._meta.managed and not model._meta.proxy:
            for row in serializers.serialize("python", models.QuerySet(model).order_by("pk")):
                row["fields"].pop("unmatched", None)
                row["fields"].pop("stale", None)
                row["fields"].pop("changed_at", None)
                found[row["model"], row["pk"]] = json.loads(json.dumps(row["fields"], default=str))
    return found


def test_a_foreign_key_of_tomorrow_is_not_forgotten():
    for target in (Account, Contact):
        known = {(one.model, one.name) for one in following.references(target)}
        assert {(model, field.name) for model, field in tied(target)} <= known
        assert len(known) > 12
        generic = {
            (model, field.fk_field)
            for model in apps.get_models()
            for field in model._meta.private_fields
            if isinstance(field, GenericForeignKey)
        }
        assert generic <= known
        assert [model for model, field in tied(target) if field.primary_key] == [], "a row whose key is the customer's"


def test_a_number_of_a_record_that_is_no_foreign_key_has_somebody_who_moves_it():
    loose = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if not field.is_relation
        and not field.primary_key
        and (field.name.endswith("_id") or field.name in {"account", "contact", "record"})
        and field.name != "external_id"
        and model.__module__.startswith("proofline.")
    }
    followed = {one.label for one in following.references(Account) if one.kind}
    assert followed >= {"records.Note.record", "records.RecordFile.record", "records.Change.record"}
    assert loose - followed == set(TIED_OTHERWISE)


@pytest.fixture
def twin(story, sam, now):
    """Another account and contact, who are the story's customer under another name."""
    account = Account.objects.add(by=sam, now=now, name="Heron Ltd", domain="heron.test", owner=sam)
    contact = Contact.objects.add(by=sam, now=now, name="H. He", phone="+86 138 0013 8000", account=account, owner=sam)
    return account, contact


def test_everything_follows_an_account_and_its_people_and_goes_back(story, twin, mei, now):
    from proofline.outreach.models import OptOut
    from proofline.stages.closing.models import Deal, DealPerson
    from proofline.stages.delivery.models import Portal

    account, contact = twin
    gone, person = Account.objects.get(pk=story["accounts"]), Contact.objects.get(pk=story["contacts"])
    # Of these a contact has one alone, and a deal names each contact once.
    ours = DealPerson.objects.create(deal=Deal.objects.get(pk=story["deals"]), contact=contact, role="user")
    OptOut.note(contact=person, now=now)
    links = {Portal.of(one, now=now).token for one in (account, gone)}
    Note.objects.write(gone, text="They know us", by=mei, now=now)
    before = rows()
    first = merging.merge(account, gone, take=None, by=mei, now=now)
    second = merging.merge(contact, person, take=None, by=mei, now=now)
    connection.check_constraints()
    for kept, lost in ((account, gone), (contact, person)):
        for model, field in tied(type(kept)):
            assert not models.QuerySet(model).filter(**{field.name: lost.pk}).exists(), (model, field)
    assert first.moved() > 8
    contact.refresh_from_db()
    assert (contact.email, contact.phone) == ("helen@heron.test", "+86 138 0013 8000")
    assert DealPerson.objects.get(deal=story["deals"]).pk == ours.pk
    assert OptOut.objects.get().contact_id == contact.pk
    assert set(Portal.objects.filter(account=account).values_list("token", flat=True)) == links
    assert Note.objects.get(text="They know us").record == account.pk
    assert not Account.objects.filter(pk=gone.pk).exists()
    for merger in (second, first):
        merging.unmerge(Merger.objects.get(pk=merger.pk), by=mei, now=now)
    connection.check_constraints()
    after = rows()
    assert {key: (before.get(key), after.get(key)) for key in before | after if before.get(key) != after.get(key)} == {}
    assert not Merger.objects.holding().exists()


def test_the_command_line_looks_through_all_there_is(sam, healthy, now, capsys):
    import argparse

    from proofline.config.cli import duplicates

    Account.objects.add(by=sam, now=now, name="Heron Robotics Ltd")
    assert duplicates.run(argparse.Namespace(json=True)) == 0
    said = json.loads(capsys.readouterr().out)
    assert said == {"looked_at": 2, "new_pairs": 1, "waiting": {"accounts": 1, "contacts": 0}}
