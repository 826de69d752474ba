"""What this room shows on the pages of accounts and deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from proofline.kit.prepared import Prepared
from proofline.stages.delivery import overview
from proofline.stages.delivery.models import Portal, Project

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.records.models import Account
    from proofline.stages.closing.models import Deal


def value_of_account(request: HttpRequest, account: Account) -> str:
    """Show metric by metric what was promised, signed and measured; nothing before the first promise."""
    found = overview.value_of(account, user=request.user)
    return render_to_string("delivery/panel_value.html", {"values": found}, request) if found else ""


def projects_of_account(request: HttpRequest, account: Account) -> str:
    """Show the account's projects with their gates."""
    projects = overview.projects_of(account, user=request.user)
    return render_to_string("delivery/panel_projects.html", {"projects": projects}, request) if projects else ""


def project_of_deal(request: HttpRequest, deal: Deal) -> str:
    """Show the project that came from the deal's contract."""
    found = Project.objects.visible_to(request.user).filter(contract__deal=deal).prefetch_related("gates__acceptance")
    projects = list(found)
    return render_to_string("delivery/panel_projects.html", {"projects": projects}, request) if projects else ""


def tickets_of_account(request: HttpRequest, account: Account) -> str:
    """Show the account's last tickets."""
    context = {
        "account": account,
        "tickets": overview.tickets_of(account, user=request.user),
        "may_write": request.user.may_write("delivery"),
    }
    return render_to_string("delivery/panel_tickets.html", context, request)


_portals = Prepared[Portal](lambda account: Portal.objects.filter(account=account).order_by("pk")[:1])


def portal_of_account(request: HttpRequest, account: Account) -> str:
    """Show the way into the customer's portal, once there is one; not to readers, since its link is the customer's signature."""
    portal = _portals.first(account.pk)
    if portal is None or not request.user.may_write("records"):
        return ""
    url = settings.PUBLIC_URL + reverse("delivery:portal", args=[portal.token])
    context = {"account": account, "url": url}
    return render_to_string("delivery/panel_portal.html", context, request)
