"""What each role may see and change. One readable table; nothing else decides it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    MANAGER = "manager", _("Manager")
    SALES = "sales", _("Sales")
    MARKETING = "marketing", _("Marketing")
    CONSULTANT = "consultant", _("Consultant")
    DELIVERY = "delivery", _("Delivery")
    SUPPORT = "support", _("Support")
    SUCCESS = "success", _("Success")
    READER = "reader", _("Reader")


class Scope(models.TextChoices):
    OWN = "own", _("Own records")
    TEAM = "team", _("Records of the team and below")
    ALL = "all", _("All records")


DEFAULT_SCOPE: dict[str, Scope] = {
    Role.ADMINISTRATOR: Scope.ALL,
    Role.MANAGER: Scope.TEAM,
    Role.SALES: Scope.OWN,
    Role.MARKETING: Scope.ALL,
    Role.CONSULTANT: Scope.TEAM,
    Role.DELIVERY: Scope.ALL,
    Role.SUPPORT: Scope.ALL,
    Role.SUCCESS: Scope.ALL,
    Role.READER: Scope.ALL,
}

STAGES = frozenset({"reach", "discovery", "closing", "delivery", "growth"})
EVERYTHING = STAGES | {"records", "library", "outreach", "enablement", "insight", "import", "export"}
WHOLE = frozenset({"export"})
"""Areas for administrators, and besides them for those alone who see all records: an export holds everybody's events."""

# What a role may change: the customers ("records"), the stages by name, the shared "library" (catalogue, evidence,
# competitors), "outreach", "import", "export" (all events as files). Only an administrator changes "settings" (people, teams, sources, workspace).
WRITES: dict[str, frozenset[str]] = {
    Role.ADMINISTRATOR: EVERYTHING | {"settings"},
    Role.MANAGER: EVERYTHING,
    Role.SALES: frozenset({"records", "reach", "discovery", "closing", "growth"}),
    Role.MARKETING: frozenset({"records", "reach", "outreach", "library", "import"}),
    Role.CONSULTANT: frozenset({"records", "discovery", "closing", "library"}),
    Role.DELIVERY: frozenset({"records", "delivery"}),
    Role.SUPPORT: frozenset({"records", "delivery"}),
    Role.SUCCESS: frozenset({"records", "delivery", "growth", "library"}),
    Role.READER: frozenset(),
}
