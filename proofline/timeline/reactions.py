"""What follows from what happens. The one readable table of it is `config/reactions.py`, which calls these registrars.

- `on_fact("deal.won", draft)`: at once, in the transaction of the fact; if the function raises, the action fails as a whole.
- `on_event("Page Viewed", send, key="pricing-mail")`: after projection, for behaviour and facts alike, at least once per event;
  the effect and the note that it came about commit together, so each acts once. One that raises is kept and tried again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from proofline.timeline.models import Effect

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import timedelta

    from proofline.timeline.events import Event, Fact

    Matcher = str | Collection[str] | Callable[[Event], bool]

_on_fact: dict[str, list[Callable[[Fact], Any]]] = defaultdict(list)
_on_event: dict[str, Reaction] = {}
_version: list[str] = []
"""Every key that was ever put into the table, in order."""


@dataclass(frozen=True)
class Reaction:
    """What to do when an event matches; `key` names it for ever, so that a restart does not act again."""

    key: str
    matcher: Matcher
    function: Callable[[Event], Any]
    within: timedelta | None = None
    kinds: frozenset[str] | None = None
    known: bool = False

    def wants(self, kind: str, name: str, *, known: bool) -> bool:
        """Tell whether events of this kind and name may be meant; `known` says that a contact is behind them."""
        if (self.kinds is not None and kind not in self.kinds) or (self.known and not known):
            return False
        if isinstance(self.matcher, str):
            return name == self.matcher
        return callable(self.matcher) or name in self.matcher

    def matches(self, event: Event) -> bool:
        """Tell whether the event is meant."""
        if self.within is not None and event.received_at - event.at > self.within:
            return False
        if not self.wants(event.kind, event.name, known=event.contact_id is not None):
            return False
        return self.matcher(event) if callable(self.matcher) else True


def on_fact(name: str, function: Callable[[Fact], Any]) -> None:
    """Call the function with each fact of that name, in the fact's own transaction."""
    if function not in _on_fact[name]:
        _on_fact[name].append(function)


def on_event(
    matcher: Matcher,
    function: Callable[[Event], Any],
    *,
    key: str,
    within: timedelta | None = None,
    kinds: frozenset[str] | None = None,
    known: bool = False,
) -> None:
    """Call the function with each event that matches, once it is projected.

    Args:
        matcher: an event's name, several names, or a function of the event.
        function: acts within a transaction that is opened for it. When it returns something false but None (False, []), it
            found nothing to do, and no note of it is kept.
        key: the reaction's own name, at most 200 characters; never reuse one for something else.
        within: leave out events that came later than so long after they happened, such as uploaded history.
        kinds: only events of these kinds; a matcher that is a function says so here, for only then others cost nothing.
        known: only events behind which a contact is.

    Raises:
        ValueError: another reaction has the key.
    """
    there = _on_event.get(key)
    if there and there.function is not function:
        raise ValueError(f"Two reactions are named {key!r}")
    _on_event[key] = Reaction(key, matcher, function, within, kinds, known)
    _version.append(key)


def at_once(fact: Fact, *, keyed: bool) -> None:
    """Run what follows from a fact in its transaction; a fact with a key that was recorded before is not new."""
    functions = _on_fact.get(fact.name, [])
    if not functions:
        return
    if keyed and not Effect.claim(f"fact:{fact.id}", reaction=f"at once: {fact.name}", now=fact.received_at):
        return
    for function in functions:
        function(fact)


def to(event: Event) -> Iterator[Reaction]:
    """Yield the reactions that the event asks for."""
    return (reaction for reaction in list(_on_event.values()) if reaction.matches(event))


def named(key: str) -> Reaction | None:
    """Return a reaction by its key, None when it is no longer in the table."""
    return _on_event.get(key)


def wanted(kind: str, name: str, *, known: bool) -> bool:
    """Tell whether any reaction may mean events of this kind and name."""
    return any(reaction.wants(kind, name, known=known) for reaction in _on_event.values())


def version() -> tuple[int, int]:
    """Return what changes with the table."""
    return id(_on_event), len(_version)
