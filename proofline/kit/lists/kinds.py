"""The kinds of record that lists know: each room registers its own, with its fields and how it hangs together with others."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import gettext as _

from proofline.kit.lists.refusing import FilterError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from django.db.models import Model, QuerySet
    from django.utils.functional import _StrPromise

    from proofline.kit.components import Filter
    from proofline.kit.lists.fields import Context, Field

    Words = str | _StrPromise


@dataclass(frozen=True)
class Relation:
    """That records of another kind belong to those of this one: "accounts that have a deal …"."""

    name: str
    label: Words
    kind: str
    path: str
    """How the other kind's records name this one."""
    of: str = "pk"
    """What they name: the record itself, or one that it belongs to, such as its account."""


@dataclass(frozen=True)
class Kind:
    """A kind of record. `name` is its plural in addresses and the API."""

    name: str
    label: Words
    model: type[Model]
    fields: Sequence[Field]
    columns: Sequence[str]
    """The fields that a list shows unless it is told otherwise; the first one leads to the record."""
    one: Words = ""
    address: str = ""
    """The name of the list's address."""
    order: Sequence[str] = ("-pk",)
    search: Sequence[str] = ()
    filters: Callable[[Context], Sequence[Filter]] | None = None
    """Filters that addresses name, such as `?owner=me`: those that charts and numbers lead to."""
    related: tuple[str, ...] = ()
    """What is always loaded with the rows."""
    rows: Callable[[Any], QuerySet[Any]] | None = None
    """Gives the records that a user may see, where that is not all that is kept: the last reading of each account."""
    usual: Sequence[Mapping[str, Any]] = ()
    """The filter with which the list comes, as an address has it: tickets that are not solved."""
    usual_label: Words = ""
    """What the list is called with it."""
    titled: str = "name"
    """The field by which people call a record, in filters of records that name it."""
    form: Callable[..., Any] | None = None
    """Makes the form that changes a record: `form(data, user=…, instance=…)`."""
    own: frozenset[str] = frozenset({"name"})
    """Fields that each record has for itself, so that many are not given the same at once."""
    can_remove: bool = True
    """Whether records can be removed, and put back, from a list."""
    more: list[Callable[[], Sequence[Field]]] = field(default_factory=list)
    """Give fields that are only known when the program runs."""

    @property
    def all_fields(self) -> list[Field]:
        """The fields, with those that people added."""
        return [*self.fields, *(one for give in self.more for one in give())]

    def field(self, name: Any) -> Field | None:
        """Return the field of that name."""
        return next((one for one in self.all_fields if one.name == name), None)

    @property
    def relations(self) -> list[Relation]:
        """The records of other kinds that belong to these."""
        return [one for one in _relations[self.name] if one.kind in _kinds]

    def order_by(self, sort: str) -> list[str]:
        """Return the order for the store that "name" or "-name" asks for; the usual one for "".

        Raises:
            FilterError: there is no such field to sort by.
        """
        if not sort:
            return list(self.order)
        chosen = self.field(sort.removeprefix("-"))
        if chosen is None or not chosen.is_sortable_here:
            known = ", ".join(one.name for one in self.all_fields if one.is_sortable_here)
            raise FilterError(
                _("There is no field “%(name)s” to sort by; there are: %(known)s.")
                % {"name": sort[:50], "known": known},
                at="sort",
            )
        return [f"{'-' if sort.startswith('-') else ''}{chosen.order_key}"]

    def relation(self, name: Any) -> Relation | None:
        """Return the relation of that name."""
        return next((one for one in self.relations if one.name == name), None)

    def visible(self, user: Any) -> QuerySet[Any]:
        """Return the records that the user may see."""
        if self.rows is not None:
            return self.rows(user)
        found: QuerySet[Any] = self.model._default_manager.all().visible_to(user)  # type: ignore[attr-defined]  # noqa: SLF001
        return found

    @property
    def area(self) -> str:
        """What one must be allowed to change to change these records."""
        return str(getattr(self.model, "write_area", ""))


_kinds: dict[str, Kind] = {}
_relations: dict[str, list[Relation]] = defaultdict(list)
"""By kind; a room may relate its own to a kind that is registered after it."""


def register(kind: Kind) -> Kind:
    """Make a kind known."""
    _kinds[kind.name] = kind
    return kind


def relate(name: str, relation: Relation) -> None:
    """Tell a kind that a later room's records belong to its own."""
    if all(one.name != relation.name for one in _relations[name]):
        _relations[name].append(relation)


def kinds() -> list[Kind]:
    """Return all kinds."""
    return list(_kinds.values())


def kind_named(name: str) -> Kind:
    """Return the kind of that name.

    Raises:
        Http404: there is none.
    """
    if name not in _kinds:
        raise Http404
    return _kinds[name]
