"""Segments: live ones by conditions, others picked by hand; in lists, through the API, with what happens to their records."""

import json
import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from proofline.kit.jobs.running import run_pending
from proofline.records import about, merging
from proofline.records.models import Account, Contact, ListAction, Segment, SegmentMember, acting
from proofline.timeline.models import Batch
from proofline.timeline.traces import Traces
from tests.cast import NOW
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db
LARGE = {"all": [{"field": "employees", "op": "gte", "value": 20}]}


@pytest.fixture
def accounts(sam):
    return [
        Account.objects.add(by=sam, now=NOW, name=name, sector=sector, employees=size, owner=sam)
        for name, sector, size in (("Aster", "Software", 30), ("Birch", "Retail", 10), ("Cedar", "Software", None))
    ]


@pytest.fixture
def begin(sam):
    """Return `begin(name, …)`: a segment of accounts of Sam's."""

    def begin(name, by=sam, **values):
        return Segment.objects.add(by=by, now=NOW, kind="accounts", name=name, **values)

    return begin


def names(browser, address, **asked):
    page = browser.get(f"{address}?{urlencode({k: json.dumps(v) if k == 'filter' else v for k, v in asked.items()})}")
    assert page.status_code == 200
    assert page.context["listing"].state.problem == ""
    return sorted(row.name for row in page.context["listing"].rows)


def in_list(browser, conditions):
    return names(browser, reverse("records:accounts"), filter=conditions)


def ids(records):
    return ",".join(str(one.pk) for one in records)


def join(browser, records, **data):
    return browser.post(f"{reverse('records:list_joining', args=['accounts'])}?ids={ids(records)}", data)


def test_a_lists_filter_is_saved_as_a_segment_whose_page_lists_its_members_as_they_come_and_go(accounts, as_, sam):
    browser = as_(sam)
    address = f"{reverse('records:list_segment', args=['accounts'])}?{urlencode({'filter': json.dumps(LARGE), 'owner': 'me', 'q': 'a'})}"
    asking = browser.get(address).content.decode()
    assert "Employees ≥ 20 and Owner is me" in asking
    assert "without “a”" in asking  # a search is no condition, and is not passed over in silence
    made = browser.post(address, {"name": "Large ones", "audience": "me"})
    segment = Segment.objects.get()
    assert made.url == segment.get_absolute_url()
    assert names(browser, made.url) == ["Aster"]
    accounts[1].change(by=sam, now=NOW, employees=50)
    assert names(browser, made.url) == ["Aster", "Birch"]
    assert names(browser, made.url, filter=[{"field": "sector", "op": "is", "value": ["Retail"]}]) == ["Birch"]
    page = browser.get(made.url).content.decode()
    assert "Employees ≥ 20 and Owner is me" in page
    export = browser.get(re.search(r'href="(/lists/accounts/export/[^"]+)', page)[1].replace("&amp;", "&"))
    lines = export.getvalue().decode("utf-8-sig").splitlines()[1:]
    assert sorted(line.split(",")[0] for line in lines) == ["Aster", "Birch"]


def test_its_conditions_are_built_and_kept(accounts, as_, sam):
    browser = as_(sam)
    form = {"kind": "accounts", "how": "live", "name": "Software", "audience": "me"}
    building = browser.post(reverse("records:segment_new"), form)
    segment = Segment.objects.get()
    assert building.url == reverse("records:segment_conditions", args=[segment.pk])
    assert "Who is in" in browser.get(building.url).content.decode()
    tree = {"all": [{"field": "sector", "op": "is", "value": ["Software"]}]}
    step = browser.post(building.url, {"tree": json.dumps(tree), "do": "add::field"})
    assert step.status_code == 200
    kept = browser.post(building.url, {"tree": json.dumps(tree), "do": "apply"})
    assert kept.url == segment.get_absolute_url()
    assert names(browser, kept.url) == ["Aster", "Cedar"]
    itself = {"all": [{"field": "segment", "op": "is", "value": [segment.pk]}]}
    refused = browser.post(building.url, {"tree": json.dumps(itself), "do": "apply"})
    assert refused.status_code == 422
    assert "stands on itself" in refused.content.decode()


def test_records_are_picked_in_a_list_and_taken_out_again_each_with_undo(accounts, as_, sam):
    browser = as_(sam)
    assert "Choose a segment, or name a new one" in join(browser, accounts[:2], name=" ").content.decode()
    assert join(browser, accounts[:2], name="Friends").url == reverse("records:accounts")
    segment = Segment.objects.get()
    assert not segment.is_live
    assert names(browser, segment.get_absolute_url()) == ["Aster", "Birch"]
    join(browser, accounts[1:], segment=segment.pk)
    undo = reverse("records:list_action_undo", args=[ListAction.objects.latest("pk").pk])
    assert browser.post(undo).url == segment.get_absolute_url()
    assert names(browser, segment.get_absolute_url()) == ["Aster", "Birch"]  # who was in it before stays
    leaving = f"{reverse('records:list_leaving', args=['accounts'])}?segment={segment.pk}&all=1"
    assert browser.post(leaving, {"segment": segment.pk}).url == segment.get_absolute_url()
    assert names(browser, segment.get_absolute_url()) == []
    browser.post(reverse("records:list_action_undo", args=[ListAction.objects.latest("pk").pk]))
    assert names(browser, segment.get_absolute_url()) == ["Aster", "Birch"]


def test_many_are_put_in_in_the_background(accounts, as_, sam, monkeypatch, begin):
    monkeypatch.setattr(acting, "LATER", 2)
    monkeypatch.setattr(acting, "AT_ONCE", 1)
    segment, browser = begin("Friends"), as_(sam)
    answer = browser.post(f"{reverse('records:list_joining', args=['accounts'])}?all=1", {"segment": segment.pk})
    page = browser.get(answer.url).content.decode()
    assert "Adding to a segment" in page
    assert "Under way" in page
    assert not segment.members.exists()
    run_pending()
    assert segment.members.count() == 3
    segment.remove(by=sam, now=NOW)
    browser.post(reverse("records:list_action_undo", args=[ListAction.objects.get().pk]))
    run_pending()
    assert segment.members.count() == 3  # it is gone; what it held can still come back with it
    assert "The segment is gone" in browser.get(answer.url).content.decode()


def test_lists_are_filtered_by_segments_and_by_not_being_in_them(accounts, as_, sam, begin):
    live, picked = begin("Large", conditions=LARGE), begin("Friends")
    picked.put(accounts[1:], by=sam, now=NOW)
    browser = as_(sam)

    def where(op, *chosen):
        return [{"field": "segment", "op": op, "value": [one.pk for one in chosen]}]

    assert in_list(browser, where("is", live)) == ["Aster"]
    assert in_list(browser, where("is", picked)) == ["Birch", "Cedar"]
    assert in_list(browser, where("is", live, picked)) == ["Aster", "Birch", "Cedar"]
    assert in_list(browser, where("is_not", live)) == ["Birch", "Cedar"]  # also where nothing is known of employees
    assert in_list(browser, where("is_not", live, picked)) == []
    both = begin("Both", conditions={"any": [*where("is", live), {"field": "name", "op": "is", "value": ["Birch"]}]})
    assert in_list(browser, where("is", both)) == ["Aster", "Birch"]
    page = browser.get(f"{reverse('records:accounts')}?{urlencode({'filter': json.dumps(where('is_not', live))})}")
    assert "Segment is not in Large" in page.content.decode()


def test_large_segments_are_looked_up_row_by_row(accounts, as_, sam, begin, monkeypatch):
    from proofline.records.lists import segments

    monkeypatch.setattr(segments, "MANY", 1)
    picked = begin("Friends")
    picked.put(accounts[1:], by=sam, now=NOW)
    assert names(as_(sam), picked.get_absolute_url()) == ["Birch", "Cedar"]


def test_related_records_are_filtered_by_their_segments(accounts, as_, sam):
    bo = Contact.objects.add(by=sam, now=NOW, name="Bo", account=accounts[1], owner=sam)
    segment = Segment.objects.add(by=sam, now=NOW, kind="contacts", name="Friends")
    segment.put([bo], by=sam, now=NOW)
    inner = [{"field": "segment", "op": "is", "value": [segment.pk]}]
    assert in_list(as_(sam), [{"has": "contacts", "all": inner}]) == ["Birch"]
    of_account = [{"field": "segment", "op": "is", "value": [segment.pk]}]
    page = as_(sam).get(f"{reverse('records:accounts')}?{urlencode({'filter': json.dumps(of_account)})}")
    assert f"There is no segment {segment.pk}" in page.content.decode()  # it is none of accounts


def test_circles_and_what_is_gone_are_said(accounts, as_, sam, begin):
    one = begin("One", conditions=LARGE)
    two = begin("Two", conditions={"all": [{"field": "segment", "op": "is", "value": [one.pk]}]})
    one.change(by=sam, now=NOW, conditions={"all": [{"field": "segment", "op": "is", "value": [two.pk]}]})
    browser = as_(sam)
    page = browser.get(two.get_absolute_url())
    assert page.context["listing"].rows == []
    assert "stands on itself" in page.content.decode()
    assert "stands on itself" in browser.get(reverse("records:segment_count", args=[one.pk])).content.decode()
    one.remove(by=sam, now=NOW)
    assert f"There is no segment {one.pk}" in browser.get(two.get_absolute_url()).content.decode()


def test_behaviour_says_who_is_in_it(accounts, as_, sam, begin, monkeypatch):
    from proofline.timeline import query

    monkeypatch.setattr(query, "who", lambda *_args, **_named: [accounts[2].pk])
    segment = begin("Readers", conditions={"all": [{"did": {"event": "Page Viewed", "times": 3, "within": "7d"}}]})
    assert names(as_(sam), segment.get_absolute_url()) == ["Cedar"]
    assert in_list(as_(sam), [{"field": "segment", "op": "is_not", "value": [segment.pk]}]) == ["Aster", "Birch"]


def test_it_is_seen_by_whom_it_is_for_and_its_members_by_who_may_see_them(
    accounts, as_, sam, tom, olga, rita, mei, begin
):
    mine = begin("Mine", conditions={"all": []})
    for user in (tom, olga, rita, mei):
        assert as_(user).get(mine.get_absolute_url()).status_code == 404
        assert as_(user).get(reverse("records:segment_count", args=[mine.pk])).status_code == 404
        assert as_(user).post(reverse("records:segment_removal", args=[mine.pk])).status_code in {403, 404}
        assert "Mine" not in as_(user).get(reverse("records:segments")).content.decode()
        assert (
            as_(user).get(f"{reverse('records:list_export', args=['accounts'])}?segment={mine.pk}").status_code == 404
        )
    team = begin("Team", conditions={"all": []}, audience="team")
    assert names(as_(mei), team.get_absolute_url()) == ["Aster", "Birch", "Cedar"]
    assert names(as_(tom), team.get_absolute_url()) == []  # Sam's accounts are not Tom's to see
    assert as_(olga).get(team.get_absolute_url()).status_code == 404
    everybodys = begin("All", conditions={"all": []}, audience="all")
    assert names(as_(olga), everybodys.get_absolute_url()) == []
    assert as_(olga).get(reverse("records:segment_count", args=[everybodys.pk])).content.decode().count(">0<") == 1
    for what in ("edit", "conditions", "removal"):
        address = reverse(f"records:segment_{what}", args=[everybodys.pk])
        assert as_(tom).post(address, {"name": "x", "audience": "all"}).status_code == 403
    for what in ("segment", "joining", "leaving"):
        assert (
            as_(rita).post(f"{reverse(f'records:list_{what}', args=['accounts'])}?all=1", {"name": "x"}).status_code
            == 403
        )
    assert as_(rita).post(reverse("records:segment_new"), {}).status_code == 403
    assert "Save as segment" not in as_(rita).get(f"{reverse('records:accounts')}?owner=me").content.decode()
    assert Segment.objects.count() == 3


def test_a_shared_segment_may_stand_on_one_that_only_its_owner_sees(accounts, as_, sam, mei, begin):
    mine = begin("Mine", conditions=LARGE)
    shared = begin(
        "Shared", audience="team", conditions={"all": [{"field": "segment", "op": "is", "value": [mine.pk]}]}
    )
    assert names(as_(mei), shared.get_absolute_url()) == ["Aster"]
    address = f"{reverse('records:accounts')}?{urlencode({'filter': json.dumps([{'field': 'segment', 'op': 'is', 'value': [mine.pk]}])})}"
    assert f"There is no segment {mine.pk}" in as_(mei).get(address).content.decode()


def test_it_is_removed_and_comes_back_with_its_members(accounts, as_, sam, begin):
    segment, browser = begin("Friends"), as_(sam)
    segment.put(accounts, by=sam, now=NOW)
    browser.post(reverse("records:segment_removal", args=[segment.pk]))
    assert browser.get(segment.get_absolute_url()).status_code == 404
    begin("Friends")  # its name is free
    assert browser.post(reverse("records:segment_restoration", args=[segment.pk])).url == reverse("records:segments")
    Segment.objects.get(removed_at=None).change(by=sam, now=NOW, name="Others")
    browser.post(reverse("records:segment_restoration", args=[segment.pk]))
    assert len(names(browser, segment.get_absolute_url())) == 3
    segment.refresh_from_db()
    segment.remove(by=sam, now=NOW)
    about.sweep(now=NOW + timedelta(days=8))
    assert not Segment.objects.filter(pk=segment.pk).exists()
    assert not SegmentMember.objects.exists()


def test_what_is_merged_keeps_its_places_and_gets_them_back(accounts, sam, begin):
    one, other = begin("One"), begin("Other")
    one.put(accounts[:2], by=sam, now=NOW)
    other.put(accounts[1:2], by=sam, now=NOW)
    places = set(SegmentMember.objects.values_list("segment", "record"))
    merger = merging.merge(accounts[0], accounts[1], take=None, by=sam, now=NOW)
    assert set(SegmentMember.objects.values_list("segment", "record")) == {
        (one.pk, accounts[0].pk),
        (other.pk, accounts[0].pk),
    }
    merging.unmerge(merger, by=sam, now=NOW)
    assert set(SegmentMember.objects.values_list("segment", "record")) == places


def test_a_removed_record_comes_back_to_its_segments_and_after_a_month_leaves_them(accounts, as_, sam, begin):
    segment, browser = begin("Friends"), as_(sam)
    segment.put(accounts, by=sam, now=NOW)
    browser.post(f"{reverse('records:list_removal', args=['accounts'])}?ids={accounts[0].pk}")
    assert names(browser, segment.get_absolute_url()) == ["Birch", "Cedar"]
    browser.post(reverse("records:list_action_undo", args=[ListAction.objects.latest("pk").pk]))
    assert names(browser, segment.get_absolute_url()) == ["Aster", "Birch", "Cedar"]
    accounts[0].delete()
    about.sweep(now=NOW)
    assert segment.members.count() == 3
    about.sweep(now=NOW + timedelta(days=31))
    assert segment.members.count() == 2


def test_who_is_erased_is_not_named_in_segments(begin):
    begin("lin@heron.test", conditions={"all": [{"field": "name", "op": "contains", "value": ["lin@heron.test"]}]})
    assert about.forget_person(Traces(frozenset(), frozenset({("email", "lin@heron.test")}))) == 1
    assert "lin@heron.test" not in str(list(Segment.objects.values()))


def test_the_timeline_tells_of_segments_for_everybody_alone(accounts, sam, begin):
    begin("Mine").put(accounts, by=sam, now=NOW)
    before = Batch.objects.count()
    everybodys = begin("Key accounts", audience="all")
    everybodys.put(accounts[:1], by=sam, now=NOW)
    everybodys.put(accounts[:1], by=sam, now=NOW)  # it is in it already
    everybodys.take(accounts, by=sam, now=NOW)
    told = [str(batch.content) for batch in Batch.objects.order_by("pk")[before:]]
    assert [("segment.joined" in one, "segment.left" in one) for one in told] == [(True, False), (False, True)]
    assert "segment.joined" not in str([batch.content for batch in Batch.objects.order_by("pk")[:before]])


def test_through_the_api(accounts, sam, now, begin):
    api = Program(sam, now)
    live = api.call("post", "/segments", {"kind": "accounts", "name": "Large", "filter": LARGE}).json()
    assert (live["live"], live["filter"]) == (True, LARGE)
    path = f"/segments/{live['id']}"
    assert api.get(f"{path}/count") == {"count": 1, "capped": False}
    assert [one["name"] for one in api.get(f"{path}/records?fields=name")["items"]] == ["Aster"]
    smaller = {"all": [{"field": "employees", "op": "gte", "value": 5}]}
    assert api.call("patch", path, {"name": "Not small", "filter": smaller}).json()["name"] == "Not small"
    assert [one["name"] for one in api.get(f"{path}/records?sort=-employees&limit=1")["items"]] == ["Aster"]
    assert (
        api.call("patch", path, {"filter": [{"field": "segment", "op": "is", "value": live["id"]}]}).status_code == 422
    )
    assert api.call("post", f"{path}/additions", {"ids": [accounts[0].pk]}).status_code == 422
    hand = api.call("post", "/segments", {"kind": "accounts", "name": "Friends"}).json()["id"]
    added = api.call("post", f"/segments/{hand}/additions", {"ids": [one.pk for one in accounts]})
    assert (added.status_code, added.json()["counts"]["done"]) == (200, 3)
    taken = api.call("post", f"/segments/{hand}/removals", {"filter": LARGE}).json()
    assert api.get(f"/segments/{hand}/count")["count"] == 2
    api.call("post", f"/list-actions/{taken['id']}/undo")
    assert api.get(f"/segments/{hand}/count")["count"] == 3
    where = json.dumps([{"field": "segment", "op": "is_not", "value": hand}])
    assert api.get(f"/accounts?{urlencode({'filter': where})}")["items"] == []
    assert {one["id"] for one in api.get("/segments?kind=accounts")["items"]} == {live["id"], hand}
    assert [one["id"] for one in api.get("/segments?how=picked")["items"]] == [hand]
    assert api.call("delete", path).status_code == 204
    assert api.call("get", path).status_code == 404
    assert api.call("post", f"{path}/restoration").status_code == 200
    assert api.call("post", "/segments", {"kind": "planets", "name": "x"}).status_code == 422
    assert api.call("post", "/segments", {"kind": "tasks", "name": "x"}).status_code == 422


def test_the_api_tells_an_outsider_nothing_and_lets_a_reader_change_nothing(accounts, olga, rita, now, begin):
    mine, everybodys = begin("Mine", conditions=LARGE), begin("Friends", audience="all")
    everybodys.put(accounts, by=everybodys.owner, now=NOW)
    calls = [
        ("get", "", None), ("get", "/count", None), ("get", "/records", None), ("patch", "", {"name": "x"}), ("delete", "", None),
        ("post", "/additions", {"ids": [1]}), ("post", "/removals", {"ids": [1]}), ("post", "/restoration", None),
    ]  # fmt: skip
    for method, rest, body in calls:
        for user in (olga, rita):
            assert Program(user, now).call(method, f"/segments/{mine.pk}{rest}", body).status_code == 404, (
                method,
                rest,
            )
        code = 200 if method == "get" else 403
        assert Program(rita, now).call(method, f"/segments/{everybodys.pk}{rest}", body).status_code == code, (
            method,
            rest,
        )
    assert Program(rita, now).call("post", "/segments", {"kind": "accounts", "name": "x"}).status_code == 403
    outside = Program(olga, now)
    assert outside.get(f"/segments/{everybodys.pk}/records")["items"] == []
    outside.call("post", f"/segments/{everybodys.pk}/removals", {"ids": [accounts[0].pk]})
    assert everybodys.members.count() == 3  # what one may not see one takes out of nothing


def test_pages_ask_no_more_for_more(accounts, as_, sam, begin):
    browser = as_(sam)
    segment = begin("Friends")
    segment.put(accounts[:1], by=sam, now=NOW)

    def asked(address):
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            browser.get(address)
        return len(queries)

    pages = (segment.get_absolute_url(), reverse("records:segments"))
    few = [asked(page) for page in pages]
    segment.put(accounts, by=sam, now=NOW)
    for number in range(5):
        begin(f"Segment {number}", conditions=LARGE)
    assert [asked(page) for page in pages] == few
    plain = asked(reverse("records:accounts"))
    assert few[0] <= plain + 2  # the segment, and whether it is a large one
    assert few[1] < plain
