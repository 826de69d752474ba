"""The hub of the settings: one plain table of what is set where, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from proofline.kit.addresses import address

if TYPE_CHECKING:
    from proofline.records.models import User


@dataclass(frozen=True)
class Entry:
    """One page of settings; `area` is what a person must be allowed to change to see it ("" for everybody)."""

    label: Any
    text: Any
    icon: str
    view: str
    area: str = ""


ENTRIES: tuple[tuple[Any, tuple[Entry, ...]], ...] = (
    (
        _("You"),
        (
            Entry(_("Profile"), _("Your name, language and time zone"), "user-circle", "records:profile"),
            Entry(
                _("Notifications"),
                _("What you are told, in the page and by e-mail"),
                "bell",
                "records:notification_settings",
            ),
            Entry(
                _("Calendar addresses"),
                _("Your days in your own calendar program"),
                "calendar-share",
                "config:calendar_feeds",
            ),
            Entry(_("Password"), _("Choose another password"), "lock", "account_change_password"),
            Entry(_("Two-step sign-in"), _("A code from your phone, or a passkey"), "shield-lock", "mfa_index"),
        ),
    ),
    (
        _("Company"),
        (
            Entry(
                _("Workspace"),
                _("Name, logo, colour, currency, working hours"),
                "building-store",
                "records:workspace",
                "settings",
            ),
            Entry(
                _("People"), _("Who works here, their roles and what they see"), "users", "records:people", "settings"
            ),
            Entry(_("Teams"), _("Who belongs together, and under whom"), "hierarchy-2", "records:teams", "settings"),
        ),
    ),
    (
        _("Data"),
        (
            Entry(
                _("Import"),
                _("Customers, products, leads and deals from files"),
                "file-import",
                "imports:imports",
                "import",
            ),
            Entry(
                _("Duplicates"),
                _("Accounts and contacts that may be the same, and what was merged"),
                "copy",
                "records:duplicates",
                "records",
            ),
            Entry(
                _("Custom fields"),
                _("What only your company asks about customers and deals"),
                "forms",
                "records:custom_fields",
                "settings",
            ),
            Entry(
                _("Sources"), _("Websites and products that send events"), "broadcast", "records:sources", "settings"
            ),
            Entry(
                _("Quarantine"),
                _("Events that could not be taken in, and why"),
                "shield-x",
                "records:quarantine",
                "settings",
            ),
            Entry(_("Live view"), _("Events as they arrive"), "activity", "records:live", "settings"),
            Entry(
                _("Timeline"),
                _("Whether events are taken further, and what is stored"),
                "heartbeat",
                "records:timeline",
                "settings",
            ),
            Entry(
                _("Exports"),
                _("Events as Parquet files, for other tools"),
                "file-export",
                "records:exports",
                "export",
            ),
            Entry(_("Access tokens"), _("Keys for programs that use the API"), "key", "records:tokens"),
        ),
    ),
    (
        _("The sale"),
        (
            Entry(_("Catalogue"), _("Products, modules, tiers and prices"), "packages", "records:catalogue"),
            Entry(_("Score rules"), _("What makes a lead worth a call"), "adjustments", "reach:score_rules"),
            Entry(_("Signal rules"), _("Which behaviour speaks of which need"), "bulb", "reach:signal_rules"),
            Entry(_("Lead forms"), _("Forms for your website"), "forms", "reach:forms"),
            Entry(_("Message rules"), _("Which event sends which message"), "bolt", "outreach:rules"),
            Entry(_("Message templates"), _("What messages say"), "template", "outreach:templates"),
            Entry(_("Playbooks"), _("How we work in each stage"), "book", "enablement:playbooks"),
        ),
    ),
)


def groups(user: User) -> list[dict[str, Any]]:
    """Return the settings that this user may see, by group."""
    found = []
    for label, entries in ENTRIES:
        items = [
            {"label": entry.label, "text": entry.text, "icon": entry.icon, "url": url}
            for entry in entries
            if (url := address(entry.view)) and (not entry.area or user.may_write(entry.area))
        ]
        if items:
            found.append({"label": label, "items": items})
    return found
