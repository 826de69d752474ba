"""Users and their teams from tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proofline.kit import search
from proofline.kit.imports import values
from proofline.kit.imports.keeping import put
from proofline.kit.imports.kinds import Field, Kind
from proofline.kit.imports.trouble import CellError
from proofline.kit.text import fold, squeeze
from proofline.records.imports.keeping import RecordKeeper
from proofline.records.models import Team, User
from proofline.records.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.kit.imports.cells import Cell
    from proofline.kit.imports.keeping import Entry

CHINESE_ROLES = {
    Role.ADMINISTRATOR: "管理员",
    Role.MANAGER: "经理",
    Role.SALES: "销售",
    Role.MARKETING: "市场",
    Role.CONSULTANT: "顾问",
    Role.DELIVERY: "交付",
    Role.SUPPORT: "支持",
    Role.SUCCESS: "客户成功",
    Role.READER: "只读",
}
ROLES = {squeeze(word): role for role, chinese in CHINESE_ROLES.items() for word in (role.value, chinese)}


def role(cell: Cell) -> str:
    """Read a role, in either language.

    Raises:
        CellError: it is none.
    """
    found = ROLES.get(squeeze(values.line(cell)))
    if found is None:
        raise CellError(
            gettext("“%(value)s” is no role; expected one of %(roles)s")
            % {"value": values.shown(cell), "roles": ", ".join(role.value for role in Role)}
        )
    return found.value


def check_name(model: type[Team | User], name: str, *, field: str) -> None:
    """Refuse what can't be the name of a team or a user.

    Raises:
        ValidationError: it can't; said of the field.
    """
    try:
        model._meta.get_field("name").clean(name, None)  # noqa: SLF001 - Django's documented model API
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from error


class UserKeeper(RecordKeeper[User]):
    """Keeps rows as users: found again by e-mail, else by name.

    A manager named in a row who is not known becomes a user, leading the row's team; so does a team. They count as no rows.
    Nobody can sign in before they have an e-mail and a password.
    """

    model = User
    keys = ("email", "name")

    def __init__(self, by: User | None, now: datetime) -> None:
        super().__init__(by, now)
        self.teams = {fold(team.name): team for team in Team.objects.all()}

    def settle(self, values: dict[str, Any]) -> None:
        """Take who is named as their own manager as one without."""
        if fold(values.get("manager_name", "")) == fold(values.get("name", "")):
            values.pop("manager_name", None)

    def apply(self, record: User, entry: Entry) -> None:
        """Put the values on the user; team and manager follow when the row is written.

        Raises:
            ValidationError: the name of the team or of the manager can't be one.
        """
        super().apply(record, entry)
        for field, model in (("team_name", Team), ("manager_name", User)):
            if name := entry.values.get(field):
                check_name(model, name, field=field)
        team = entry.values.get("team_name", "")
        if team and (record.team is None or fold(record.team.name) != fold(team)):
            entry.changed.append("team_id")
        manager = entry.values.get("manager_name", "")
        if manager and (record.manager is None or fold(record.manager.name) != fold(manager)):
            entry.changed.append("manager_id")

    def make(self, entry: Entry) -> User:
        """Return a new user who cannot sign in yet."""
        user = super().make(entry)
        user.set_unusable_password()
        return user

    def write(self, entries: list[Entry]) -> None:
        """Make the teams and managers that the rows name, then write the rows."""
        with transaction.atomic():
            for entry in entries:
                if entry.is_pending:
                    self._place(entry)
        super().write(entries)

    def _place(self, entry: Entry) -> None:
        user: User = entry.record
        if team := entry.values.get("team_name"):
            put(user, entry, "team", self._team(team))
        if manager := entry.values.get("manager_name"):
            put(user, entry, "manager", self._manager(manager, user.team))

    def _team(self, name: str) -> Team:
        if fold(name) not in self.teams:
            self.teams[fold(name)] = Team.objects.create(name=name)
        return self.teams[fold(name)]

    def _manager(self, name: str, team: Team | None) -> User:
        if fold(name) in self.names:
            return self.users.get(self.names[fold(name)]) or User.objects.get(pk=self.names[fold(name)])
        manager = User.objects.add(name=name, role=Role.MANAGER, team=team)
        self.names[fold(name)] = manager.pk
        self.users[manager.pk] = manager
        return manager

    def after_update(self, entries: list[Entry]) -> None:
        """Let those who came into another team be seen by it, with all that is theirs."""
        super().after_update(entries)
        search.keep_owned(entry.record.pk for entry in entries if {"team", "team_id"} & set(entry.changed))

    def seen_by_importer(self, model: type[Any]) -> Any:
        """Return all: only an administrator imports users."""
        return model._default_manager.all()  # noqa: SLF001


USERS = Kind(
    name="users",
    label=_("Users"),
    keeper=UserKeeper,
    fields=(
        Field(
            name="name",
            label=_("name"),
            required=True,
            aliases=(
                "sales agent",
                "full name",
                "user",
                "user name",
                "agent",
                "employee",
                "姓名",
                "用户",
                "用户名",
                "员工",
                "销售",
            ),
        ),
        Field(
            name="email",
            label=_("e-mail"),
            read=values.email,
            aliases=("e-mail", "email address", "mail", "邮箱", "电子邮箱", "电子邮件"),
        ),
        Field(name="role", label=_("role"), read=role, aliases=("user role", "角色")),
        Field(
            name="team_name",
            label=_("team"),
            aliases=("team", "regional office", "office", "department", "group", "团队", "部门", "区域", "大区"),
        ),
        Field(
            name="manager_name",
            label=_("manager"),
            aliases=("manager", "reports to", "经理", "主管", "上级", "直属上级"),
        ),
    ),
)
