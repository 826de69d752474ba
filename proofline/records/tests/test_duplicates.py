"""Duplicates in the browser and through the API: told of when one is added, found in the background, decided, merged, undone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proofline.records import jobs, matching
from proofline.records.models import Account, Apart, Contact, CustomField, Merger, Pair, Scan, Task
from proofline.timeline import feed, identity
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db
NEW_ACCOUNT = {"name": "HERON Robotics Ltd.", "domain": "https://www.heron.test/about"}


@pytest.fixture
def twin(sam, now):
    """The healthy customer once more."""
    return Account.objects.add(by=sam, now=now, name="Heron Robotics Ltd", domain="www.heron.test", owner=sam)


@pytest.fixture
def harry(sam, now, healthy):
    """The healthy customer's head of operations once more."""
    return Contact.objects.add(by=sam, now=now, name="He, Helen", phone="138 0013 8000", account=healthy, owner=sam)


def test_who_adds_an_account_is_told_what_there_is_and_may_add_it_anyway(as_, sam, healthy):
    browser = as_(sam)
    answer = browser.post(reverse("records:account_new"), NEW_ACCOUNT)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is already" in page
    assert f'href="{healthy.get_absolute_url()}"' in page
    assert "same name" in page
    assert "same website" in page
    assert Account.objects.count() == 1
    anyway = {"anyway": answer.context["anyway"]}
    other = browser.post(reverse("records:account_new"), {"name": "Swan"} | anyway)
    assert other.status_code == 302  # nothing is like it
    assert browser.post(reverse("records:account_new"), NEW_ACCOUNT | anyway).status_code == 302
    assert Account.objects.count() == 3


def test_what_one_may_not_see_is_told_of_without_what_it_is(as_, olga, healthy, helen, now):
    page = as_(olga).post(reverse("records:account_new"), NEW_ACCOUNT).content.decode()
    assert "A record that you can’t see matches." in page
    assert "Ask an administrator or your manager." in page
    for secret in ("Heron Robotics<", healthy.get_absolute_url(), "same website"):
        assert secret not in page
    api = Program(olga, now)
    told = api.post("/accounts", NEW_ACCOUNT)
    assert told["duplicates"] == {"items": [], "hidden": True}
    refused = api.call("post", "/accounts?on_duplicate=refuse", NEW_ACCOUNT)
    assert refused.status_code == 409
    assert [one["id"] for one in refused.json()["duplicates"]["items"]] == [told["id"]]  # their own, by now
    assert helen.name not in refused.content.decode()
    matching.match_new()
    ours = as_(olga).get(f"/accounts/{told['id']}/").content.decode()
    assert "A record that you can’t see matches." in ours
    assert healthy.get_absolute_url() not in ours
    assert api.get(f"/accounts/{told['id']}/duplicates") == {"items": [], "hidden": True}
    assert api.get("/duplicates")["items"] == []


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"name": "Helen Hu", "email": "HELEN+x@heron.test"}, "same e-mail"),
        ({"name": "H. He", "phone": "+86 138 0013 8000"}, "same phone"),
        ({"name": "Somebody Else", "phone": "13800138000"}, "same phone"),
        ({"name": "he helen", "email": "other@heron.test"}, "same name"),
    ],
)
def test_a_contact_is_told_of_by_email_phone_or_name(given, why, sam, helen, now):
    helen.change(by=sam, now=now, phone="(+86) 138-0013-8000")
    answer = Program(sam, now).call("post", "/contacts?on_duplicate=refuse", given)
    assert answer.status_code == 409
    (found,) = answer.json()["duplicates"]["items"]
    assert found["id"] == helen.pk
    assert why in found["why"]
    assert Contact.objects.count() == 1


@pytest.mark.usefixtures("helen")
def test_an_email_that_is_taken_leads_to_who_has_it(as_, sam, olga, helen):
    given = {"name": "Helen", "email": "helen@heron.test"}
    page = as_(sam).post(reverse("records:contact_new"), given).content.decode()
    assert f'href="{helen.get_absolute_url()}"' in page
    assert "add it anyway" not in page
    assert (
        "A record that you can’t see matches." in as_(olga).post(reverse("records:contact_new"), given).content.decode()
    )


def test_two_of_one_name_in_two_companies_are_two(sam, helen, leaving, now):
    given = {"name": "Helen He", "email": "helen@lotus.test", "account_id": leaving.pk}
    assert Program(sam, now).post("/contacts", given)["duplicates"] == {"items": [], "hidden": False}


def test_the_background_finds_what_is_alike_and_the_queue_shows_it(as_, sam, rita, olga, healthy, twin, helen, harry):
    jobs.match_new.func()
    assert matching.match_new() == 0
    pages = {who: as_(who).get(reverse("records:duplicates")).content.decode() for who in (sam, rita, olga)}
    assert "same name" in pages[sam]
    assert "Compare and merge" in pages[sam]
    assert "Not the same" not in pages[rita]
    assert "No accounts look alike" in pages[olga]
    assert "Helen He" in as_(sam).get(reverse("records:duplicates") + "?kind=contacts").content.decode()
    assert "May be the same" in as_(sam).get(helen.get_absolute_url()).content.decode()
    assert Pair.objects.filter(kind="accounts", first=healthy.pk, second=twin.pk).exists()
    assert Pair.objects.filter(kind="contacts", first=helen.pk, second=harry.pk).exists()


def test_a_record_that_is_changed_is_looked_at_again(sam, healthy, twin, now):
    matching.match_new()
    twin.change(by=sam, now=now, name="Kingfisher", domain="kingfisher.test")
    matching.match_new()
    assert not Pair.objects.exists()


def test_what_an_import_adds_and_changes_is_looked_at(take, sam, healthy):
    matching.match_new()
    take("accounts", [["Name", "Website"], ["Heron Robotics Limited", "heron.test"], ["Swan", "swan.test"]])
    assert Account.objects.filter(unmatched=True).count() == 2
    assert matching.match_new() == 1
    take("accounts", [["Name", "Website"], ["Swan", "www.heron.test"]])
    assert matching.match_new() == 2


def test_not_the_same_is_asked_once(as_, sam, healthy, twin):
    matching.match_new()
    browser = as_(sam)
    address = f"/accounts/{twin.pk}/duplicates/{healthy.pk}/"
    browser.post(f"{address}separation/")
    Account.objects.update(unmatched=True)
    matching.match_new()
    scan_all()
    assert not Pair.objects.exists()
    assert "Sam Seller said that they are not the same." in browser.get(address).content.decode()
    browser.post(f"{address}separation/reversal/")
    assert Pair.objects.count() == 1
    assert not Apart.objects.exists()


def scan_all():
    from django.utils import timezone

    scan = Scan.objects.create(at=timezone.now())
    matching.scan(scan)
    return scan


def test_all_there_is_is_looked_through_in_the_background(as_, ada, healthy, twin, helen, harry):
    from proofline.kit.jobs.running import run_pending

    browser = as_(ada)
    browser.post(reverse("records:scans"))
    assert "Looking through all accounts" in browser.get(reverse("records:duplicates")).content.decode()
    browser.post(reverse("records:scans"))
    assert Scan.objects.count() == 1  # one that goes on counts
    run_pending()
    scan = Scan.objects.get()
    assert (scan.state, scan.looked_at, scan.found) == ("done", 4, 2)
    assert "2 new pairs" in browser.get(reverse("records:duplicates")).content.decode()
    assert (scan_all().found, Pair.objects.count()) == (0, 2)


def test_a_scan_goes_on_where_it_was_killed(healthy, twin, helen, harry, monkeypatch):
    monkeypatch.setattr(matching, "AT_ONCE", 1)
    scan = Scan.objects.create(at=healthy.created_at, through={"accounts": healthy.pk})
    matching.scan(scan)
    assert scan.looked_at == 3
    assert Pair.objects.count() == 2


def test_merging_takes_the_fields_that_were_chosen(as_, sam, healthy, twin, now, helen):
    Task.objects.add(title="Call", owner=sam, account=healthy, now=now)
    browser = as_(sam)
    address = f"/accounts/{twin.pk}/duplicates/{healthy.pk}/"
    page = browser.get(address).content.decode()
    assert "1 contact" in page
    assert "1 task" in page
    assert 'name="take-sector" value="other" checked' in page  # the other does not know it
    answer = browser.post(address, {"take-employees": "other", "take-name": "own", "take-domain": "other"}, follow=True)
    twin.refresh_from_db()
    assert (twin.name, twin.domain, twin.employees, twin.sector) == ("Heron Robotics Ltd", "heron.test", 180, "")
    assert twin.created_at == healthy.created_at
    helen.refresh_from_db()
    assert helen.account == twin
    assert Task.objects.get().account == twin
    assert "Heron Robotics is part of Heron Robotics Ltd now." in answer.content.decode()
    moved = browser.get(healthy.get_absolute_url())
    assert (moved.status_code, moved["Location"]) == (302, twin.get_absolute_url())
    assert browser.get(f"/accounts/{healthy.pk}/edit/")["Location"] == f"/accounts/{twin.pk}/edit/"
    assert browser.post(f"/accounts/{healthy.pk}/edit/", {"name": "x"})["Location"] == twin.get_absolute_url()
    twin.refresh_from_db()
    assert twin.name == "Heron Robotics Ltd"


def test_a_merger_is_undone_and_what_was_changed_since_stays(as_, sam, healthy, twin, helen, now):
    browser = as_(sam)
    twin.change(by=sam, now=now, location="Bonn")
    browser.post(f"/accounts/{twin.pk}/duplicates/{healthy.pk}/", {"take-employees": "other", "take-sector": "other"})
    twin.refresh_from_db()
    twin.change(by=sam, now=now, sector="robots")
    page = browser.get(reverse("records:mergers")).content.decode()
    assert "Heron Robotics Ltd" in page
    merger = Merger.objects.get()
    again = browser.post(reverse("records:merger_reversal", args=[merger.pk]), follow=True).content.decode()
    assert "Heron Robotics is a record of its own again." in again
    twin.refresh_from_db()
    helen.refresh_from_db()
    assert (twin.employees, twin.sector) == (None, "robots")
    assert helen.account == healthy
    assert browser.get(healthy.get_absolute_url()).status_code == 200
    assert (
        "taken back already"
        in browser.post(reverse("records:merger_reversal", args=[merger.pk]), follow=True).content.decode()
    )


def test_an_account_that_was_part_of_the_one_that_goes_is_part_of_what_is_above(sam, healthy, twin, leaving, now):
    from proofline.records import merging

    healthy.change(by=sam, now=now, parent=leaving)
    twin.change(by=sam, now=now, parent=healthy)
    below = Account.objects.add(by=sam, now=now, name="Heron West", parent=healthy)
    merger = merging.merge(twin, healthy, take=None, by=sam, now=now)
    twin.refresh_from_db()
    below.refresh_from_db()
    assert (twin.parent, below.parent) == (leaving, twin)
    merging.unmerge(merger, by=sam, now=now)
    twin.refresh_from_db()
    below.refresh_from_db()
    assert (twin.parent, below.parent) == (healthy, healthy)


def test_an_email_that_another_has_by_now_stops_the_undoing(as_, sam, helen, harry, now):
    browser = as_(sam)
    browser.post(f"/contacts/{harry.pk}/duplicates/{helen.pk}/", {"take-email": "own"})
    Contact.objects.add(by=sam, now=now, name="New", email="helen@heron.test")
    answer = browser.post(reverse("records:merger_reversal", args=[Merger.objects.get().pk]), follow=True)
    assert "Another record has its e-mail or id by now" in answer.content.decode()
    assert not Contact.objects.filter(pk=helen.pk).exists()


def test_a_chain_of_mergers_is_led_along_and_undone_from_its_end(as_, sam, healthy, twin, leaving):
    browser = as_(sam)
    browser.post(f"/accounts/{twin.pk}/duplicates/{healthy.pk}/")
    browser.post(f"/accounts/{leaving.pk}/duplicates/{twin.pk}/")
    assert browser.get(healthy.get_absolute_url())["Location"] == leaving.get_absolute_url()
    first, last = Merger.objects.order_by("pk")
    refused = browser.post(reverse("records:merger_reversal", args=[first.pk]))
    assert refused.status_code == 404  # into whom it went is not there to be seen
    for merger in (last, first):
        browser.post(reverse("records:merger_reversal", args=[merger.pk]))
    assert Account.objects.count() == 3


def test_the_feed_shows_both_histories_and_people_follow(sam, mei, healthy, twin, helen, harry, now):
    from proofline.records import merging

    person = identity.tie(email="helen@heron.test", contact=helen.pk, account=healthy.pk)
    sentences = {
        kind: len(list(feed.feed(**{kind: pk}))) for kind, pk in (("account", healthy.pk), ("contact", helen.pk))
    }
    one = merging.merge(twin, healthy, take=None, by=mei, now=now)
    two = merging.merge(harry, helen, take=None, by=mei, now=now)
    assert identity.persons_of(contact=harry.pk, account=twin.pk) == [person]
    told = [item.sentence for item in feed.feed(account=twin.pk)]
    assert "added the account Heron Robotics" in told
    assert "added the account Heron Robotics Ltd" in told
    assert "merged Heron Robotics into Heron Robotics Ltd" in told
    assert "added the contact Helen He" in [item.sentence for item in feed.feed(contact=harry.pk)]
    merging.unmerge(two, by=mei, now=now)
    merging.unmerge(one, by=mei, now=now)
    assert identity.persons_of(contact=helen.pk) == [person]
    assert identity.persons_of(account=twin.pk) == []
    now_told = {
        kind: len(list(feed.feed(**{kind: pk}))) for kind, pk in (("account", healthy.pk), ("contact", helen.pk))
    }
    assert all(now_told[kind] > sentences[kind] for kind in sentences)


def test_only_who_sees_and_may_change_both_merges_them(as_, sam, olga, rita, healthy, now):
    theirs = Account.objects.add(by=olga, now=now, name="Heron Robotics", owner=olga)
    for one, other in ((theirs, healthy), (healthy, theirs)):
        address = f"/accounts/{one.pk}/duplicates/{other.pk}/"
        for path in (address, f"{address}separation/"):
            assert as_(olga).post(path).status_code == 404
            assert as_(sam).post(path).status_code == 404
            assert as_(rita).post(path).status_code == 403
    assert as_(rita).get(f"/accounts/{theirs.pk}/duplicates/{healthy.pk}/").status_code == 200
    answer = Program(olga, now).call("post", f"/accounts/{theirs.pk}/merge", {"with": healthy.pk})
    assert answer.status_code == 422
    assert "There is no such record that you may see." in answer.content.decode()
    assert Account.objects.count() == 2


def test_a_merger_can_be_begun_from_the_records_page(as_, sam, healthy, twin):
    browser = as_(sam)
    assert f'href="/accounts/{twin.pk}/merge/"' in browser.get(twin.get_absolute_url()).content.decode()
    named = browser.post(f"/accounts/{twin.pk}/merge/", {"other": "Heron Robotics"})
    assert named["Location"] == f"/accounts/{twin.pk}/duplicates/{healthy.pk}/"
    assert browser.post(f"/accounts/{twin.pk}/merge/", {"other": "Nobody"}).status_code == 422


def test_the_api_lists_decides_merges_and_undoes(sam, olga, healthy, twin, helen, harry, now):
    matching.match_new()
    api = Program(sam, now)
    (pair,) = api.get("/duplicates")["items"]
    assert [one["id"] for one in pair["records"]] == [healthy.pk, twin.pk]
    assert pair["why"] == "same name · same website"
    (found,) = api.get(f"/contacts/{helen.pk}/duplicates")["items"]
    assert found["id"] == harry.pk
    api.post(f"/contacts/{helen.pk}/separation", {"from": harry.pk}, status=204)
    assert api.get("/duplicates?kind=contacts")["items"] == []
    merger = api.post(f"/accounts/{twin.pk}/merge", {"with": healthy.pk, "take": ["sector"]})
    assert (merger["winner_id"], merger["loser_id"], merger["undone"]) == (twin.pk, healthy.pk, False)
    assert api.get(f"/accounts/{twin.pk}")["sector"] == "manufacturing"
    moved = api.call("get", f"/accounts/{healthy.pk}")
    assert (moved.status_code, moved["Location"]) == (301, f"/api/v1/accounts/{twin.pk}")
    assert moved.json()["merged_into"] == twin.pk
    refused = api.call("patch", f"/accounts/{healthy.pk}", {"name": "x"})
    assert (refused.status_code, refused.json()["merged_into"]) == (409, twin.pk)
    assert Program(olga, now).call("get", f"/accounts/{healthy.pk}").status_code == 404
    assert Program(olga, now).call("post", f"/mergers/{merger['id']}/reversal").status_code == 404
    assert api.post(f"/mergers/{merger['id']}/reversal", status=200)["undone"] is True
    assert api.call("post", f"/mergers/{merger['id']}/reversal").status_code == 409
    assert [one["id"] for one in api.get("/mergers")["items"]] == [merger["id"]]
    unknown = api.call("post", f"/accounts/{twin.pk}/merge", {"with": healthy.pk, "take": ["created_at"]})
    assert unknown.status_code == 422


def test_a_scan_is_begun_through_the_api_by_those_who_bring_records_in(ada, mei, sam, now):
    begun = Program(mei, now).post("/duplicates/scans", status=202)
    assert (begun["state"], begun["found"]) == ("waiting", None)
    assert Program(ada, now).get("/duplicates/scans")["items"][0]["found"] == 0
    assert Program(sam, now).call("post", "/duplicates/scans").status_code == 403


def test_an_account_in_chinese_is_found_under_its_full_name(sam, leaving, now):
    given = {"name": "上海莲花印务有限公司"}
    (found,) = Program(sam, now).post("/accounts", given)["duplicates"]["items"]
    assert found["id"] == leaving.pk


def test_the_queue_costs_the_same_for_many(as_, sam, now):
    browser, counts = as_(sam), []
    for number in range(6):
        for name in (f"Crane{number * 7}x", f"Crane{number * 7}x Ltd"):
            Account.objects.add(by=sam, now=now, name=name, owner=sam)
        matching.match_new()
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(reverse("records:duplicates")).content.decode()
        counts.append(len(queries))
        assert page.count("Compare and merge") == number + 1
    assert counts[1] == counts[-1]


def test_values_of_custom_fields_are_chosen_too(as_, ada, sam, healthy, twin, leaving, now):
    def field(name, kind_of_value, **more):
        return CustomField.objects.add(by=ada, now=now, kind="account", name=name, type=kind_of_value, **more)

    field("Code", "text"), field("Seats", "number"), field("Partner", "relation", to="account"), field("Memo", "text")
    healthy.change(by=sam, now=now, custom_code="old", custom_seats="5")
    twin.change(by=sam, now=now, custom_code="new", custom_partner=leaving.pk, custom_seats="7", custom_memo="x")
    address = reverse("records:account_compare", args=[healthy.pk, twin.pk])
    fields = {one.name: one for one in as_(sam).get(address).context["fields"]}
    assert (fields["custom_code"].ours, fields["custom_code"].theirs) == ("old", "new")
    assert (fields["custom_partner"].theirs, fields["custom_partner"].take) == (leaving.name, True)
    chosen = {"take-custom_code": "other", "take-custom_partner": "other", "take-custom_memo": "own"}
    assert as_(sam).post(address, chosen).status_code == 302
    healthy.refresh_from_db()
    assert healthy.custom == {"code": "new", "seats": "5", "partner": leaving.pk}
    api = Program(sam, now)
    assert api.call("post", f"/mergers/{Merger.objects.get().pk}/reversal", {}).status_code == 200
    healthy.refresh_from_db()
    assert healthy.custom == {"code": "old", "seats": "5"}
    api.post(f"/accounts/{healthy.pk}/merge", {"with": twin.pk})
    healthy.refresh_from_db()
    assert healthy.custom == {"code": "old", "seats": "5", "partner": leaving.pk, "memo": "x"}
