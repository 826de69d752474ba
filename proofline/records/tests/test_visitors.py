"""Visitors who turn out to be contacts, and groups that turn out to be accounts."""

import pytest
from django.urls import reverse

from proofline.records.models import Account, Contact
from proofline.timeline import identity, inbox, projector
from proofline.timeline.models import Group, Person, Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def says(now):
    """Sends what a visitor says, and lets everything follow from it."""
    website = Source.add(name="Website", now=now)

    def says(**message):
        inbox.append(website, [{"timestamp": now.isoformat(), **message}], now)
        projector.project_pending()

    return says


def test_a_visitor_who_gives_a_contacts_email_is_the_contact_with_all_their_clicks(says, as_, sam, helen):
    says(type="page", anonymousId="a-1", properties={"path": "/pricing"})
    says(type="identify", anonymousId="a-1", traits={"email": "Helen@Heron.test"})
    assert identity.persons_of(contact=helen.pk)
    feed = f"/feed/?contact={helen.pk}"
    assert f'hx-get="{feed}&amp;part=1"' in as_(sam).get(helen.get_absolute_url()).content.decode()
    assert "/pricing" in as_(sam).get(f"{feed}&part=1").content.decode()


def test_a_contact_who_was_imported_in_bulk_is_recognised_too(says, healthy, now):
    Contact.objects.bulk_create([Contact(name="Li", email="li@heron.test", account=healthy, created_at=now)])
    says(type="identify", userId="u-1", traits={"email": "li@heron.test"})
    person = Person.objects.canonical().get(contact_id=Contact.objects.get().pk)
    assert person.account_id == healthy.pk


def test_a_strangers_email_ties_to_nobody(says, helen):
    says(type="identify", userId="u-1", traits={"email": "eve@elsewhere.test"})
    assert not Person.objects.filter(contact_id=helen.pk, keys__key="u-1").exists()


@pytest.mark.parametrize("traits", [{"domain": "www.Heron.test"}, {"name": "heron robotics"}])
def test_a_group_is_the_account_of_its_domain_or_name(says, healthy, traits):
    says(type="group", userId="u-1", groupId="g-1", traits=traits)
    assert Group.objects.get(key="g-1").account_id == healthy.pk
    assert Person.objects.get(keys__key="u-1").account_id == healthy.pk


def test_a_name_that_two_accounts_have_ties_to_neither(says, healthy, sam, now):
    Account.objects.add(by=sam, now=now, name="Heron Robotics", owner=sam)
    says(type="group", userId="u-1", groupId="g-1", traits={"name": "Heron Robotics"})
    assert Group.objects.get(key="g-1").account_id is None


def test_the_feed_of_an_account_is_for_those_who_see_the_account(as_, sam, olga, healthy, helen):
    for query in (f"?account={healthy.pk}", f"?contact={helen.pk}"):
        assert as_(sam).get(reverse("timeline:feed") + query).status_code == 200
        assert as_(olga).get(reverse("timeline:feed") + query).status_code == 404
    assert as_(sam).get(reverse("timeline:feed")).status_code == 404
