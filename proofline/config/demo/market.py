"""The market: companies, people and two years of deals, brought in by the same import that users have."""

from __future__ import annotations

import csv
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from proofline.config.demo import words
from proofline.config.demo.world import HISTORIC_DEALS, Company, World
from proofline.kit.imports.running import run_import
from proofline.records.imports.accounts import ACCOUNTS
from proofline.records.imports.contacts import CONTACTS
from proofline.records.models import User
from proofline.stages.closing.imports.deals import DEALS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from proofline.kit.imports.kinds import Kind

STAGES_OPEN = ("Prospecting", "Engaging", "Proposal", "Negotiation")
REASONS = ("Too expensive", "Chose a competitor", "Not now", "Stopped answering")


class DemoBrokenError(RuntimeError):
    """The demo's own rows were not taken."""


def build(world: World) -> None:
    """Bring in accounts, contacts and deals."""
    sellers = list(User.objects.filter(role="sales").select_related("team"))
    home = [seller.name for seller in sellers if seller.team and seller.team.name != "Overseas"]
    abroad = [seller.name for seller in sellers if seller.team and seller.team.name == "Overseas"]
    for company in world.companies:
        company.owner = world.random.choice(home if company.chinese else abroad)
    take(ACCOUNTS, (_account(company) for company in world.companies), world)
    take(CONTACTS, (row for company in world.companies for row in _contacts(company)), world)
    take(DEALS, (_deal(world, number) for number in range(1, HISTORIC_DEALS + 1)), world)


def take(kind: Kind, rows: Iterable[dict[str, Any]], world: World) -> None:
    """Import rows of a kind."""
    rows = list(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{kind.name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        result = run_import(kind, path, by=User.objects.get(role="administrator"), now=world.now, folder=Path(folder))
        if result.rejected:
            raise DemoBrokenError(f"{kind.name}: {result.problems[0].reason}")


def _account(company: Company) -> dict[str, Any]:
    return {
        "name": company.name,
        "domain": company.domain,
        "industry": company.sector,
        "employees": company.employees,
        "location": company.location,
        "owner": company.owner,
    }


def _contacts(company: Company) -> list[dict[str, Any]]:
    return [
        {
            "name": person.name,
            "email": person.email,
            "phone": person.phone,
            "title": person.title,
            "account": company.name,
        }
        for person in company.people
    ]


def _deal(world: World, number: int) -> dict[str, Any]:
    draw = world.random
    company = draw.choice(world.companies)
    fate = draw.random()
    still_open = fate > 0.82  # noqa: PLR2004 - a sixth of the deals are open
    won = fate < 0.44 and not still_open  # noqa: PLR2004 - a little over half of the closed ones were won
    opened = world.day(least=1, most=90) if still_open else world.day(least=75, most=720)
    closed = opened + timedelta(days=draw.randint(12, 74))
    stage = draw.choice(STAGES_OPEN) if still_open else "Won" if won else "Lost"
    seats = max(5, company.employees // draw.randint(3, 9))
    price = 168 if company.chinese else 29
    return {
        "opportunity_id": f"D{number:05d}",
        "name": f"{company.name} · {'明见分析' if company.chinese else 'Lumen Analytics'}",
        "account": company.name,
        "sales_agent": company.owner,
        "product": "明见分析" if company.chinese else "Lumen Analytics",
        "deal_stage": stage,
        "engage_date": opened.date().isoformat(),
        "close_date": "" if still_open else min(closed, world.now).date().isoformat(),
        "close_value": 0 if stage == "Lost" else seats * price * 12,
        "currency": "CNY" if company.chinese else "USD",
        "source": draw.choice(words.SOURCES),
        "next_step": draw.choice(words.NEXT_STEPS) if still_open and draw.random() < 0.7 else "",  # noqa: PLR2004 - most have one
        "loss_reason": draw.choice(REASONS) if stage == "Lost" else "",
    }
