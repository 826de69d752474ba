"""Filling an empty data folder with the demo, with a progress bar."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from django.utils import timezone

from proofline.config.demo import aftermath, asking, behaviour, calculating, customers, market, playbooks, team
from proofline.config.demo.world import World
from proofline.records.models import Account, User
from proofline.timeline import projector, store

if TYPE_CHECKING:
    from typing import Self

BAR = 32
SIGN_INS = (
    ("manager", "manager@demo.example", "English"),
    ("seller", "seller@demo.example", "中文"),
    ("success manager", "success@demo.example", "中文"),
    ("administrator", "admin@demo.example", "中文"),
)


class Bar:
    """A progress bar on the terminal; where there is none, one line a phase."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.phase, self.done, self.total, self.shown = "", 0, 1, -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_ended: object) -> None:
        if sys.stderr.isatty():
            sys.stderr.write("\n")

    def begin(self, phase: str, total: int = 1) -> None:
        """Begin a phase of so many steps."""
        self.phase, self.done, self.total, self.shown = phase, 0, total, -1
        if not sys.stderr.isatty():
            sys.stderr.write(f"{phase} …\n")
        self._show()

    def step(self, count: int = 1) -> None:
        """Note that steps are done."""
        self.done += count
        self._show()

    def _show(self) -> None:
        share = min(1.0, self.done / self.total)
        if not sys.stderr.isatty() or int(share * 100) == self.shown:
            return
        self.shown = int(share * 100)
        filled = "█" * int(share * BAR)
        seconds = time.monotonic() - self.started
        sys.stderr.write(f"\r{self.phase:<28} {filled:<{BAR}} {self.shown:3d} %  {seconds:4.0f} s")
        sys.stderr.flush()


def fill_when_empty() -> bool:
    """Fill the folder, unless it is filled already; tell whether it was filled now."""
    if Account.objects.exists():
        return False
    world = World(timezone.now())
    with Bar() as bar:
        bar.begin("The company")
        team.build(now=world.now)
        playbooks.write(now=world.now)
        asking.publish(now=world.now)
        calculating.build(now=world.now)
        bar.begin("The market", total=3)
        market.build(world)
        bar.begin("Customers", total=customers.SIGNED + customers.PROPOSED + customers.LEADS)
        signed = customers.tell(world, bar.step)
        bar.begin("Product events", total=behaviour.EVENTS)
        behaviour.send(world, signed, bar.step)
        bar.begin("Proof, health, renewals", total=len(signed))
        aftermath.follow(world, signed, bar.step)
        playbooks.follow(now=world.now)
        bar.begin("The timeline")
        projector.project_pending()
        store.close()
    return True


def show_sign_ins() -> None:
    """Print who can sign in, and how."""
    print(
        f"\n{Account.objects.count():,} accounts, {User.objects.count()} people. Sign in with the password {team.PASSWORD}"
    )
    for role, email, language in SIGN_INS:
        print(f"  {role:<16} {email:<24} {language}")
    print()
