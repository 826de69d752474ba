"""The kinds of records with which playbooks stand, and in which states they can be: `config/playbooks.py` lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from proofline.records.access import Visible

    States = Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Kind:
    """A kind of record that has a playbook on its page."""

    name: str
    """As the facts of the timeline name it: "deal"."""
    slug: str
    """As addresses name it: "deals"."""
    label: str | _StrPromise
    stage: str
    """The stage of the sale whose playbooks stand with it."""
    model: type[Visible]
    states: Callable[[], States]
    """Returns all states, in order, as (key, label)."""
    states_of: Callable[[Any, datetime], Collection[str]]
    """Returns the keys of the states in which a record is now."""
    applies: Callable[[Any], bool] = bool
    """Whether a record has a playbook at all."""

    def named_states(self) -> list[tuple[str, Any]]:
        """Return all states as steps name them: ("deal.won", "won")."""
        return [(f"{self.name}.{key}", label) for key, label in self.states()]

    def states_now(self, record: Any, *, now: datetime) -> set[str]:
        """Return the states in which a record is now, as steps name them."""
        return {f"{self.name}.{key}" for key in self.states_of(record, now)}


_kinds: dict[str, Kind] = {}


def register_all(kinds: Iterable[Kind]) -> None:
    """Make kinds known."""
    _kinds.update({kind.name: kind for kind in kinds})


def every() -> list[Kind]:
    """Return all kinds in the order of the table."""
    return list(_kinds.values())


def named(name: str) -> Kind:
    """Return the kind of that name."""
    return _kinds[name]


def of_stage(stage: str) -> list[Kind]:
    """Return the kinds of a stage."""
    return [kind for kind in every() if kind.stage == stage]
