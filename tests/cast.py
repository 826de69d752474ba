"""The named cast: who owns, who is in the team, who is an outsider, which customer is healthy and which is leaving.

Ada    administrator                     sees all
Mei    manager of team East              sees East and below
Sam    seller in East, owns both customers
Tom    seller in East
Olga   seller in West, the outsider      sees nothing of Sam's: 404
Rita   reader                            sees all, changes nothing: 403
Mark   marketing, Cleo consultant in East, Dan delivery, Sue support, Sara success
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

    from proofline.records.models import Account, Contact, Product, Team, User

NOW = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Shanghai."""


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def everybody(db: None) -> Team:
    from proofline.records.models import Team

    del db
    return Team.objects.create(name="Company")


@pytest.fixture
def east(everybody: Team) -> Team:
    from proofline.records.models import Team

    return Team.objects.create(name="East", parent=everybody)


@pytest.fixture
def west(everybody: Team) -> Team:
    from proofline.records.models import Team

    return Team.objects.create(name="West", parent=everybody)


def hire(name: str, role: str, team: Team | None = None) -> User:
    from proofline.records.models import User

    email = f"{name.split(maxsplit=1)[0].lower()}@proofline.test"
    return User.objects.add(name=name, role=role, email=email, team=team)


@pytest.fixture
def ada(db: None) -> User:
    del db
    return hire("Ada Admin", "administrator")


@pytest.fixture
def mei(east: Team) -> User:
    return hire("Mei 美 Manager", "manager", east)


@pytest.fixture
def sam(east: Team, mei: User) -> User:
    from proofline.records.models import User

    return User.objects.add(name="Sam Seller", role="sales", email="sam@proofline.test", team=east, manager=mei)


@pytest.fixture
def tom(east: Team) -> User:
    return hire("Tom Teammate", "sales", east)


@pytest.fixture
def olga(west: Team) -> User:
    return hire("Olga Outsider", "sales", west)


@pytest.fixture
def rita(db: None) -> User:
    del db
    return hire("Rita Reader", "reader")


@pytest.fixture
def mark(db: None) -> User:
    del db
    return hire("Mark Marketing", "marketing")


@pytest.fixture
def cleo(east: Team) -> User:
    return hire("Cleo Consultant", "consultant", east)


@pytest.fixture
def dan(db: None) -> User:
    del db
    return hire("Dan Delivery", "delivery")


@pytest.fixture
def sue(db: None) -> User:
    del db
    return hire("Sue Support", "support")


@pytest.fixture
def sara(db: None) -> User:
    del db
    return hire("Sara Success", "success")


@pytest.fixture
def healthy(sam: User, now: datetime) -> Account:
    """The customer who does well."""
    from proofline.records.models import Account

    account: Account = Account.objects.add(
        by=sam, now=now, name="Heron Robotics", domain="heron.test", sector="manufacturing", employees=180, owner=sam
    )
    return account


@pytest.fixture
def leaving(sam: User, now: datetime) -> Account:
    """The customer who is about to leave."""
    from proofline.records.models import Account

    account: Account = Account.objects.add(
        by=sam,
        now=now,
        name="莲花印务",
        domain="lotus.test",
        sector="printing",
        employees=40,
        owner=sam,
        language="zh-hans",
    )
    return account


@pytest.fixture
def helen(healthy: Account, sam: User, now: datetime) -> Contact:
    """The healthy customer's head of operations."""
    from proofline.records.models import Contact

    contact: Contact = Contact.objects.add(
        by=sam, now=now, name="Helen He", email="helen@heron.test", title="COO", account=healthy, owner=sam
    )
    return contact


@pytest.fixture
def lin(leaving: Account, sam: User, now: datetime) -> Contact:
    """The leaving customer's manager."""
    from proofline.records.models import Contact

    contact: Contact = Contact.objects.add(
        by=sam, now=now, name="林晓", email="lin@lotus.test", title="经理", account=leaving, owner=sam
    )
    return contact


@pytest.fixture
def suite(db: None) -> Product:
    """A product with three tiers, three modules and a service pack."""
    from proofline.records.models import Module, Product, ServicePack, Tier

    del db
    product = Product.objects.add(
        by=None, now=NOW, name="Clarity Suite", series="Clarity", list_price=99, currency="CNY"
    )
    modules = [
        Module.objects.add(
            by=None,
            now=NOW,
            product=product,
            name=name,
            feature_key=name.lower(),
            monthly_price=20,
            currency="CNY",
        )
        for name in ("Reports", "Forecasts", "Automations")
    ]
    for rank, (name, price) in enumerate([("Basic", 60), ("Advanced", 90), ("Enterprise", 150)], start=1):
        tier = Tier.objects.create(
            product=product, name=name, rank=rank, seat_price=price, currency="CNY", included_seats=5 * rank
        )
        tier.modules.set(modules[:rank])
    ServicePack.objects.create(product=product, name="Onboarding", fee=5000, currency="CNY")
    return product


@pytest.fixture
def as_(db: None) -> Callable[[User], Client]:
    """Return the browser of a user, signed in: `as_(sam).get("/accounts/")`."""
    from django.test import Client

    del db

    def browser(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return browser
