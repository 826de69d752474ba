"""Many records at once: changed, assigned, removed, and taken back."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from proofline.kit import search
from proofline.kit.jobs.running import run_pending
from proofline.records.lists import acting as lists
from proofline.records.models import Account, Contact, ListAction, Task, User, acting
from proofline.timeline.models import Batch
from tests.cast import NOW
from tests.fixtures import indexed

pytestmark = pytest.mark.django_db


@pytest.fixture
def accounts(sam):
    return [
        Account.objects.add(by=sam, now=NOW, name=f"Account {number}", sector="Retail", owner=sam)
        for number in range(4)
    ]


def ids(records):
    return ",".join(str(one.pk) for one in records)


def act(browser, what, records, data=None, **asked):
    address = reverse(f"records:list_{what}", args=["accounts"])
    query = "&".join([f"ids={ids(records)}", *(f"{name}={value}" for name, value in asked.items())])
    return browser.post(f"{address}?{query}", data or {})


def sectors():
    return list(Account.objects.order_by("pk").values_list("sector", flat=True))


def test_a_field_is_set_for_all_that_are_marked_and_taken_back(accounts, as_, sam):
    browser = as_(sam)
    answer = act(browser, "bulk", accounts[:3], {"field": "sector", "value": "Software"})
    assert answer.url == reverse("records:accounts")
    assert sectors() == ["Software", "Software", "Software", "Retail"]
    action = ListAction.objects.get()
    accounts[0].refresh_from_db()
    accounts[0].change(by=sam, now=NOW, sector="Energy")
    undone = browser.post(reverse("records:list_action_undo", args=[action.pk]))
    assert undone.url == reverse("records:list_action", args=[action.pk])  # one could not be taken back
    assert sectors() == ["Energy", "Retail", "Retail", "Retail"]
    assert "Somebody has changed it since." in browser.get(undone.url).content.decode()


def test_all_of_the_list_means_those_that_its_filter_keeps(accounts, as_, sam):
    accounts[0].change(by=sam, now=NOW, sector="Energy")
    address = reverse("records:list_bulk", args=["accounts"])
    as_(sam).post(f"{address}?all=1&sector=Retail", {"field": "sector", "value": "Software"})
    assert sectors() == ["Energy", "Software", "Software", "Software"]


def test_they_are_assigned(accounts, as_, sam, tom):
    page = (
        as_(sam)
        .get(f"{reverse('records:list_bulk', args=['accounts'])}?ids={ids(accounts)}&field=owner")
        .content.decode()
    )
    assert "Change 4 records" in page
    act(as_(sam), "bulk", accounts, {"field": "owner", "value": tom.pk})
    assert set(Account.objects.values_list("owner", flat=True)) == {tom.pk}


def test_what_is_not_valid_is_said_and_nothing_is_changed(accounts, as_, sam):
    answer = act(as_(sam), "bulk", accounts, {"field": "employees", "value": "many"})
    assert answer.status_code == 422
    assert not ListAction.objects.exists()


def test_removed_with_all_that_belongs_to_them_and_put_back(accounts, as_, sam, mei):
    contact = Contact.objects.add(by=sam, now=NOW, name="Bo", email="bo@birch.test", account=accounts[0], owner=sam)
    Task.objects.add(now=NOW, title="Call", account=accounts[0], contact=contact, owner=sam)
    accounts[1].change(by=sam, now=NOW, parent=accounts[0])
    before = list(Account.objects.order_by("pk").values()), list(Contact.objects.values()), list(Task.objects.values())
    browser = as_(sam)
    assert act(browser, "removal", accounts[:2]).url == reverse("records:accounts")
    assert Account.objects.count() == 2
    assert not Contact.objects.exists()
    browser.post(reverse("records:list_action_undo", args=[ListAction.objects.get().pk]))
    assert (
        list(Account.objects.order_by("pk").values()),
        list(Contact.objects.values()),
        list(Task.objects.values()),
    ) == before
    assert browser.get(accounts[0].get_absolute_url()).status_code == 200
    assert Batch.objects.exists()


def test_what_has_taken_its_place_is_not_overwritten(accounts, as_, sam):
    contact = Contact.objects.add(by=sam, now=NOW, name="Bo", email="bo@birch.test", owner=sam)
    browser = as_(sam)
    browser.post(f"{reverse('records:list_removal', args=['contacts'])}?ids={contact.pk}")
    Contact.objects.add(by=sam, now=NOW, name="Bea", email="bo@birch.test", owner=sam)
    undone = browser.post(reverse("records:list_action_undo", args=[ListAction.objects.get().pk]))
    assert "can&#x27;t be put back" in browser.get(undone.url).content.decode()
    assert Contact.objects.get().name == "Bea"


@pytest.mark.parametrize("chosen", ["", "ids=", "ids=x,,9999999999999999999", "all=1&filter={"])
def test_nothing_marked_is_nothing_done(accounts, as_, sam, chosen):
    for what, body in (("removal", {}), ("bulk", {"field": "sector", "value": "X"})):
        assert as_(sam).post(f"{reverse(f'records:list_{what}', args=['accounts'])}?{chosen}", body).status_code == 302
    assert sectors() == ["Retail"] * 4


def test_many_are_changed_in_the_background_and_stopped(accounts, as_, sam, monkeypatch):
    monkeypatch.setattr(acting, "LATER", 2)
    monkeypatch.setattr(acting, "AT_ONCE", 1)
    browser = as_(sam)
    answer = act(browser, "bulk", accounts, {"field": "sector", "value": "Software"})
    action = ListAction.objects.get()
    assert answer.url == reverse("records:list_action", args=[action.pk])
    assert "Under way" in browser.get(answer.url).content.decode()
    run_pending()
    assert sectors() == ["Software"] * 4
    browser.post(reverse("records:list_action_undo", args=[action.pk]))
    run_pending()
    assert sectors() == ["Retail"] * 4
    act(browser, "bulk", accounts, {"field": "sector", "value": "Energy"})
    browser.post(reverse("records:list_action_stop", args=[ListAction.objects.latest("pk").pk]))
    run_pending()
    assert sectors() == ["Retail"] * 4


def test_after_it_was_cut_off_each_is_changed_once(accounts, sam, monkeypatch):
    monkeypatch.setattr(acting, "AT_ONCE", 2)
    action = ListAction.objects.begin(
        by=sam, now=NOW, kind="accounts", verb="change", records=Account.objects.all(), values={"sector": "Energy"}
    )

    def cut_off(done, _total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        action.run(records=Account.objects.all(), now=timezone.now(), report=cut_off)
    assert sectors() == ["Energy", "Energy", "Retail", "Retail"]
    action.run(records=Account.objects.all(), now=timezone.now())
    assert sectors() == ["Energy"] * 4
    assert action.counts["done"] == 4


def test_nobody_changes_what_they_may_not(accounts, as_, rita, olga):
    assert act(as_(rita), "bulk", accounts, {"field": "sector", "value": "X"}).status_code == 403
    assert act(as_(rita), "removal", accounts).status_code == 403
    act(as_(olga), "bulk", accounts, {"field": "sector", "value": "X"})
    act(as_(olga), "removal", accounts)
    assert sectors() == ["Retail"] * 4
    assert as_(rita).get(reverse("records:list_action", args=[ListAction.objects.first().pk])).status_code == 404


def test_who_is_erased_does_not_come_back(accounts, as_, sam):
    from proofline.records import about
    from proofline.records.models import ListActionRow, SavedView
    from proofline.timeline.traces import Traces

    for name in ("Bo", "Bea"):
        Contact.objects.add(
            by=sam, now=NOW, name=name, email=f"{name.lower()}@birch.test", account=accounts[0], owner=sam
        )
    alone = Contact.objects.add(by=sam, now=NOW, name="Cy", email="cy@birch.test", owner=sam)
    browser = as_(sam)
    act(browser, "removal", accounts[:1])
    browser.post(f"{reverse('records:list_removal', args=['contacts'])}?ids={alone.pk}")
    condition = {"all": [{"field": "email", "op": "is", "value": ["bo@birch.test"]}]}
    SavedView.objects.save_view(by=sam, now=NOW, kind="contacts", name="Bo", audience="me", state={"filter": condition})
    action = ListAction.objects.begin(by=sam, now=NOW, kind="contacts", verb="remove", records=Contact.objects.none())
    action.rows.create(record=alone.pk, state="failed", problem="cy@birch.test is somebody else’s")
    traces = Traces(frozenset(), frozenset({("email", "bo@birch.test"), ("email", "cy@birch.test")}))
    assert about.forget_person(traces) == 4
    assert [row.problem for row in action.rows.all()] == ["erased is somebody else’s"]
    assert "bo@birch" not in str(list(ListActionRow.objects.values())) + str(list(SavedView.objects.values()))
    for action in ListAction.objects.all():
        browser.post(reverse("records:list_action_undo", args=[action.pk]))
    assert [contact.name for contact in Contact.objects.all()] == ["Bea"]
    assert Account.objects.count() == 4


@pytest.mark.parametrize(("verb", "most"), [("change", 11), ("remove", 8)])
def test_many_are_put_back_with_few_questions_each_and_search_finds_them_as_they_were(
    sam, healthy, verb, most, django_assert_max_num_queries
):
    """The index is written once for all that are put back together, and so is the note of what became of the rows."""
    for number in range(40):
        made = {"name": f"Person {number}", "email": f"{number}@x.test", "title": "CTO"}
        Contact.objects.add(by=sam, now=NOW, account=healthy, owner=sam, **made)
    values = {"title": "Chair"} if verb == "change" else {}
    records = Contact.objects.filter(title="CTO")
    action = ListAction.objects.begin(by=sam, now=NOW, kind="contacts", verb=verb, records=records, values=values)
    lists.run(action, now=NOW)
    assert indexed.wrong() == []
    assert len(search.find("cto", whose=None).groups) == 0
    assert action.ask_undo(now=NOW)
    with django_assert_max_num_queries(40 * most + 20):
        lists.undo(action, now=NOW)
    assert action.counts == {"waiting": 0, "done": 0, "failed": 0, "undone": 40, "kept": 0}
    assert indexed.wrong() == []
    assert search.find("cto", whose=None, pool=50, whole=True).groups[0].count == 40


def test_a_relation_that_is_set_is_still_looked_for(healthy, sam, tom):
    gone = User(pk=10_000, name="Nobody")
    with pytest.raises(ValidationError) as refused:
        healthy.change(by=sam, now=NOW, owner=gone)
    assert "owner" in refused.value.message_dict
