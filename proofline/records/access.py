"""Who may see and who may change: enforced where records are loaded, nowhere else.

A person who may not see a record gets 404, exactly as if there were none; one who may see but not change it gets 403.
"""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404
from django.utils.translation import gettext as _

from proofline.kit.prepared import Prepared
from proofline.kit.search import Whose
from proofline.records.roles import Scope

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from proofline.kit.prepared import Value
    from proofline.records.models import User


ModelT = TypeVar("ModelT", bound=models.Model)
RecordT = TypeVar("RecordT")
LONGEST_KEY = 18
"""Digits of a record's number, at most."""


class VisibleQuerySet(models.QuerySet[Any]):
    """Records that know which of them a user may see.

    The model names the paths to its owners: `owner_paths = ("owner", "account__owner")`. They run over forward foreign keys only,
    so no row comes twice.
    """

    def visible_to(self, user: User) -> Self:
        """Keep what the user may see: own, the team's and below, or all."""
        return self if user.scope == Scope.ALL else self.belonging_to(user.pk, _teams(user))

    def belonging_to(self, user: int, teams: Collection[int] = ()) -> Self:
        """Keep what is this user's or of these teams."""
        mine = models.Q(pk__in=[])
        for path in self.model.owner_paths:
            mine |= models.Q(**{path: user})
            if teams:
                mine |= models.Q(**{f"{path}__team__in": teams})
        return self.filter(mine)


class Visible(models.Model):
    """A record whose visibility follows an owner; `write_area` is the area of `roles.WRITES` that changes it."""

    owner_paths: ClassVar[tuple[str, ...]] = ("owner",)
    write_area: ClassVar[str] = "records"

    class Meta:
        abstract = True


def _teams(user: User) -> Collection[int]:
    return user.team_and_below() if user.scope == Scope.TEAM else ()


def find(model: type[ModelT], *, user: User, pk: int) -> ModelT | None:
    """Return the record with this number that the user may see, None when there is none."""
    rows: Any = model._default_manager.all()  # noqa: SLF001 - Django's documented model API
    if not 0 < pk < 2**63:
        return None
    if getattr(type(rows), "visible_to", None) is not VisibleQuerySet.visible_to:
        rows = rows.visible_to(user) if hasattr(rows, "visible_to") else rows
        found: ModelT | None = rows.filter(pk=pk).first()
        return found
    seen: ModelT | None = _by_number(cast("Any", model)).first(pk, user=user)
    return seen


class Seen(Generic[RecordT]):
    """A question that nearly every page asks of what a user may see, put together once as `kit.prepared` does it.

    `make(records, *values)` narrows them; its values are numbers and texts, and at least one.
    """

    def __init__(self, model: type[Any], make: Callable[..., models.QuerySet[Any, Any]]) -> None:
        self.model, self.make = model, make
        self._asked: list[Prepared[RecordT]] = [Prepared(partial(self._rows, count)) for count in range(3)]

    def __call__(self, *values: Value, user: User) -> list[RecordT]:
        """Ask."""
        teams = sorted(_teams(user))
        whose: list[Value] = [] if user.scope == Scope.ALL else [user.pk, teams] if teams else [user.pk]
        return self._asked[len(whose)](*values, *whose)

    def first(self, *values: Value, user: User) -> RecordT | None:
        """Ask, and return the first of what is found; None where there is none."""
        return next(iter(self(*values, user=user)), None)

    def _rows(self, count: int, *given: Any) -> models.QuerySet[Any, Any]:
        values, whose = given[: len(given) - count], given[len(given) - count :]
        rows: VisibleQuerySet = self.model._default_manager.all()  # noqa: SLF001 - Django's documented model API
        return self.make(rows.belonging_to(*whose) if whose else rows, *values)


@cache
def _by_number(model: type[Any]) -> Seen[Any]:
    return Seen(model, lambda rows, pk: rows.filter(pk=pk))


class MovedError(Http404):
    """The record became another one, which the user may see: where addresses of the one lead now."""

    def __init__(self, record: Any) -> None:
        super().__init__()
        self.record = record


def whose(user: User) -> Whose | None:
    """Return whose records a user may see, as search asks; None for all. The same rule as `visible_to`."""
    if user.scope == Scope.ALL:
        return None
    groups = user.team_and_below() if user.scope == Scope.TEAM else ()
    return Whose(frozenset({user.pk}), frozenset(groups))


def load(source: type[ModelT] | models.QuerySet[ModelT], *, user: User, write: bool = False, **lookup: Any) -> ModelT:
    """Load the one record that the user may see.

    Raises:
        MovedError: it became another one, which the user may see.
        Http404: there is none, or the user may not see it.
        PermissionDenied: the user may see it, and `write` is asked for, which the role does not allow.
    """
    queryset: Any = source if isinstance(source, models.QuerySet) else source._default_manager.all()  # noqa: SLF001
    try:
        record: ModelT = queryset.visible_to(user).get(**lookup)
    except (queryset.model.DoesNotExist, ValueError, OverflowError):
        moved(queryset.model, lookup.get("pk"), user=user)
        raise Http404 from None
    if write:
        require_write(user, area=record.write_area)  # type: ignore[attr-defined]
    return record


def moved(model: type[models.Model], pk: Any, *, user: User) -> None:
    """Pass when the record of this id did not become another one that the user may see.

    Raises:
        MovedError: it did.
    """
    from proofline.records.models.duplicates import MODELS  # noqa: PLC0415 - models build on this module
    from proofline.records.models.merging import Merger  # noqa: PLC0415 - as above

    kind = next((kind for kind, known in MODELS.items() if known is model), None)
    if kind is None or not str(pk).isdecimal() or len(str(pk)) > LONGEST_KEY:
        return
    winner = Merger.objects.winner_of(kind, int(pk))
    found = winner and MODELS[kind].objects.visible_to(user).filter(pk=winner).first()
    if found:
        raise MovedError(found)


def require_write(user: User, *, area: str) -> None:
    """Let pass who may change records of the area.

    Raises:
        PermissionDenied: the user's role may not.
    """
    if not user.may_write(area):
        raise PermissionDenied(
            _("Your role may look at this but not change it. Ask an administrator of the workspace.")
        )
