"""The kinds of main records, to which notes, files and a history belong: `config/kinds.py` lists them.

A record of any room is named by its kind and id, as the subjects of facts are, so that this room needs to know no later one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.db.models import Model
    from django.forms import BaseForm

    from proofline.records.models import User

    MakeForm = Callable[[Any, Any, User], BaseForm]


@dataclass(frozen=True)
class Kind:
    """A kind of main record."""

    name: str
    """As the facts of the timeline name it: "account"."""
    slug: str
    """As addresses name it: "accounts"."""
    model: type[Model]
    form: MakeForm
    """Makes the form of a record: of what was sent (None when nothing was), the record and the user."""
    facts: tuple[str, ...]
    """The fields that are edited in place."""
    together: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Fields that are edited with another: {"amount": ("amount", "currency")}."""
    may_edit: Callable[[Any], bool] = bool
    """Whether a record's fields may still change."""

    def has(self, fact: str) -> bool:
        """Tell whether a fact may be edited in place; of custom fields the form knows which there are."""
        return fact in self.facts or fact.startswith("custom_")

    def fields_of(self, fact: str) -> tuple[str, ...]:
        """Return the fields that are edited as one fact."""
        return self.together.get(fact, (fact,))


_kinds: dict[str, Kind] = {}
_by_model: dict[type[Model] | None, Kind] = {}


def register_all(kinds: Iterable[Kind]) -> None:
    """Make kinds known."""
    for kind in kinds:
        _kinds[kind.name] = _by_model[kind.model] = kind


def every() -> list[Kind]:
    """Return all kinds in the order of the table."""
    return list(_kinds.values())


def named(name: str) -> Kind | None:
    """Return the kind of that name."""
    return _kinds.get(name)


def of_model(model: type[Model] | None) -> Kind | None:
    """Return the kind whose records are of this model, None where they are no main records."""
    return _by_model.get(model)


def of(record: Model) -> Kind | None:
    """Return the kind of a record, None for one that is no main record."""
    return of_model(type(record))


def customer_of(record: Any) -> tuple[int | None, int | None]:
    """Return the ids of the account and the contact that a record is about, as facts name them."""
    kind = of(record)
    account = record.pk if kind and kind.name == "account" else getattr(record, "account_id", None)
    contact = record.pk if kind and kind.name == "contact" else getattr(record, "contact_id", None)
    return account, contact
