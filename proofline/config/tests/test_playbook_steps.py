"""The step that applies: on each record's page and through the API, ticked by who may change the record, kept whatever becomes of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from proofline.enablement.models import Playbook, Step, Tick, tick, untick
from proofline.records import about, merging
from proofline.records.models import Account, removing
from proofline.stages.closing.models import Deal, DealStage
from proofline.stages.delivery.models import Project, Ticket, accept, present
from proofline.stages.discovery.models import Proposal, Study, ValueCase
from proofline.stages.discovery.sending import send
from proofline.stages.growth.models import CustomerTier, Subscription
from proofline.stages.reach.models import Lead, qualify
from proofline.timeline import projector
from proofline.timeline.models import Batch
from tests.cast import NOW
from tests.fixtures.sale import Program

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from proofline.records.models import Contact, User

    As = Callable[[User], Client]

pytestmark = pytest.mark.django_db
FRONT = re.compile(r'class="playbook-now">(.*?)</p>')
DAY = timedelta(days=1)


@pytest.fixture
def write(mei: User) -> Callable[..., Playbook]:
    """Return `write(stage, step, …)`: a playbook; a step is its text, or (text, state)."""

    def write(stage: str, *steps: str | tuple[str, str], **values: Any) -> Playbook:
        playbook = Playbook.objects.write(by=mei, now=NOW, stage=stage, title=f"{stage} book", **values)
        for step in steps:
            text, state = step if isinstance(step, tuple) else (step, "")
            playbook.add_step(text=text, state=state)
        return playbook

    return write


@pytest.fixture
def deal(sam: User, healthy: Account) -> Deal:
    opened: Deal = Deal.objects.open_deal(by=sam, now=NOW, name="Heron · 50 seats", account=healthy)
    return opened


def front(browser: Client, address: str) -> str:
    """Return the step in front on a page, "" where there is none."""
    page = browser.get(address)
    assert page.status_code == 200
    found = FRONT.search(page.content.decode())
    return found[1] if found else ""


def test_the_next_step_stands_in_front_with_how_far_one_is(as_: As, sam: User, deal: Deal, write: Any) -> None:
    first, *_rest = write("closing", "Know who decides", "Agree on numbers", "Sign").steps_in_order
    browser, here = as_(sam), f"/deals/{deal.pk}/playbook/"
    assert front(browser, deal.get_absolute_url()) == "Know who decides"
    answer = browser.post(f"{here}{first.pk}/tick/?part=1")
    part = answer.content.decode()
    assert FRONT.search(part)[1] == "Agree on numbers"  # type: ignore[index]
    assert "1 of 3" in part
    assert "Sam Seller" in part
    assert Tick.objects.get().by == sam
    assert front(browser, deal.get_absolute_url()) == front(browser, here) == "Agree on numbers"
    assert browser.post(f"{here}{first.pk}/tick/removal/")["Location"] == deal.get_absolute_url()
    assert front(browser, deal.get_absolute_url()) == "Know who decides"
    assert not Tick.objects.exists()


def test_the_end_of_a_playbook_is_said_and_the_next_playbook_comes_in_front(
    as_: As, sam: User, deal: Deal, write: Any
) -> None:
    one = write("closing", "Know who decides").steps_in_order[0]
    tick(one, deal, by=sam, now=NOW)
    page = as_(sam).get(deal.get_absolute_url()).content.decode()
    assert "Every step is done." in page
    write("closing", "Ask for a case", position=2)
    assert front(as_(sam), deal.get_absolute_url()) == "Ask for a case"


def test_a_step_of_a_state_waits_until_the_record_is_in_it(as_: As, sam: User, deal: Deal, write: Any) -> None:
    stages = DealStage.objects.ladder()
    write(
        "closing",
        ("Write the offer", f"deal.stage-{stages[2].pk}"),
        ("Thank them", "deal.won"),
        ("Learn why", "deal.lost"),
    )
    browser, here = as_(sam), deal.get_absolute_url()
    assert front(browser, here) == ""
    assert "waits for another state, such as: Proposal." in browser.get(here).content.decode()
    deal.move(stages[2], by=sam, now=NOW)
    assert front(browser, here) == "Write the offer"
    Deal.objects.get(pk=deal.pk).win(by=sam, now=NOW)
    assert front(browser, here) == "Thank them"


def test_each_stage_tells_the_state_of_its_records(
    as_: As, mei: User, ada: User, healthy: Account, helen: Contact, write: Any
) -> None:
    browser = as_(ada)
    write("reach", ("Call", "lead.waiting"), ("Hand over", "lead.qualified"))
    lead = Lead.objects.capture(by=mei, now=NOW, origin="staff", name="Helen He", owner=mei)
    assert front(browser, lead.get_absolute_url()) == "Call"
    qualify(lead, by=mei, now=NOW, account=healthy, contact=helen, open_deal=False)
    assert front(browser, lead.get_absolute_url()) == "Hand over"

    words = {"needs": "Ask", "value": "Count", "draft": "Check", "sent": "Follow up"}
    write("discovery", *((text, f"study.{state}") for state, text in words.items()))
    study = Study.objects.open_study(by=mei, now=NOW, account=healthy)
    assert front(browser, study.get_absolute_url()) == "Ask"
    case = ValueCase.objects.draft(by=mei, now=NOW, study=study)
    shares = {"low": "0.1", "expected": "0.2", "high": "0.3"}
    case.add_line(by=mei, now=NOW, name="Hours", quantity=20, unit="h/week", **shares)
    assert front(browser, case.get_absolute_url()) == "Count"
    proposal = Proposal.objects.draft(by=mei, now=NOW, study=study)
    assert front(browser, proposal.get_absolute_url()) == "Check"
    send(proposal, by=mei, now=NOW)
    assert front(browser, proposal.get_absolute_url()) == front(browser, study.get_absolute_url()) == "Follow up"

    write("delivery", ("Interview", "project.requirements"), ("Draw", "project.prototype"), kind="project")
    write("delivery", ("Answer", "ticket.new"), ("Solve", "ticket.answered"), ("Learn", "ticket.solved"), kind="ticket")
    project = Project.objects.open(account=healthy, name="Heron", by=mei, now=NOW, owner=mei)
    assert front(browser, project.get_absolute_url()) == "Interview"
    gate = project.gates_in_order[0]
    present(gate, note="Ready", by=mei, now=NOW)
    accept(gate, name="Helen He", title="COO", ip=None, user_agent="", now=NOW)
    assert front(browser, project.get_absolute_url()) == "Draw"
    ticket = Ticket.objects.ask(account=healthy, by=mei, now=NOW, subject="Slow", body="Slow")
    assert front(browser, ticket.get_absolute_url()) == "Answer"
    ticket.reply(body="Soon", now=NOW, by=mei)
    assert front(browser, ticket.get_absolute_url()) == "Solve"
    ticket.solve(text="Done", by=mei, now=NOW)
    assert front(browser, ticket.get_absolute_url()) == "Learn"


def test_a_customers_playbook_goes_by_tier_health_and_renewal(as_: As, sam: User, healthy: Account, write: Any) -> None:
    browser, here = as_(sam), f"/accounts/{healthy.pk}/playbook/"
    write("growth", ("Wake up", "account.tier-dormant"), ("Prepare the renewal", "account.renewal"), "Ask for a case")
    assert here not in browser.get(healthy.get_absolute_url()).content.decode()  # no customer yet
    assert "No playbook here yet" in browser.get(here).content.decode()
    days = {"starts_on": NOW.date(), "ends_on": NOW.date() + 400 * DAY}
    running = Subscription.objects.begin(by=sam, now=NOW, account=healthy, monthly=10, currency="CNY", **days)
    assert here in browser.get(healthy.get_absolute_url()).content.decode()
    assert front(browser, f"{here}?part=1") == "Ask for a case"
    CustomerTier.objects.create(account=healthy, tier="dormant", why="quiet", at=NOW)
    assert front(browser, f"/health/{healthy.pk}/") == "Wake up"
    CustomerTier.objects.create(account=healthy, tier="growing", why="rising", at=NOW + DAY)
    Subscription.objects.filter(pk=running.pk).update(ends_on=NOW.date() + 30 * DAY)
    assert front(browser, running.get_absolute_url()) == "Prepare the renewal"


def test_a_tick_outlives_the_words_and_the_removal_of_its_step(
    as_: As, sam: User, mei: User, deal: Deal, write: Any
) -> None:
    playbook = write("closing", "Know who decides", "Sign")
    step = playbook.steps_in_order[0]
    tick(step, deal, by=sam, now=NOW)
    step.edit(text="Know who decides, and who pays")
    step.move(up=False)
    assert front(as_(sam), deal.get_absolute_url()) == "Sign"
    as_(mei).post(f"/playbooks/steps/{step.pk}/removal/")
    page = as_(sam).get(f"/deals/{deal.pk}/playbook/").content.decode()
    assert "0 of 1" in page
    as_(mei).post(f"/playbooks/steps/{step.pk}/restoration/")
    assert "1 of 2" in as_(sam).get(f"/deals/{deal.pk}/playbook/").content.decode()
    assert Tick.objects.get().at == NOW


def test_a_step_is_ticked_once_and_who_did_it_first_stands(
    as_: As, sam: User, mei: User, deal: Deal, write: Any
) -> None:
    step = write("closing", "Sign").steps_in_order[0]
    for by in (sam, mei):
        assert tick(step, deal, by=by, now=NOW).by == sam
    with pytest.raises(IntegrityError), transaction.atomic():
        Tick.objects.create(step=step, kind="deal", record=deal.pk, by=mei, at=NOW)
    for _twice in range(2):
        untick(step, deal, by=mei, now=NOW)
    told = " ".join(str(batch.content) for batch in Batch.objects.order_by("pk"))
    assert re.findall(r"step\.\w+", told) == ["step.done", "step.undone"]
    projector.project_pending()
    page = as_(sam).get(deal.get_absolute_url()).content.decode()
    assert "did “Sign” of the playbook for" in page


def test_who_may_not_change_the_record_ticks_nothing(
    as_: As, sam: User, olga: User, rita: User, deal: Deal, write: Any
) -> None:
    step = write("closing", "Sign").steps_in_order[0]
    other = write("reach", "Call").steps_in_order[0]
    here = f"/deals/{deal.pk}/playbook/"
    for user, status in ((olga, 404), (rita, 403)):
        for verb in ("tick/", "tick/removal/"):
            assert as_(user).post(f"{here}{step.pk}/{verb}").status_code == status
            assert as_(user).post(f"{here}{10**6}/{verb}").status_code == status
    assert as_(olga).get(here).status_code == 404
    page = as_(rita).get(deal.get_absolute_url()).content.decode()
    assert "Sign" in page
    assert f"{here}{step.pk}" not in page
    assert as_(sam).post(f"{here}{other.pk}/tick/").status_code == 404  # of another stage
    assert not Tick.objects.exists()


def test_a_program_reads_ticks_and_unticks(sam: User, olga: User, rita: User, deal: Deal, write: Any) -> None:
    playbook = write("closing", "Know who decides", ("Thank them", "deal.won"))
    first, second = playbook.steps_in_order
    here = f"/deals/{deal.pk}/playbook"
    api = Program(sam, NOW)
    found = api.get(here)
    assert (found["done"], found["total"], found["next"]) == (0, 2, first.pk)
    assert [(one["text"], one["state"], one["applies"], one["done"]) for one in found["items"]] == [
        ("Know who decides", "", True, False),
        ("Thank them", "deal.won", False, False),
    ]
    found = api.expect(200, "put", f"{here}/{first.pk}/tick")
    assert (found["done"], found["next"], found["items"][0]["done_by_id"]) == (1, None, sam.pk)
    assert found["items"][0]["done_at"]
    api.expect(204, "delete", f"{here}/{first.pk}/tick")
    assert api.get(here)["done"] == 0
    api.expect(404, "put", f"{here}/{2**70}/tick")
    for user, status in ((olga, 404), (rita, 403)):
        for method in ("put", "delete"):
            Program(user, NOW).expect(status, method, f"{here}/{second.pk}/tick")
    (listed,) = api.get("/playbooks?stage=closing")["items"]
    assert [one["text"] for one in listed["steps"]] == ["Know who decides", "Thank them"]
    assert api.get("/playbooks?stage=reach")["items"] == []


def test_ticks_follow_a_record_that_becomes_another_and_back(
    sam: User, healthy: Account, leaving: Account, write: Any
) -> None:
    both, one = write("growth", "Greet", "Review").steps_in_order
    for account in (healthy, leaving):
        tick(both, account, by=sam, now=NOW)
    tick(one, leaving, by=sam, now=NOW)
    merger = merging.merge(healthy, leaving, take=None, by=sam, now=NOW)
    assert set(Tick.objects.of("account", healthy.pk).values_list("step", flat=True)) == {both.pk, one.pk}
    assert Tick.objects.count() == 2
    merging.unmerge(merger, by=sam, now=NOW)
    assert Tick.objects.of("account", leaving.pk).count() == 2
    assert list(Tick.objects.of("account", healthy.pk).values_list("step", flat=True)) == [both.pk]


def test_ticks_wait_for_a_removed_record_and_go_when_it_is_gone_for_good(
    sam: User, deal: Deal, healthy: Account, write: Any
) -> None:
    tick(write("closing", "Sign").steps_in_order[0], deal, by=sam, now=NOW)
    study = Study.objects.open_study(by=sam, now=NOW, account=healthy)
    tick(write("discovery", "Ask").steps_in_order[0], study, by=sam, now=NOW)
    pk = deal.pk
    kept = removing.remove(deal, by=sam, now=NOW)
    study.delete()
    about.sweep(now=NOW)
    removing.restore(kept, by=sam, now=NOW)
    about.sweep(now=NOW + 31 * DAY)
    assert [(one.kind, one.record) for one in Tick.objects.all()] == [("deal", pk)]


def test_the_questions_of_a_page_do_not_grow_with_the_steps(
    as_: As, sam: User, deal: Deal, write: Any, django_assert_num_queries: Any
) -> None:
    playbook = write("closing", "One", ("Two", "deal.won"))
    browser, address = as_(sam), reverse("enablement:deal_playbook", args=[deal.pk])
    browser.get(address)
    with django_assert_num_queries(9):  # session, person, deal, steps, ticks, the pipeline (2), won, lost
        browser.get(f"{address}?part=1")
    for number in range(5):
        tick(playbook.add_step(text=f"More {number}", state="deal.lost"), deal, by=sam, now=NOW)
    write("closing", "Another")
    with django_assert_num_queries(9):
        browser.get(f"{address}?part=1")
    assert Step.objects.count() == 8


def test_the_questions_of_the_lists_do_not_grow_with_the_playbooks(
    as_: As, sam: User, write: Any, django_assert_num_queries: Any
) -> None:
    api, browser = Program(sam, NOW), as_(sam)
    write("closing", "One", "Two")
    browser.get("/playbooks/")
    api.get("/playbooks")
    for _more in range(2):
        with django_assert_num_queries(6):  # session, person, playbooks, steps, workspace, bell
            assert "Two" in browser.get("/playbooks/").content.decode()
        with django_assert_num_queries(3):  # token with its person, playbooks, steps
            listed = api.get("/playbooks")["items"]
        assert [one["text"] for one in listed[-1]["steps"]] == ["One", "Two"]
        write("closing", "Three")
