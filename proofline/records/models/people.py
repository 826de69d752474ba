"""Users and their teams."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from proofline.kit import search
from proofline.records.roles import DEFAULT_SCOPE, WHOLE, WRITES, Role, Scope

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet


class Team(models.Model):
    """A team; its members' records are seen by the teams above."""

    write_area = "settings"

    name = models.CharField(_("name"), max_length=120, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(parent=models.F("pk")), name="team_not_own_parent")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a circle of teams."""
        if self.pk and self.parent_id and self.parent_id in below(self.pk):
            raise ValidationError({"parent": _("A team can't be part of a team below itself.")})

    def change(self, **values: Any) -> None:
        """Set fields, check and save; a new team is made this way too.

        Raises:
            ValidationError: a value is not valid.
        """
        for name, value in values.items():
            setattr(self, name, value)
        self.full_clean()
        self.save()

    def remove(self) -> None:
        """End the team.

        Raises:
            ValidationError: people or teams still belong to it.
        """
        if self.members.exists() or self.children.exists():
            raise ValidationError(_("People or teams still belong to this team; move them first."))
        self.delete()


def below(team_id: int) -> set[int]:
    """Return the ids of the team and of all teams below it."""
    children: dict[int | None, list[int]] = {}
    for pk, parent in Team.objects.values_list("pk", "parent_id"):
        children.setdefault(parent, []).append(pk)
    found, waiting = set(), [team_id]
    while waiting:
        team = waiting.pop()
        if team not in found:
            found.add(team)
            waiting.extend(children.get(team, []))
    return found


LEVELS = 5


def and_above(team_id: int) -> QuerySet[Any, Any]:
    """Return the ids of the team and of those above it, up to five levels: a part of another question, so that it costs none of its own."""
    levels = models.Q(pk=team_id)
    for up in range(1, LEVELS + 1):
        levels |= models.Q(**{"__".join(["children"] * up): team_id})
    return Team.objects.filter(levels).values("pk")


class UserManager(BaseUserManager["User"]):
    """Adds people."""

    def add(
        self,
        *,
        name: str,
        role: str,
        email: str | None = None,
        team: Team | None = None,
        password: str | None = None,
        one_time: bool = False,
        **fields: Any,
    ) -> User:
        """Add a user. Without a password they cannot sign in; a one-time password must be changed at first sign-in.

        Raises:
            ValidationError: a field is not valid, or the e-mail is taken.
        """
        user = self.model(
            name=name,
            role=role,
            email=self.normalize_email(email).lower() if email else None,
            team=team,
            must_change_password=one_time,
            **fields,
        )
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def first_administrator(self, *, now: datetime) -> tuple[User, str] | None:
        """Make the administrator of an empty workspace; return them with a one-time password, else None."""
        del now
        if self.exists():
            return None
        password = secrets.token_urlsafe(12)
        user = self.add(
            name="Administrator",
            role=Role.ADMINISTRATOR,
            email="admin@proofline.local",
            password=password,
            one_time=True,
        )
        return user, password


class User(AbstractBaseUser):
    """A person of our company who works here."""

    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.SALES)
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("team")
    )
    manager = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("manager")
    )
    own_scope = models.CharField(
        _("sees"),
        max_length=8,
        choices=Scope.choices,
        blank=True,
        help_text=_("Empty: what the role usually sees."),
    )
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=[("en", "English"), ("zh-hans", "简体中文")]
    )
    time_zone = models.CharField(_("time zone"), max_length=50, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    must_change_password = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~models.Q(email=""), name="user_email_null_not_empty")]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> str:
        """What this user sees: their own setting, else what the role usually sees."""
        return self.own_scope or DEFAULT_SCOPE[self.role]

    @property
    def scope_label(self) -> str:
        """What this user sees, in words."""
        return str(Scope(self.scope).label)

    def team_and_below(self) -> set[int]:
        """Return the ids of the user's team and the teams below it."""
        if not hasattr(self, "_team_and_below"):
            self._team_and_below = below(self.team_id) if self.team_id else set()
        return self._team_and_below

    def may_write(self, area: str) -> bool:
        """Tell whether the role may change records of the area (see `roles.WRITES`)."""
        whole = area not in WHOLE or self.is_administrator or self.scope == Scope.ALL
        return self.is_active and area in WRITES[self.role] and whole

    @property
    def is_administrator(self) -> bool:
        """Whether this user steers the workspace."""
        return self.role == Role.ADMINISTRATOR

    def change(self, **values: Any) -> None:
        """Set fields, check the whole person and save.

        Raises:
            ValidationError: a value is not valid; nothing was saved.
        """
        team = self.team_id
        for name, value in values.items():
            setattr(self, name, value)
        self.email = self.email.strip().lower() if self.email else None
        self.full_clean(exclude=["password"])
        with transaction.atomic():
            self.save()
            if self.team_id != team:
                search.keep_owned([self.pk])

    def give_one_time_password(self) -> str:
        """Replace the password by one that must be changed at the next sign-in; return it."""
        password = secrets.token_urlsafe(12)
        self.set_password(password)
        self.must_change_password = True
        self.save(update_fields=["password", "must_change_password"])
        return password

    def deactivate(self, *, by: User) -> None:
        """End this person's access; what they own stays theirs.

        Raises:
            ValidationError: they are the one who asks, who would lock themselves out.
        """
        if by.pk == self.pk:
            raise ValidationError(_("You can't end your own access; ask another administrator."))
        self.is_active = False
        self.save(update_fields=["is_active"])

    def reactivate(self) -> None:
        """Give access again."""
        self.is_active = True
        self.save(update_fields=["is_active"])

    def keep_own_password(self) -> None:
        """Note that the one-time password was replaced."""
        if self.must_change_password:
            self.must_change_password = False
            self.save(update_fields=["must_change_password"])
