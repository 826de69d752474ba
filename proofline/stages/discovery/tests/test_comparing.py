"""How we compare, need by need, with sources; before and after in time, cost and steps; on the study, the customer's page and the PDF."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from proofline.records.models import Claim, Competitor, Evidence, Workspace
from proofline.stages.discovery.comparing.changes import changes_of
from proofline.stages.discovery.comparing.drafting import draft
from proofline.stages.discovery.comparing.table import comparison
from proofline.stages.discovery.flows import read_steps
from proofline.stages.discovery.models import Alternative, Cell, Need, Study
from proofline.stages.discovery.sending import send
from tests.fixtures.sale import Program

CHECKED = date(2026, 10, 20)


@pytest.fixture
def rival(db):
    return Competitor.objects.create(name="BigSuite")


@pytest.fixture
def sheet(study, sam, now):
    return Alternative.objects.note(by=sam, now=now, study=study, kind="spreadsheet", name="Excel")


@pytest.fixture
def considered(study, rival, sam, now):
    return Alternative.objects.note(by=sam, now=now, study=study, competitor=rival, standing="considered")


@pytest.fixture
def claim(rival, pain):
    proof = Evidence.objects.create(kind="review", title="Independent review", permission=True)
    return Claim.objects.create(
        competitor=rival, kind="can", text="x", pain=pain, answer="partly", evidence=proof, checked_on=CHECKED
    )


def said(study):
    return {
        (cell.need.text, str(cell.alternative or "")): (cell.answer, cell.source, cell.sourced_on)
        for cell in Cell.objects.filter(need__study=study).select_related("need", "alternative__competitor")
    }


def drafted(study, sam, now):
    return draft(study, by=sam, now=now, today=timezone.localdate())


@pytest.mark.usefixtures("claim")
def test_a_draft_takes_modules_battle_cards_and_what_the_customer_said(study, need, sheet, considered, sam, now, facts):
    sheet.change(by=sam, now=now, needs=[need])
    assert drafted(study, sam, now) == 3
    assert said(study) == {
        (need.text, ""): ("yes", "Reports", None),
        (need.text, "Excel"): ("no", "Our talk with you", timezone.localdate(now)),
        (need.text, "BigSuite"): ("partly", "Independent review", CHECKED),
    }
    assert facts("comparison.drafted")[0]["properties"]["cells"] == 3


def test_what_somebody_wrote_stays_when_drafted_again(study, need, considered, claim, sam, now):
    Cell.objects.put(by=sam, now=now, need=need, alternative=considered, answer="no", source="Their price list")
    assert drafted(study, sam, now) == 1
    assert said(study)[need.text, "BigSuite"] == ("no", "Their price list", None)
    assert drafted(study, sam, now) == 0


@pytest.mark.parametrize("why", ["no permission", "expired"])
def test_a_source_that_customers_may_not_see_is_not_named(study, need, considered, claim, sam, now, why):
    yesterday = timezone.localdate() - timedelta(days=1)
    change = {"permission": False} if why == "no permission" else {"valid_until": yesterday}
    claim.evidence.change(by=sam, now=now, **change)
    drafted(study, sam, now)
    assert said(study)[need.text, "BigSuite"] == ("partly", "Our own research", CHECKED)


def test_a_cell_is_edited_where_it_stands(study, need, sheet, as_, sam, facts):
    address = f"{reverse('discovery:cell', args=[need.pk, sheet.pk])}?as=cell"
    assert address.partition("?")[0] in as_(sam).get(study.get_absolute_url()).content.decode()
    editor = as_(sam).get(address)
    assert "data-cell-editor" in editor.content.decode()
    mark = editor.context["mark"]
    typed = {"answer": "number", "figure": "3 days", "source": "https://example.test/a", "sourced_on": "2026-10-01"}
    shown = as_(sam).post(address, typed | {"was": mark}).content.decode()
    assert "3 days" in shown
    assert 'href="https://example.test/a"' in shown
    again = as_(sam).post(address, {"answer": "yes", "was": mark})
    assert again.status_code == 409
    assert "3 days" in again.content.decode()
    assert as_(sam).post(address, {"answer": "yes", "was": again.context["mark"]}).status_code == 200
    assert Cell.objects.get().answer == "yes"
    assert as_(sam).post(address, {"answer": ""}).status_code == 200
    assert not Cell.objects.exists()
    assert len(facts("comparison.changed")) == 3


def test_our_own_cell_has_a_page_and_a_number_is_asked_for(study, need, as_, sam):
    address = reverse("discovery:own_cell", args=[need.pk])
    answer = as_(sam).post(address, {"answer": "number"})
    assert answer.status_code == 422
    assert "Write the number" in answer.content.decode()
    assert as_(sam).post(address, {"answer": "number", "figure": "1 h"}).url == f"{study.get_absolute_url()}#comparison"
    assert str(Cell.objects.get()) == "1 h"


def test_a_column_of_another_customer_is_not_there(need, sheet, leaving, as_, sam, now):
    other = Study.objects.open_study(by=sam, now=now, account=leaving)
    foreign = Need.objects.record(by=sam, now=now, study=other, text="Somebody else's")
    assert as_(sam).post(reverse("discovery:cell", args=[foreign.pk, sheet.pk]), {"answer": "yes"}).status_code == 404
    body = {"alternative_id": sheet.pk, "answer": "yes"}
    assert Program(sam, now).call("put", f"/needs/{foreign.pk}/comparison", body).status_code == 422


def test_who_may_not_change_the_study_changes_no_cell(study, need, sheet, as_, rita, olga):
    addresses = [
        reverse("discovery:comparison", args=[study.pk]),
        reverse("discovery:own_cell", args=[need.pk]),
        reverse("discovery:cell", args=[need.pk, sheet.pk]),
    ]
    for address in addresses:
        assert as_(olga).post(address).status_code == 404
        assert as_(rita).post(address).status_code == 403
    assert "data-edit" not in as_(rita).get(study.get_absolute_url()).content.decode()


@pytest.mark.usefixtures("considered", "claim")
def test_the_customers_page_and_the_pdf_compare_and_chart(proposal, need, sheet, helen, as_, sam, now):
    study = proposal.study
    assert as_(sam).post(reverse("discovery:comparison", args=[study.pk])).status_code == 302
    Cell.objects.put(by=sam, now=now, need=need, alternative=sheet, answer="number", figure="4 h a day")
    send(proposal, by=sam, now=timezone.now(), to=helen)
    page = Client().get(proposal.public_path).content.decode()
    pdf = Client().get(reverse("discovery:proposal_public_pdf", args=[proposal.token]))
    text = " ".join("\n".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf.content)).pages).split())
    for words in ("How we compare", "BigSuite", "Partly", "4 h a day", "Independent review", "Before and after"):
        assert words in page, words
        assert words in text, words
    for headline in (
        "Time each time: 2 h 15 min → 15 min",
        "Steps: 2 → 1",
        "Hours a week: 240 h → 144 h",
        "What it costs a month: CN¥83,200 → CN¥49,920",
    ):
        assert headline in page, headline
        assert headline in text, headline
    proposal.change(by=sam, now=now, with_comparison=False)
    send(proposal, by=sam, now=timezone.now(), to=helen)
    assert "<h2>How we compare" not in Client().get(proposal.public_path).content.decode()


def test_rows_without_a_word_and_other_peoples_markup_stay_away(proposal, deep, need, considered, helen, sam, now):
    nasty = "<b>bold</b>"
    Cell.objects.put(by=sam, now=now, need=need, alternative=considered, answer="number", figure=nasty, source=nasty)
    send(proposal, by=sam, now=timezone.now(), to=helen)
    page = Client().get(proposal.public_path).content.decode()
    assert nasty not in page
    assert page.count("&lt;b&gt;bold") == 2
    table = page[page.index("comparison-public") :].partition("</table>")[0]
    assert need.text in table
    assert deep.text not in table


def test_before_and_after_is_reckoned_from_steps_and_lines(case, sam, now):
    case.add_line(
        by=sam,
        now=now,
        name="Late fees",
        quantity=Decimal(900),
        unit="CNY/month",
        low=Decimal("0.1"),
        expected=Decimal("0.5"),
        high=Decimal("0.6"),
    )
    case.add_line(
        by=sam, now=now, name="Audits", quantity=Decimal(26), unit="h/month", people=1, low=0, expected=1, high=1
    )
    steps = read_steps([{"name": "a", "minutes": "90"}, {"name": "b", "minutes": "30"}])
    found = {
        change.key: [(pair.name, pair.before, pair.after) for pair in change.pairs]
        for change in changes_of(today=steps, tomorrow=steps[1:], runs_a_week=5, case=case)
    }
    assert found == {
        "run": [("The work", 120, 30)],
        "week": [("The work", 10, Decimal("2.5"))],
        "steps": [("The work", 2, 1)],
        "time": [("Collecting figures", 240, 144), ("Audits", 6, 0)],
        "cost": [("Collecting figures", 83_200, 49_920), ("Late fees", 900, 450)],
    }
    assert changes_of(today=steps, tomorrow=[], runs_a_week=None, case=None) == []


def test_the_table_takes_as_many_questions_for_many_needs(
    study, sheet, considered, sam, now, django_assert_num_queries
):
    for number in range(6):
        need = Need.objects.record(by=sam, now=now, study=study, text=f"Need {number}")
        for alternative in (None, sheet, considered):
            Cell.objects.put(by=sam, now=now, need=need, alternative=alternative, answer="yes")
    Workspace.current()
    with django_assert_num_queries(4):
        assert len(comparison(study).filled) == 6


def test_programs_draft_fill_in_and_read(proposal, need, considered, claim, sam, olga, now):
    api, study = Program(sam, now), proposal.study
    drafted = api.post(f"/studies/{study.pk}/comparison", status=200)
    assert [column["alternative_id"] for column in drafted["columns"]] == [None, considered.pk]
    assert [cell["answer"] for cell in drafted["rows"][0]["cells"]] == ["yes", "partly"]
    body = {"alternative_id": considered.pk, "answer": "number", "figure": "2 h"}
    assert api.expect(200, "put", f"/needs/{need.pk}/comparison", body)["figure"] == "2 h"
    assert api.call("put", f"/needs/{need.pk}/comparison", body | {"figure": ""}).status_code == 422
    assert api.get(f"/studies/{study.pk}/comparison")["rows"][0]["cells"][1]["figure"] == "2 h"
    changes = api.get(f"/proposals/{proposal.pk}/changes")["items"]
    assert changes[0]["pairs"] == [{"name": "The work", "before": "135.00", "after": "15.00"}]
    assert Program(olga, now).call("get", f"/studies/{study.pk}/comparison").status_code == 404
