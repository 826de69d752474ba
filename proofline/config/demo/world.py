"""Who and what there is in the demo's world, drawn from a fixed seed: companies, people, dates."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from proofline.config.demo import words

if TYPE_CHECKING:
    from collections.abc import Iterator

SEED = 20_260_101
ACCOUNTS, CONTACTS_EACH, HISTORIC_DEALS = 2_050, 3, 2_900
CHINESE_SHARE = 0.6
HISTORY = timedelta(days=730)


@dataclass
class Person:
    """Somebody in a company."""

    name: str
    email: str
    phone: str
    title: str


@dataclass
class Company:
    """A company that may buy, or did."""

    number: int
    name: str
    domain: str
    sector: str
    location: str
    employees: int
    chinese: bool
    owner: str = ""
    people: list[Person] = field(default_factory=list)


class World:
    """The world of one demo: always the same, seen from `now`."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.random = random.Random(SEED)  # noqa: S311 - it has to be the same each time
        self.companies = list(self._companies())

    def day(self, *, least: int, most: int) -> datetime:
        """Return a moment in working hours, between `least` and `most` days ago."""
        at = self.now - timedelta(days=self.random.randint(least, most))
        return at.replace(hour=self.random.randint(1, 9), minute=self.random.randint(0, 59), second=0, microsecond=0)

    def _companies(self) -> Iterator[Company]:
        taken = set[str]()
        while len(taken) < ACCOUNTS:
            company = self._company(len(taken) + 1)
            if company.name not in taken:
                taken.add(company.name)
                company.people = [self._person(company, place) for place in range(CONTACTS_EACH)]
                yield company

    def _company(self, number: int) -> Company:
        draw = self.random
        chinese = draw.random() < CHINESE_SHARE
        if chinese:
            sector = draw.choice(list(words.SECTORS))
            place = draw.choice(words.CITIES)
            name = f"{place}{draw.choice(words.NAMES_ZH)}{draw.choice(words.TRADES_ZH[sector])}有限公司"
        else:
            sector = draw.choice(words.SECTORS_EN)
            place = draw.choice(words.PLACES_EN)
            first, second = draw.choice(words.FIRST_EN), draw.choice(words.SECOND_EN[sector])
            name = f"{first} {second} {draw.choice(words.LEGAL_EN)}"
        employees = int(draw.lognormvariate(4.6, 1.1)) + 5
        domain = f"c{number:04d}.{'cn' if chinese else 'com'}.example"
        return Company(number, name, domain, sector, place, employees, chinese)

    def _person(self, company: Company, place: int) -> Person:
        draw = self.random
        if company.chinese:
            name = draw.choice(words.FAMILY_ZH) + draw.choice(words.GIVEN_ZH)
            phone = f"+86 138 {draw.randint(1000, 9999)} {draw.randint(1000, 9999)}"
            title = draw.choice(words.TITLES_ZH)
        else:
            name = f"{draw.choice(words.GIVEN_EN)} {draw.choice(words.FAMILY_EN)}"
            phone = f"+44 20 7946 {draw.randint(0, 999):04d}"
            title = draw.choice(words.TITLES_EN)
        return Person(name, f"p{place + 1}@{company.domain}", phone, title)
