"""Every address of this room: an outsider gets 404, a reader may look and gets 403 for changes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.urls import reverse

from proofline.stages.closing.models import DealPerson, DealStage

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client

    from proofline.records.models import Contact, User
    from proofline.stages.closing.models import Contract, Deal, Quote

LOOKS = ("deal", "quote", "quote_pdf", "contract", "contract_pdf")
CHANGES_BY_FORM = (
    "deal_edit",
    "next_step",
    "win",
    "loss",
    "people",
    "person",
    "quote_sending",
    "contract_edit",
    "contract_sending",
)
CHANGES = (
    *CHANGES_BY_FORM,
    "study",
    "stage",
    "reopening",
    "removal",
    "quotes",
    "contract_drafts",
    "quote",
    "contract_withdrawal",
)


@pytest.fixture
def address(
    deal: Deal, quote: Quote, contract: Contract, helen: Contact, sam: User, now: datetime
) -> Callable[[str], str]:
    person = DealPerson.place(deal=deal, contact=helen, role="champion", by=sam, now=now)

    def find(name: str) -> str:
        if name in {"person", "removal"}:
            return reverse(f"closing:{name}", args=[deal.pk, person.pk])
        record = quote if name in {"quote", "quote_sending", "quote_pdf"} else deal
        if name.startswith("contract") and name != "contract_drafts":
            record = contract
        return reverse(f"closing:{name}", args=[record.pk])

    return find


@pytest.mark.parametrize("name", LOOKS)
def test_looking(
    name: str, address: Callable[[str], str], as_: Callable[[User], Client], sam: User, olga: User, rita: User
) -> None:
    assert as_(sam).get(address(name)).status_code == 200
    assert as_(rita).get(address(name)).status_code == 200
    assert as_(olga).get(address(name)).status_code == 404


@pytest.mark.parametrize("part", ["overview", "value", "offer", "contract"])
def test_each_part_of_a_deal_can_be_looked_at(
    part: str, deal: Deal, address: Callable[[str], str], as_: Callable[[User], Client], sam: User, rita: User
) -> None:
    for user in (sam, rita):
        answer = as_(user).get(f"{deal.get_absolute_url()}?tab={part}")
        assert answer.status_code == 200


@pytest.mark.parametrize("name", CHANGES_BY_FORM)
def test_forms_of_changes(
    name: str, address: Callable[[str], str], as_: Callable[[User], Client], sam: User, olga: User, rita: User
) -> None:
    assert as_(sam).get(address(name)).status_code == 200
    assert as_(rita).get(address(name)).status_code == 403
    assert as_(olga).get(address(name)).status_code == 404


@pytest.mark.parametrize("name", CHANGES)
def test_changing(
    name: str, address: Callable[[str], str], as_: Callable[[User], Client], olga: User, rita: User
) -> None:
    assert as_(rita).post(address(name)).status_code == 403
    assert as_(olga).post(address(name)).status_code == 404


def test_moving_on_the_board(deal: Deal, as_: Callable[[User], Client], olga: User, rita: User) -> None:
    move = {"item": deal.pk, "column": deal.stage_id}
    assert as_(olga).post(reverse("closing:moves"), move).status_code == 404
    assert as_(rita).post(reverse("closing:moves"), move).status_code == 403
    assert as_(olga).post(reverse("closing:moves"), {"item": "x"}).status_code == 404


def test_opening_a_deal(as_: Callable[[User], Client], sam: User, rita: User) -> None:
    assert as_(sam).get(reverse("closing:deal_new")).status_code == 200
    assert as_(rita).get(reverse("closing:deal_new")).status_code == 403
    assert as_(rita).post(reverse("closing:deal_new")).status_code == 403


def test_lists_hold_what_one_may_see(
    deal: Deal, contract: Contract, as_: Callable[[User], Client], sam: User, olga: User
) -> None:
    for address in (reverse("closing:deals"), f"{reverse('closing:deals')}?as=list"):
        assert deal.name in as_(sam).get(address).content.decode()
        assert deal.name not in as_(olga).get(address).content.decode()
    assert contract.number in as_(sam).get(reverse("closing:contracts")).content.decode()
    assert contract.number not in as_(olga).get(reverse("closing:contracts")).content.decode()


def test_who_is_not_signed_in_is_asked_to(deal: Deal, client: Client) -> None:
    answer = client.get(deal.get_absolute_url())
    assert answer.status_code == 302
    assert "login" in answer.headers["Location"]


def test_stages_are_seen_by_all_and_changed_by_administrators(
    as_: Callable[[User], Client], ada: User, sam: User, rita: User
) -> None:
    first = DealStage.objects.ladder()[0]
    edit = reverse("closing:stage_edit", args=[first.pk])
    for user in (sam, rita):
        assert as_(user).get(reverse("closing:stages")).status_code == 200
        assert as_(user).get(edit).status_code == 403
        assert as_(user).post(reverse("closing:stage_new")).status_code == 403
    typed = {
        "name": "First talks",
        "name_zh": "首次沟通",
        "probability": "12.5",
        "exit_criteria": "",
        "exit_criteria_zh": "",
    }
    assert as_(ada).post(edit, typed).status_code == 302
    first.refresh_from_db()
    assert (first.name, first.probability) == ("First talks", Decimal("0.125"))
    assert as_(ada).post(edit, typed | {"probability": "120"}).status_code == 422
    assert as_(ada).post(reverse("closing:stage_new"), typed).status_code == 422
    assert as_(ada).post(reverse("closing:stage_new"), typed | {"name": "Legal"}).status_code == 302
    assert [str(stage) for stage in DealStage.objects.ladder()][-1] == "Legal"
    assert as_(ada).get(reverse("closing:stage_edit", args=[9999])).status_code == 404
