"""Facts are edited where they stand: by who may, with the form's own checks, and not over what somebody else wrote meanwhile."""

import html
import re

import pytest

from proofline.records.models import Account, Contact
from proofline.stages.closing.models import Deal
from proofline.stages.reach.models import Lead

pytestmark = pytest.mark.django_db
WAS = re.compile(r'name="was" value="(\w+)"')


@pytest.fixture
def page(sam, as_):
    return as_(sam)


def opened(browser, address):
    return WAS.search(browser.get(f"{address}?as=cell").content.decode())[1]


def test_a_fact_becomes_its_field_and_then_the_new_value(page, healthy, sam):
    address = f"/accounts/{healthy.pk}/facts/sector/"
    assert f'data-edit="{address}"' in page.get(f"/accounts/{healthy.pk}/").content.decode()
    answer = page.post(f"{address}?as=cell", {"sector": "robots", "was": opened(page, address)})
    assert answer.status_code == 200
    assert "robots" in answer.content.decode()
    assert Account.objects.get(pk=healthy.pk).sector == "robots"


@pytest.mark.parametrize(
    ("fact", "given", "kept", "said"),
    [
        ("employees", {"employees": "1200"}, 1200, "1,200"),
        ("language", {"language": "zh-hans"}, "zh-hans", "简体中文"),
        ("domain", {"domain": "https://www.Heron.test/x"}, "heron.test", 'href="https://heron.test"'),
        ("domain", {"domain": "http://www.heron.test:8080/a?b#c"}, "heron.test", "heron.test"),
        ("domain", {"domain": "例子.中国"}, "例子.中国", 'href="https://例子.中国"'),
        ("founded", {"founded": "1999"}, 1999, "1999"),
    ],
)
def test_each_kind_of_value(page, healthy, fact, given, kept, said):
    answer = page.post(f"/accounts/{healthy.pk}/facts/{fact}/?as=cell", given)
    assert answer.status_code == 200, answer.content
    assert getattr(Account.objects.get(pk=healthy.pk), fact) == kept
    assert said in answer.content.decode()


def test_people_relations_money_and_days(page, healthy, leaving, lin, sam, tom, now):
    assert page.post(f"/contacts/{lin.pk}/facts/owner/?as=cell", {"owner": tom.pk}).status_code == 200
    assert page.post(f"/contacts/{lin.pk}/facts/account/?as=cell", {"account": leaving.name}).status_code == 200
    found = Contact.objects.get(pk=lin.pk)
    assert (found.owner, found.account) == (tom, leaving)
    deal = Deal.objects.open_deal(by=sam, now=now, name="Heron", account=healthy)
    said = page.post(f"/deals/{deal.pk}/facts/amount/?as=cell", {"amount": "120000", "currency": "USD"})
    assert "US$120,000" in said.content.decode() or "$120,000" in said.content.decode()
    page.post(f"/deals/{deal.pk}/facts/expected_close/?as=cell", {"expected_close": "2026-12-24"})
    editor = page.get(f"/deals/{deal.pk}/facts/account/?as=cell").content.decode()
    assert "<select" not in editor  # thousands of accounts are offered as one types
    assert page.post(f"/deals/{deal.pk}/facts/account/?as=cell", {"account": leaving.name}).status_code == 200
    deal = Deal.objects.get(pk=deal.pk)
    assert (deal.currency, str(deal.expected_close), deal.account) == ("USD", "2026-12-24", leaving)


def test_what_is_wrong_stands_beside_it(page, healthy, lin):
    answer = page.post(f"/accounts/{healthy.pk}/facts/employees/?as=cell", {"employees": "many"})
    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    answer = page.post(f"/accounts/{healthy.pk}/facts/revenue/?as=cell", {"revenue": "-1"})
    assert answer.status_code == 422
    assert page.post(f"/contacts/{lin.pk}/facts/account/?as=cell", {"account": "Nobody"}).status_code == 422
    assert page.post(f"/contacts/{lin.pk}/facts/name/?as=cell", {"name": ""}).status_code == 422


def test_nobody_writes_over_what_another_wrote_meanwhile(page, healthy, mei, now):
    address = f"/accounts/{healthy.pk}/facts/sector/"
    was = opened(page, address)
    healthy.change(by=mei, now=now, sector="drones")
    answer = page.post(f"{address}?as=cell", {"sector": "robots", "was": was})
    assert answer.status_code == 409
    assert "drones" in answer.content.decode()
    assert Account.objects.get(pk=healthy.pk).sector == "drones"
    again = WAS.search(answer.content.decode())[1]
    assert page.post(f"{address}?as=cell", {"sector": "robots", "was": again}).status_code == 200
    assert Account.objects.get(pk=healthy.pk).sector == "robots"


def test_a_conflict_lasts_through_another_mistake(page, healthy, mei, now):
    address = f"/accounts/{healthy.pk}/facts/employees/"
    was = opened(page, address)
    healthy.change(by=mei, now=now, employees=7)
    answer = page.post(f"{address}?as=cell", {"employees": "x", "was": was})
    assert WAS.search(answer.content.decode())[1] == was


def test_the_address_works_alone(page, healthy):
    address = f"/accounts/{healthy.pk}/facts/sector/"
    assert 'id="content"' in page.get(address).content.decode()
    assert page.post(address, {"sector": "robots"})["Location"] == healthy.get_absolute_url()
    assert page.post(address, {"sector": "x" * 200}).status_code == 422


def test_readers_see_no_pencil_and_outsiders_nothing(healthy, rita, olga, as_):
    address = f"/accounts/{healthy.pk}/facts/sector/"
    assert "data-edit=" not in as_(rita).get(f"/accounts/{healthy.pk}/").content.decode()
    assert as_(rita).post(address, {"sector": "x"}).status_code == 403
    assert as_(olga).get(address).status_code == 404
    assert as_(olga).post(address, {"sector": "x"}).status_code == 404


@pytest.mark.parametrize("fact", ["external_id", "created_at", "extra", "pk", "nothing"])
def test_what_is_no_fact_is_not_edited(page, healthy, fact):
    assert page.post(f"/accounts/{healthy.pk}/facts/{fact}/?as=cell", {fact: "1"}).status_code == 404


def test_a_record_that_one_may_not_see_is_not_named(healthy, lin, olga, sam, now, as_):
    lin.change(by=sam, now=now, owner=olga)
    assert healthy.name not in as_(olga).get(f"/contacts/{lin.pk}/").content.decode()


def test_a_closed_deal_stays_as_it_is(page, healthy, sam, now):
    deal = Deal.objects.open_deal(by=sam, now=now, name="Heron", account=healthy, amount=5)
    deal.win(by=sam, now=now)
    assert "data-edit=" not in page.get(f"/deals/{deal.pk}/").content.decode()
    answer = page.post(f"/deals/{deal.pk}/facts/amount/", {"amount": "9", "currency": "CNY"}, follow=True)
    assert "This record is closed" in answer.content.decode()
    assert Deal.objects.get(pk=deal.pk).amount == 5


OPENED = re.compile(r'<input type="hidden" name="opened" value="([^"]+)"')


def whole(browser, address):
    """Return what the record's whole form holds, as a browser would send it back untouched."""
    answer = browser.get(address)
    form = answer.context["form"]
    given = {bound.name: bound.value() for bound in form.visible_fields() if bound.value() not in (None, [])}
    return given | {"opened": html.unescape(OPENED.search(answer.content.decode())[1])}


@pytest.mark.parametrize("kind", ["account", "contact", "deal", "lead"])
def test_a_form_that_stood_open_takes_back_nothing_of_others(page, kind, healthy, lin, sam, mei, now):
    record = {
        "account": lambda: healthy,
        "contact": lambda: lin,
        "deal": lambda: Deal.objects.open_deal(by=sam, now=now, name="Heron", account=healthy, amount=5),
        "lead": lambda: Lead.objects.capture(by=sam, now=now, origin="staff", name="Ada", company="Crane", owner=sam),
    }[kind]()
    theirs, ours = ("name", "next_step") if kind == "deal" else ("name", "language" if kind != "lead" else "title")
    mine = {"language": "en", "next_step": "Call", "title": "CTO"}[ours]
    address = f"{record.get_absolute_url()}edit/"
    first, second = whole(page, address), whole(page, address)
    assert page.post(address, first | {theirs: "Theirs"}).status_code == 302
    assert page.post(address, second | {ours: mine}).status_code == 302
    record.refresh_from_db()
    assert (record.name, getattr(record, ours)) == ("Theirs", mine)


def test_what_two_forms_change_is_asked(page, healthy, mei, now):
    address = f"/accounts/{healthy.pk}/edit/"
    given = whole(page, address)
    healthy.change(by=mei, now=now, sector="drones", location="Bern")
    answer = page.post(address, given | {"sector": "robots"})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody else changed this meanwhile, to: drones" in said
    again = html.unescape(OPENED.search(said)[1])
    assert page.post(address, given | {"sector": "robots", "opened": again}).status_code == 302
    healthy.refresh_from_db()
    assert (healthy.sector, healthy.location) == ("robots", "Bern")


def test_marks_that_nobody_gave_out_change_nothing(page, healthy):
    address = f"/accounts/{healthy.pk}/edit/"
    for opened in ("{", "[]", "[" * 100_000, '{"sector": 7}', '{"nothing": "x"}'):
        assert page.post(address, whole(page, address) | {"sector": "robots", "opened": opened}).status_code in {
            302,
            422,
        }


NO_DOMAINS = ("http://Foo Bar/<b>", "not a domain", "heron", "10.0.0.1", "-heron.test", "https://")


@pytest.mark.parametrize("text", NO_DOMAINS)
def test_a_website_that_is_no_domain_is_refused_with_words(page, healthy, text):
    before = healthy.domain
    for address in (f"/accounts/{healthy.pk}/edit/", "/accounts/new/"):
        answer = page.post(address, {"name": "Crane", "domain": text})
        assert answer.status_code == 422
        assert "Give the domain of a website, such as example.com." in answer.content.decode()
        assert html.escape(text) in answer.content.decode()
    assert Account.objects.get(pk=healthy.pk).domain == before


def test_a_website_kept_before_it_was_looked_at_hinders_no_other_change(page, healthy):
    Account.objects.filter(pk=healthy.pk).update(domain="foo bar")
    assert page.post(f"/accounts/{healthy.pk}/edit/", {"name": "Crane", "domain": "foo bar"}).status_code == 302
    assert Account.objects.get(pk=healthy.pk).name == "Crane"
