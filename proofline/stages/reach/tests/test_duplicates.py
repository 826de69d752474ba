"""Leads that may be the same: told at once, found in the background, merged, and that taken back."""

import pytest
from django.urls import reverse

from proofline.records import matching, merging
from proofline.records.models import Account, Contact, Merger, Note, Pair, Scan, Segment
from proofline.stages.reach.models import KnownContact, Lead, Qualification, disqualify, qualify
from proofline.timeline import absorbing
from tests.cast import NOW
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def capture(sam):
    """Return `capture(name, …)`: a lead of Sam's."""

    def capture(name, owner=sam, **values):
        return Lead.objects.capture(by=sam, now=NOW, origin="form", name=name, owner=owner, **values)

    return capture


@pytest.fixture
def two(capture):
    """One person who asked twice."""
    return (
        capture("Li Lei", company="Beiming Software Ltd", email="lilei@beiming.test", title="CTO"),
        capture("Lei Li", company="Beiming Software", email="lilei@beiming.test", phone="+86 138 0013 8000"),
    )


def form(sam, **values):
    return {"name": "Li Lei", "owner": sam.pk, "language": "", **values}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"email": "LILEI@beiming.test", "name": "Somebody Else"}, True),
        ({"phone": "13800138000", "name": "Somebody Else"}, True),
        ({"company": "Beiming Software Limited"}, True),
        ({}, False),  # a name alone is everybody's
        ({"company": "Heron"}, False),
    ],
)
def test_who_enters_one_is_told_at_once_what_there_is(capture, as_, sam, values, told):
    capture(
        "Li Lei", company="Beiming Software", email="lilei@beiming.test", phone="+86 138 0013 8000", language="zh-hans"
    )
    browser, address = as_(sam), reverse("reach:lead_new")
    answer = browser.post(address, form(sam, **values))
    assert answer.status_code == (422 if told else 302)
    assert Lead.objects.count() == (1 if told else 2)
    if told:
        page = answer.content.decode()
        assert "There is already" in page
        anyway = page.split('name="anyway" value="')[1].split('"')[0]
        assert browser.post(address, form(sam, **values, anyway=anyway)).status_code == 302
        assert Lead.objects.count() == 2


def test_of_anothers_lead_one_is_told_only_that_there_is_one(capture, as_, sam, olga):
    capture("Li Lei", email="lilei@beiming.test")
    answer = (
        as_(olga).post(reverse("reach:lead_new"), form(olga, name="Other", email="lilei@beiming.test")).content.decode()
    )
    assert "A record that you can’t see matches" in answer
    assert "Li Lei" not in answer


def test_the_api_says_what_there_is_and_refuses_when_asked_to(capture, sam, now):
    first = capture("Li Lei", email="lilei@beiming.test")
    api = Program(sam, now)
    body = {"name": "Lei Li", "email": "lilei@beiming.test"}
    refused = api.call("post", "/leads?on_duplicate=refuse", body)
    assert (refused.status_code, refused.json()["duplicates"]["items"][0]["id"]) == (409, first.pk)
    made = api.call("post", "/leads", body).json()
    assert [one["id"] for one in made["duplicates"]["items"]] == [first.pk]


@pytest.mark.parametrize("how", ["new", "scan"])
def test_the_background_finds_them_and_the_queue_shows_them(two, as_, sam, olga, now, how):
    if how == "new":
        matching.match_new()
    else:
        matching.scan(Scan.objects.create(at=NOW))
    assert [(pair.kind, pair.first, pair.second) for pair in Pair.objects.all()] == [("leads", two[0].pk, two[1].pk)]
    compare = reverse("records:lead_compare", args=[two[0].pk, two[1].pk])
    assert compare in as_(sam).get(f"{reverse('records:duplicates')}?kind=leads").content.decode()
    assert compare in as_(sam).get(two[0].get_absolute_url()).content.decode()
    assert compare not in as_(olga).get(f"{reverse('records:duplicates')}?kind=leads").content.decode()
    api = Program(sam, now)
    assert [one["id"] for one in api.get(f"/leads/{two[0].pk}/duplicates")["items"]] == [two[1].pk]
    assert api.get("/duplicates?kind=leads")["items"][0]["kind"] == "leads"
    assert api.call("post", f"/leads/{two[0].pk}/separation", {"from": two[1].pk}).status_code == 204
    two[1].change(by=sam, now=NOW, phone="+86 139 0013 9000")
    matching.match_new()
    assert not Pair.objects.exists()  # nobody is asked again


def test_two_become_one_with_the_fields_that_were_chosen_and_two_again(two, as_, sam, now):
    winner, loser = two
    Note.objects.write(loser, text="Called", by=sam, now=NOW)
    segment = Segment.objects.add(by=sam, now=NOW, kind="leads", name="Fair")
    segment.put([loser], by=sam, now=NOW)
    done = qualify(loser, by=sam, now=NOW, open_deal=False)
    browser = as_(sam)
    compare = reverse("records:lead_compare", args=[winner.pk, loser.pk])
    page = browser.get(compare).content.decode()
    assert "same e-mail" in page
    assert "CTO" in page
    assert browser.post(compare, {"take-company": "other", "take-phone": "other"}).url == winner.get_absolute_url()
    winner = Lead.objects.get()
    assert (winner.company, winner.phone, winner.title) == ("Beiming Software", "+86 138 0013 8000", "CTO")
    assert (winner.qualification.pk, winner.contact_id) == (done.pk, done.contact_id)
    assert Note.objects.get().record == segment.members.get().record == winner.pk
    assert absorbing.history_of("lead", winner.pk) == [winner.pk, loser.pk]
    assert browser.get(loser.get_absolute_url()).url == winner.get_absolute_url()
    assert "Lei Li" in browser.get(reverse("records:mergers")).content.decode()
    browser.post(reverse("records:merger_reversal", args=[Merger.objects.get().pk]))
    winner, back = Lead.objects.order_by("pk")
    assert (winner.company, winner.phone, winner.contact_id) == ("Beiming Software Ltd", "", None)
    assert (back.company, back.qualification.pk) == ("Beiming Software", done.pk)
    assert Note.objects.get().record == segment.members.get().record == back.pk
    assert absorbing.history_of("lead", winner.pk) == [winner.pk]


def test_what_was_decided_otherwise_about_each_keeps_them_two(two, capture, sam):
    first, second = two
    qualify(first, by=sam, now=NOW, open_deal=False)
    disqualify(second, by=sam, now=NOW, why="no_fit")
    with pytest.raises(merging.MergedError, match="turned down"):
        merging.merge(first, second, take=None, by=sam, now=NOW)
    third = capture("Li Lei", company="Beiming", email="other@beiming.test")
    qualify(third, by=sam, now=NOW, open_deal=False)
    with pytest.raises(merging.MergedError, match="two contacts"):
        merging.merge(Lead.objects.get(pk=first.pk), Lead.objects.get(pk=third.pk), take=None, by=sam, now=NOW)
    assert Lead.objects.count() == 3
    assert Qualification.objects.count() == 2


def test_who_may_change_no_leads_merges_none_and_takes_none_back(two, as_, cleo, rita, sam, now):
    compare = reverse("records:lead_compare", args=[two[0].pk, two[1].pk])
    for user in (cleo, rita):  # a consultant changes customers, not leads
        assert as_(user).post(compare, {}).status_code == 403
        assert Program(user, now).call("post", f"/leads/{two[0].pk}/merge", {"with": two[1].pk}).status_code == 403
    merger = Program(sam, now).call("post", f"/leads/{two[0].pk}/merge", {"with": two[1].pk}).json()
    assert as_(cleo).post(reverse("records:merger_reversal", args=[merger["id"]])).status_code == 403
    assert Program(cleo, now).call("post", f"/mergers/{merger['id']}/reversal").status_code == 403
    assert Program(sam, now).call("post", f"/mergers/{merger['id']}/reversal").json()["undone"]


@pytest.fixture
def li(sam):
    """A contact of Sam's."""
    account = Account.objects.add(by=sam, now=NOW, name="Beiming Software Ltd", owner=sam)
    return Contact.objects.add(by=sam, now=NOW, name="Li Lei", email="lilei@beiming.test", account=account, owner=sam)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"email": "lilei@beiming.test", "name": "Somebody Else"}, True),
        ({"company": "Beiming Software"}, True),
        ({}, False),
        ({"company": "Heron"}, False),
    ],
)
def test_who_enters_a_lead_is_told_of_the_contact_that_it_is(li, as_, olga, sam, now, values, told):
    answer = as_(sam).post(reverse("reach:lead_new"), form(sam, **values))
    assert answer.status_code == (422 if told else 302)
    if told:
        assert li.get_absolute_url() in answer.content.decode()
        hidden = as_(olga).post(reverse("reach:lead_new"), form(olga, **values)).content.decode()
        assert "A record that you can’t see matches" in hidden
        assert li.get_absolute_url() not in hidden
        made = Program(sam, now).call("post", "/leads", {"name": "Li Lei", **values}).json()
        assert [(one["kind"], one["id"]) for one in made["duplicates"]["items"]] == [("contacts", li.pk)]


@pytest.mark.parametrize("first", ["lead", "contact"])
def test_the_background_finds_it_whichever_came_first_and_the_lead_becomes_that_contact(
    capture, sam, as_, olga, now, first, request
):
    if first == "contact":
        li = request.getfixturevalue("li")
        matching.match_new()
    lead = capture("Lei Li", company="Beiming Software", phone="13800138000")
    matching.match_new()
    if first == "lead":
        li = request.getfixturevalue("li")
        matching.match_new()
    assert [(one.lead_id, one.contact_id) for one in KnownContact.objects.all()] == [(lead.pk, li.pk)]
    browser, queue = as_(sam), reverse("reach:known_contacts")
    assert lead.get_absolute_url() in browser.get(queue).content.decode()
    assert queue in browser.get(reverse("records:duplicates")).content.decode()
    assert lead.get_absolute_url() not in as_(olga).get(queue).content.decode()
    assert "May be a contact" in browser.get(lead.get_absolute_url()).content.decode()
    api = Program(sam, now)
    assert [one["contact_id"] for one in api.get("/leads/contacts")["items"]] == [li.pk]
    assert [one["id"] for one in api.get(f"/leads/{lead.pk}/contacts")["items"]] == [li.pk]
    browser.post(reverse("reach:qualification", args=[lead.pk]), {"account": li.account_id, "contact": li.pk})
    done = Qualification.objects.get()
    assert (done.contact_id, done.account_id, Contact.objects.count()) == (li.pk, li.account_id, 1)
    assert lead.get_absolute_url() not in browser.get(queue).content.decode()


def test_a_scan_finds_it_too(capture, li):
    lead = capture("Lei Li", company="Beiming Software")
    matching.scan(Scan.objects.create(at=NOW))
    assert KnownContact.objects.get().lead_id == lead.pk
    assert KnownContact.objects.get().contact_id == li.pk


def test_a_lead_is_tied_to_the_contact_or_said_to_be_another_each_with_undo(capture, li, sam, as_, cleo, now):
    lead = capture("Li Lei", email="lilei@beiming.test")
    matching.match_new()
    browser, address = as_(sam), reverse("reach:lead_contact", args=[lead.pk])
    assert as_(cleo).post(address, {"contact": li.pk}).status_code == 403
    browser.post(address, {"contact": li.pk})
    assert Lead.objects.get().contact == li
    assert not KnownContact.objects.open().exists()
    browser.post(address)
    assert Lead.objects.get().contact is None
    assert KnownContact.objects.open().exists()
    apart = reverse("reach:known_separation", args=[lead.pk, li.pk])
    browser.post(apart)
    Lead.objects.update(unmatched=True)
    Contact.objects.update(unmatched=True)
    matching.match_new()
    assert not KnownContact.objects.exists()  # nobody is asked again
    browser.post(reverse("reach:known_separation_reversal", args=[lead.pk, li.pk]))
    matching.match_new()
    assert KnownContact.objects.exists()
    api = Program(sam, now)
    assert api.call("post", f"/leads/{lead.pk}/contact-separation", {"contact_id": li.pk}).status_code == 204
    assert api.call("post", f"/leads/{lead.pk}/contact", {"contact_id": li.pk}).status_code == 204
    assert Lead.objects.get().contact == li
    qualify(Lead.objects.get(), by=sam, now=NOW, open_deal=False)
    assert Qualification.objects.get().contact == li
    assert api.call("post", f"/leads/{lead.pk}/contact", {"contact_id": None}).status_code == 409
    assert api.call("post", f"/leads/{lead.pk}/contact-separation", {"contact_id": 99}).status_code == 422
