"""How deals ended that faced a competitor, or whose proposals showed evidence: from the facts of the sale, as far as one may see them."""

import pytest
from django.urls import reverse

from proofline.insight import outcome_panels, outcomes
from proofline.records.models import Account, Competitor, Evidence
from proofline.stages.closing.models import Deal
from proofline.stages.discovery.models import Alternative, Proposal
from proofline.stages.discovery.sending import send
from proofline.timeline import projector
from proofline.timeline.engine import StoreError
from tests.fixtures.sale import Program

pytestmark = pytest.mark.django_db


@pytest.fixture
def rival(db):
    return Competitor.objects.create(name="BigSuite")


@pytest.fixture
def sale(sam, olga, rival, now):
    """`sale(owner, won=True, faces=True)`: a decided deal whose customer uses the rival, or doesn't."""

    def sale(owner=sam, *, won=True, faces=True, lost_to=None):
        account = Account.objects.add(by=owner, now=now, name=f"Customer {Account.objects.count()}", owner=owner)
        deal = Deal.objects.open_deal(by=owner, now=now, name=f"Deal of {account}", account=account, owner=owner)
        study = deal.begin_study(by=owner, now=now)
        if faces:
            Alternative.objects.note(by=owner, now=now, study=study, competitor=rival)
        if won:
            deal.win(by=owner, now=now)
        else:
            deal.lose(by=owner, now=now, competitor=lost_to)
        return deal

    return sale


def against(rival, user):
    projector.project_pending()
    return outcomes.against([rival.pk], user=user).get(rival.pk, outcomes.Outcomes())


def test_the_win_rate_is_over_decided_deals_that_faced_the_competitor(sale, rival, sam, now):
    won = [sale(), sale()]
    lost = sale(won=False)
    sale(faces=False)
    lost_to = sale(won=False, faces=False, lost_to=rival)
    found = against(rival, sam)
    assert (found.won, found.lost, found.rate) == (2, 2, 0.5)
    assert set(found.won_deals) == set(won)
    assert set(found.lost_deals) == {lost, lost_to}
    lost.reopen(by=sam, now=now)
    assert against(rival, sam).lost == 1


def test_evidence_counts_for_the_deals_whose_proposals_showed_it(sale, sam, now):
    shown, hidden, other = (
        Evidence.objects.create(kind="story", title=title, permission=permission)
        for title, permission in (("Shown", True), ("Hidden", False), ("Other", True))
    )
    won, lost = sale(faces=False), sale(won=False, faces=False)
    for deal in (won, lost):
        send(Proposal.objects.draft(by=sam, now=now, study=deal.study, evidence=[shown, hidden]), by=sam, now=now)
    projector.project_pending()
    found = outcomes.with_evidence([shown.pk, hidden.pk, other.pk], user=sam)
    assert set(found) == {shown.pk}
    assert (found[shown.pk].won_deals, found[shown.pk].lost_deals) == ([won], [lost])


def test_a_lost_deal_that_faced_whom_it_went_to_counts_once(sale, rival, sam):
    sale(won=False, lost_to=rival)
    assert against(rival, sam).lost == 1


def test_what_is_noted_or_taken_back_after_the_end_counts_too(sale, rival, sam, now):
    deal = sale(faces=False)
    assert against(rival, sam).decided == 0
    noted = Alternative.objects.note(by=sam, now=now, study=deal.study, competitor=rival)
    assert against(rival, sam).won == 1
    noted.drop(by=sam, now=now)
    assert against(rival, sam).decided == 0


def test_each_counts_what_they_may_see(sale, rival, sam, mei, olga, rita):
    sale()
    sale(owner=olga, won=False)
    counted = {
        user.name.split()[0]: (against(rival, user).won, against(rival, user).lost) for user in (sam, mei, olga, rita)
    }
    assert counted == {"Sam": (1, 0), "Mei": (1, 0), "Olga": (0, 1), "Rita": (1, 1)}


def test_it_stands_on_the_competitors_page_on_the_list_and_in_the_api(sale, rival, as_, sam, now):
    deal = sale()
    sale(won=False)
    projector.project_pending()
    part = reverse("insight:competitor_outcomes", args=[rival.pk])
    assert part in as_(sam).get(rival.get_absolute_url()).content.decode()
    for address in (part, f"{part}?part=1"):
        page = as_(sam).get(address).content.decode()
        assert "50%" in page
        assert deal.get_absolute_url() in page
    above = reverse("insight:competitors_outcomes")
    assert above in as_(sam).get(reverse("records:competitors")).content.decode()
    assert "1 of 2 won" in as_(sam).get(f"{above}?part=1").content.decode()
    told = Program(sam, now).get(f"/competitors/{rival.pk}/outcomes")
    assert told == {"won": 1, "lost": 1, "rate": 0.5}


@pytest.fixture
def faced(sam, now, rival):
    """More competitors than a page shows, each faced in a lost deal, and the last in two."""
    rivals = [Competitor.objects.create(name=f"Rival {number:02}") for number in range(outcome_panels.A_PAGE)]
    account = Account.objects.add(by=sam, now=now, name="Customer", owner=sam)

    def lose_to(one):
        deal = Deal.objects.open_deal(by=sam, now=now, name=f"Deal against {one}", account=account, owner=sam)
        deal.lose(by=sam, now=now, competitor=one)

    for one in rivals:
        lose_to(one)
    lose_to(rivals[-1])
    lose_to(rival)
    projector.project_pending()
    return rivals


def test_all_competitors_are_reached_those_faced_most_often_first(faced, rival, as_, sam, olga):
    seen, after = [], None
    for _page in range(20):
        found = outcomes.most_faced(user=sam, after=after, limit=7)
        seen += [(one.decided, key) for key, one in found.outcomes.items()]
        after = found.following
        if after is None:
            break
    assert seen[0] == (2, faced[-1].pk)
    assert [key for _decided, key in seen[1:]] == sorted([rival.pk, *(one.pk for one in faced[:-1])])
    assert outcomes.most_faced(user=olga, limit=7) == ({}, None), "of the deals that one may see"


def test_the_table_goes_on_with_a_click_and_from_its_address(faced, as_, sam):
    browser, address = as_(sam), reverse("insight:competitors_outcomes")
    first = browser.get(f"{address}?part=1")
    assert len(first.context["rows"]) == outcome_panels.A_PAGE
    assert first.context["rows"][0].competitor == faced[-1]
    following = first.context["following"]
    assert f"{address}?part=1&amp;after={following}" in first.content.decode()
    more = browser.get(f"{address}?part=1&after={following}").content.decode()
    assert more.count("outcome-row") == 1
    assert "<section" not in more, "it goes below what stands there"
    whole = browser.get(f"{address}?after={following}").content.decode()
    assert whole.count('class="outcome-row"') == 1
    assert "From the first" in whole
    for wrong in ("x", "1", "1-2-3", "-1-2", "9" * 30 + "-1", "١-٢"):
        assert browser.get(address, {"after": wrong}).status_code == 404, wrong


def test_a_removed_competitor_is_left_out(faced, as_, sam):
    gone = faced[-1]
    Competitor.objects.filter(pk=gone.pk).delete()
    page = as_(sam).get(reverse("insight:competitors_outcomes"))
    assert gone.name not in page.content.decode()
    assert page.context["rows"]


def test_the_api_pages_them_too(faced, rival, sam, now):
    api = Program(sam, now)
    first = api.get("/competitor-outcomes?limit=20")
    assert first["items"][0] == {"competitor_id": faced[-1].pk, "won": 0, "lost": 2, "rate": 0.0}
    rest = api.get(f"/competitor-outcomes?limit=20&cursor={first['next']}")
    assert rest["next"] is None
    told = [one["competitor_id"] for page in (first, rest) for one in page["items"]]
    assert sorted(told) == sorted(one.pk for one in [*faced, rival])
    assert api.client.get("/api/v1/competitor-outcomes?cursor=x").status_code == 422


def test_while_the_store_is_down_the_page_says_so(rival, as_, sam, monkeypatch):
    def down(*_asked):
        raise StoreError("not there")

    with monkeypatch.context() as patched:
        patched.setattr("proofline.timeline.store.query", down)
        page = as_(sam).get(reverse("insight:competitor_outcomes", args=[rival.pk]))
        table = as_(sam).get(reverse("insight:competitors_outcomes"), {"part": "1", "after": "3-4"})
    for one in (page, table):
        assert one.status_code == 200
        assert "How deals ended can't be read right now." in one.content.decode()
    assert "How deals ended can't be read right now." in page.content.decode()


def test_the_deals_page_shows_what_its_customer_uses(sale, rival, as_, sam, rita):
    deal = sale()
    for user in (sam, rita):
        page = as_(user).get(deal.get_absolute_url()).content.decode()
        assert "What they use today" in page
        assert rival.get_absolute_url() in page
