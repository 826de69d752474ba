"""What changed on a record stands in its history: who, when, before and after, for those who may see the record."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from proofline.records.models import Account, Change, Contact
from proofline.stages.closing.models import Deal, DealStage
from proofline.stages.delivery.models import Project, Ticket
from proofline.stages.reach.models import Lead
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db


def kept(record, kind):
    return [(c.field, c.before, c.after, c.by) for c in Change.objects.of(kind, record.pk).order_by("pk")]


@pytest.fixture
def deal(sam, healthy, now):
    return Deal.objects.open_deal(
        by=sam, now=now, name="Heron · 50", account=healthy, amount=Decimal(1000), currency="CNY"
    )


def test_each_field_keeps_its_value_before_and_after(sam, mei, healthy, now):
    healthy.change(by=mei, now=now, sector="robots", employees=None, owner=mei, name=healthy.name)
    assert sorted(kept(healthy, "account"), key=str) == sorted(
        [
            ("sector", "manufacturing", "robots", mei),
            ("employees", 180, None, mei),
            ("owner", sam.pk, mei.pk, mei),
        ],
        key=str,
    )


def test_what_is_kept_is_what_was_saved(lin, sam, now):
    before = lin.email
    lin.change(by=sam, now=now, email="New@Heron.Test")
    lin.change(by=sam, now=now, email="NEW@heron.test")  # the same in the end
    assert kept(lin, "contact") == [("email", before, "new@heron.test", sam)]


def test_money_keeps_its_currency_and_a_long_text_its_beginning(deal, sam, now):
    deal.change(by=sam, now=now, amount=Decimal(2000), currency="USD")
    assert ("amount", {"amount": "1000.00", "currency": "CNY"}, {"amount": "2000.00", "currency": "USD"}, sam) in kept(
        deal, "deal"
    )
    lead = Lead.objects.capture(by=sam, now=now, origin="staff", name="Lu", message="")
    lead.change(by=sam, now=now, message="x" * 5000)
    ((_field, _before, after, _by),) = kept(lead, "lead")
    assert (len(after), after[-1]) == (500, "…")


def test_moves_projects_tickets_and_qualified_leads_count_too(deal, sam, healthy, now):
    ladder = DealStage.objects.ladder()
    deal.move(ladder[1], by=sam, now=now)
    assert kept(deal, "deal") == [("stage", ladder[0].pk, ladder[1].pk, sam)]
    project = Project.objects.open(account=healthy, name="Go", by=sam, now=now)
    project.change(by=sam, now=now, name="Go on")
    assert kept(project, "project") == [("name", "Go", "Go on", sam)]
    ticket = Ticket.objects.ask(account=healthy, by=sam, now=now, subject="Help", body="me")
    ticket.change(by=sam, now=now, priority="high")
    assert kept(ticket, "ticket") == [("priority", "normal", "high", sam)]


def test_an_import_keeps_what_it_changed(sam, healthy, now):
    from proofline.kit.imports.keeping import Entry, Outcome
    from proofline.records.imports.accounts import AccountKeeper

    keeper = AccountKeeper(sam, now)
    entry = Entry(2, {"name": healthy.name, "sector": "robots"}, {"Region": "East"}, outcome=Outcome.UPDATED)
    entry.record = Account.objects.get(pk=healthy.pk)
    keeper.apply(entry.record, entry)
    keeper.write([entry])
    assert kept(healthy, "account") == [
        ("sector", "manufacturing", "robots", sam),
        ("extra.Region", None, "East", sam),
    ]


def test_the_page_says_it_in_the_readers_language(deal, sam, mei, now, as_):
    deal.change(by=mei, now=now, amount=Decimal("2500.5"), owner=mei, expected_close=now.date())
    page = as_(sam).get(f"/deals/{deal.pk}/history/").content.decode()
    assert "CN¥2,500.50" in page
    assert all(word in page for word in ("Sam Seller", "Mei 美 Manager", "2 Nov 2026", "Expected close"))
    sam.change(language="zh-hans")
    page = as_(sam).get(f"/deals/{deal.pk}/history/?field=expected_close").content.decode()
    assert "2026年11月2日" in page
    assert "¥2,500.50" not in page
    healthy = deal.account
    healthy.change(by=sam, now=now, language="zh-hans")
    assert "简体中文" in as_(sam).get(f"/accounts/{healthy.pk}/history/?part=1").content.decode()


def test_who_may_not_see_the_record_or_the_other_one_learns_nothing(sam, olga, rita, healthy, lin, leaving, now, as_):
    lin.change(by=sam, now=now, account=healthy)
    lin.change(by=sam, now=now, owner=olga)
    assert as_(olga).get(f"/contacts/{lin.pk}/history/").status_code == 200
    page = as_(olga).get(f"/contacts/{lin.pk}/history/").content.decode()
    assert healthy.name not in page
    assert leaving.name not in page
    assert healthy.name in as_(rita).get(f"/contacts/{lin.pk}/history/").content.decode()
    assert as_(olga).get(f"/accounts/{healthy.pk}/history/").status_code == 404


def test_the_api_pages_through_it(sam, healthy, now):
    for number in range(3):
        healthy.change(by=sam, now=now + timedelta(hours=number), sector=f"s{number}", founded=2000 + number)
    api = Program(sam, now)
    first = api.get(f"/accounts/{healthy.pk}/history?field=sector&limit=2")
    assert [(one["before"], one["after"]) for one in first["items"]] == [("s1", "s2"), ("s0", "s1")]
    rest = api.get(f"/accounts/{healthy.pk}/history?field=sector&cursor={first['next']}")
    assert [one["after"] for one in rest["items"]] == ["s0"]
    (one,) = api.get(f"/accounts/{healthy.pk}/history?field=founded&limit=1")["items"]
    assert (one["label"], one["after"], one["after_text"], one["by"]) == ("Founded in", 2002, "2002", "Sam Seller")


def test_nothing_is_kept_when_the_change_fails(sam, healthy, now, monkeypatch):
    def fail(*_args, **_named):
        raise RuntimeError

    monkeypatch.setattr(Account, "tell_change", fail)
    with pytest.raises(RuntimeError):
        healthy.change(by=sam, now=now, sector="robots")
    assert not Change.objects.exists()


def test_words_without_a_field_are_shown_by_their_column(sam, healthy, now, as_):
    with translation.override("en"):
        Change.objects.note(healthy, {"extra": ({"Region": "East"}, {"Region": "West"})}, by=sam, at=now)
        page = as_(sam).get(f"/accounts/{healthy.pk}/history/").content.decode()
    assert all(word in page for word in ("Region", "East", "West"))


def test_a_contact_of_whom_is_written_is_found(sam, now):
    made = Contact.objects.add(by=sam, now=now, name="Z", owner=sam)
    assert str(Change(kind="contact", record=made.pk, field="name")) == f"contact {made.pk}: name"
