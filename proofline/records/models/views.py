"""Saved views of lists: filters, order and columns under a name, for oneself, the team or everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proofline.kit.prepared import Prepared
from proofline.records.models.people import User, and_above
from proofline.records.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from proofline.timeline.traces import Traces

MOST = 100
SHARING = {Role.ADMINISTRATOR, Role.MANAGER}
"""Who may set what everybody sees first."""


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Saved views."""

    def visible_to(self, user: User) -> Self:
        """Keep one's own, those that somebody of the team or of one above it shares with theirs, and those for everybody."""
        return self.for_eyes_of(*_eyes(user))

    def for_eyes_of(self, user: int, team: int | None = None) -> Self:
        """Keep what somebody of this number, in this team, may see."""
        seen = models.Q(owner=user) | models.Q(audience=SavedView.Audience.ALL)
        if team is not None:
            seen |= models.Q(audience=SavedView.Audience.TEAM, owner__team__in=and_above(team))
        return self.filter(seen)

    def forget(self, traces: Traces) -> int:
        """Take somebody who is erased out of the filters; return how many views changed."""
        forgotten = 0
        for view in self.all():
            left = traces.redacted(view.state)
            if left != view.state:
                self.filter(pk=view.pk).update(state=left)
                forgotten += 1
        return forgotten

    def save_view(
        self, *, by: User, now: datetime, kind: str, name: str, audience: str, state: Mapping[str, Any]
    ) -> SavedView:
        """Keep a list's state under a name.

        Raises:
            ValidationError: the name is empty, too long, or one's own already.
        """
        view = SavedView(owner=by, kind=kind, name=name.strip(), audience=audience, state=dict(state), created_at=now)
        view.full_clean()
        view.save()
        return view


def _eyes(user: User) -> tuple[int, ...]:
    return (user.pk, user.team_id) if user.team_id else (user.pk,)


_of_list = Prepared["SavedView"](
    lambda kind, *eyes: SavedView.objects.for_eyes_of(*eyes).filter(kind=kind).order_by("name")[:MOST]
)


def views_of(kind: str, *, user: User) -> list[SavedView]:
    """Return the views of a list that the user may choose from, by name."""
    return _of_list(kind, *_eyes(user))


class SavedView(models.Model):
    """A list's state: `{"filter": {…}, "sort": "-changed_at", "columns": ["name", …], "widths": {"name": 240}, "group": "owner"}`."""

    class Audience(models.TextChoices):
        ME = "me", _("only me")
        TEAM = "team", _("my team")
        ALL = "all", _("everybody")

    kind = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    audience = models.CharField(_("for"), max_length=4, choices=Audience.choices, default=Audience.ME)
    state = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "kind", "name"],
                name="view_name_once",
                violation_error_message=_("You have a view of this name already."),
            )
        ]
        indexes = [models.Index(fields=["kind", "audience"], name="view_kind")]

    def __str__(self) -> str:
        return self.name

    def require_owner(self, user: User) -> None:
        """Let pass its owner, and administrators.

        Raises:
            PermissionDenied: it is somebody else's.
        """
        if self.owner_id != user.pk and not user.is_administrator:
            raise PermissionDenied(
                gettext("This view belongs to %(name)s; save it as your own to change it.") % {"name": self.owner}
            )

    def keep(self, *, by: User, **values: Any) -> None:
        """Change the name, the audience or the state.

        Raises:
            PermissionDenied: it is somebody else's.
            ValidationError: a value is not valid.
        """
        self.require_owner(by)
        for name, value in values.items():
            setattr(self, name, value)
        self.full_clean()
        self.save(update_fields=list(values))

    def remove(self, *, by: User) -> None:
        """End the view; lists that began with it begin as they come.

        Raises:
            PermissionDenied: it is somebody else's.
        """
        self.require_owner(by)
        self.delete()


class FirstView(models.Model):
    """With which view a list begins: for one person, or, without one, for everybody who chose none."""

    kind = models.CharField(max_length=40)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="firsts")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "user"], name="first_view_once"),
            models.UniqueConstraint(fields=["kind"], condition=models.Q(user=None), name="first_view_of_all_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.view}"

    @classmethod
    def of(cls, kind: str, *, user: User) -> SavedView | None:
        """Return the view that the list begins with for the user: their own choice, else everybody's."""
        return _begun.first(kind, *_eyes(user))

    @classmethod
    def choose(cls, view: SavedView, *, by: User, for_all: bool = False) -> None:
        """Begin the list with this view, for oneself or for everybody.

        Raises:
            PermissionDenied: for everybody only managers and administrators choose, and only what everybody sees.
        """
        if for_all and (by.role not in SHARING or view.audience != SavedView.Audience.ALL):
            raise PermissionDenied(
                gettext("Only a manager or an administrator chooses, and only a view for everybody.")
            )
        with transaction.atomic():
            cls.objects.filter(kind=view.kind, user=None if for_all else by).delete()
            cls.objects.create(kind=view.kind, user=None if for_all else by, view=view)

    @classmethod
    def forget(cls, view: SavedView, *, by: User) -> None:
        """Begin the list as it comes again."""
        cls.objects.filter(kind=view.kind, user=by, view=view).delete()


def _begun_with(kind: str, user: int, *team: int) -> models.QuerySet[SavedView]:
    visible = SavedView.objects.for_eyes_of(user, *team).filter(kind=kind)
    found = visible.filter(models.Q(firsts__user=user) | models.Q(firsts__user=None, firsts__isnull=False))
    return found.order_by(models.F("firsts__user").asc(nulls_last=True))[:1]


_begun = Prepared[SavedView](_begun_with)
