"""Each kind of record comes in from a table with the column names of other programs, and goes again without a trace."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.core.files.base import File

from proofline.config.imports.kinds import KINDS
from proofline.config.models import Import
from proofline.insight import metrics
from proofline.kit.clock import local_day
from proofline.kit.jobs.running import run_pending
from proofline.records.models import Account, Competitor, Evidence, Module, Product, Task
from proofline.stages.closing.models import Deal, Win
from proofline.stages.delivery.models import Ticket
from proofline.stages.reach.models import Lead
from proofline.timeline import projector

pytestmark = pytest.mark.django_db

FILES = {
    "accounts": "Company name,Industry\nIbis,software\nKite,steel\n",
    "contacts": "Name,Email,Company\nAnn,ann@x.test,Heron Robotics\nBo,bo@x.test,Heron Robotics\n",
    "leads": "Lead ID,Name,Company,Converted\n1,Ann,Ibis,yes\n2,Bo,Kite,no\n",
    "deals": "Deal Name,Company,Deal Stage,Close Date,Amount\nA,Heron Robotics,Won,2026-03-01,900\nB,Heron Robotics,,,5\n",
    "products": "Product name,Price\nLens,¥90\nLamp,¥80\n",
    "modules": "Module,Product,Price\nReports 2,Clarity Suite,¥90\nAlerts,Clarity Suite,¥80\n",
    "users": "Full name,Email,Team\nUma,uma@x.test,East\nVic,vic@x.test,East\n",
    "tasks": "Subject,Due Date,Company,Status\nCall,2026-12-01,Heron Robotics,Completed\nCall,2026-12-02,Heron Robotics,\n",
    "tickets": "Subject,Company,Create date,Close date,Priority\nSlow,Heron Robotics,2026-03-02,2026-03-03,Urgent\n"
    "Slow,Heron Robotics,2026-04-02,,low\n",
    "evidence": "Title,Type,Customer,Public\nHalf the work,Case Study,Heron Robotics,yes\nISO 27001,证书,,no\n",
    "competitors": "Competitor,Website,Weaknesses\nRival,rival.test,slow\nSheets,,by hand\n",
}


def begin(kind, by, now, text=None):
    file = File(BytesIO((text or FILES[kind]).encode()))
    one = Import.objects.begin(kind=kind, file=file, name=f"{kind}.csv", by=by, now=now)
    one.start(dry=False, now=now)
    run_pending()
    return Import.objects.get(pk=one.pk)


def test_there_is_a_file_for_each_kind():
    assert set(FILES) == set(KINDS)


@pytest.mark.usefixtures("healthy", "suite")
@pytest.mark.parametrize("kind", FILES)
def test_it_comes_in_once_and_goes_again(kind, ada, as_, now):
    one = begin(kind, ada, now)
    model = KINDS[kind].keeper.model
    made = model.objects.count()
    assert (one.run.report["created"], one.run.report["rejected"]) == (2, 0), one.run.report["problems"]
    again = begin(kind, ada, now)
    assert again.run.report["unchanged"] == 2
    page = as_(ada).get(one.get_absolute_url()).content.decode()
    assert "Some of the new records" in page
    as_(ada).post(f"{one.get_absolute_url()}undo/")
    assert Import.objects.get(pk=one.pk).undo.report["counts"] == {"removed": 2}
    assert model.objects.count() == made - 2


@pytest.mark.usefixtures("suite")
def test_what_is_read_of_the_less_usual_kinds(ada, healthy, now):
    for kind in ("modules", "tasks", "tickets", "evidence", "competitors", "deals", "leads"):
        begin(kind, ada, now)
    assert Module.objects.get(name="Alerts").product == Product.objects.get(name="Clarity Suite")
    assert [hasattr(task, "completion") for task in Task.objects.order_by("due_at")] == [True, False]
    slow = Ticket.objects.order_by("opened_at").first()
    assert (slow.account, slow.priority, slow.solved, slow.body) == (healthy, "high", True, "Slow")
    assert local_day(slow.opened_at, time_zone="Asia/Shanghai") == date(2026, 3, 2)
    story = Evidence.objects.get(kind="story")
    assert (story.account, story.permission, Evidence.objects.get(kind="certificate").title) == (
        healthy,
        True,
        "ISO 27001",
    )
    assert Competitor.objects.get(name="Rival").website == "https://rival.test"
    assert Win.objects.get().deal.name == "A"
    assert Lead.objects.get(name="Ann").qualification.by == ada


def test_undo_takes_back_a_win_and_a_move_that_a_file_brought(ada, as_, healthy, now, facts):
    deal = Deal.objects.open_deal(by=ada, now=now, name="A", account=healthy, owner=ada)
    first = deal.stage
    text = "Deal Name,Company,Deal Stage,Amount\nA,Heron Robotics,Negotiation,900\n"
    moved = begin("deals", ada, now, text)
    won = begin(
        "deals", ada, now, text.replace("Amount", "Amount,Close Date").replace("Negotiation,900", "Won,900,2026-11-02")
    )
    assert (moved.run.report["updated"], won.run.report["updated"]) == (1, 1), won.run.report
    as_(ada).post(f"{won.get_absolute_url()}undo/")
    deal = Deal.objects.get()
    assert (deal.state, deal.stage.name, deal.amount) == ("open", "Negotiation", 900)
    as_(ada).post(f"{moved.get_absolute_url()}undo/")
    deal = Deal.objects.get()
    assert (deal.stage, deal.amount) == (first, None)
    assert [fact["properties"]["was"] for fact in facts("deal.reopened")] == ["won"]


def test_an_account_with_a_history_stays(ada, as_, now):
    one = begin("accounts", ada, now)
    begin("contacts", ada, now, "Name,Company\nAnn,Ibis\nBo,Ibis\n")
    as_(ada).post(f"{one.get_absolute_url()}undo/")
    report = Import.objects.get(pk=one.pk).undo.report
    assert (report["counts"], report["kept"][0]["why"]) == (
        {"removed": 1, "kept": 1},
        "is needed by others: 2 × contact",
    )
    assert Account.objects.get().name == "Ibis"


@pytest.mark.usefixtures("healthy")
def test_metrics_forget_what_was_undone(ada, as_, now):
    for kind in ("deals", "leads"):
        one = begin(kind, ada, now)
        as_(ada).post(f"{one.get_absolute_url()}undo/")
    begin("leads", ada, now, "Lead ID,Name\n7,Cy\n")
    projector.project_pending()
    names = ("deals.won", "deals.open", "leads.count")
    assert [int(metrics.get(name).compute().value or 0) for name in names] == [0, 0, 1]
