"""Settings of people and teams."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import Column, Empty, Filter, ListPage, Tab, toast
from proofline.records.access import require_write
from proofline.records.forms import PersonForm, TeamForm
from proofline.records.models import Team, User
from proofline.records.roles import Role
from proofline.records.views.answers import accepted, form_page
from proofline.records.views.workspace import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.http import HttpRequest, HttpResponse


def tabs(active: str) -> list[Tab]:
    """Return people and teams."""
    return [
        Tab(_("People"), reverse("records:people"), active=active == "people"),
        Tab(_("Teams"), reverse("records:teams"), active=active == "teams"),
    ]


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List who works here."""
    require_write(request.user, area=SETTINGS)
    state = Filter(
        "state",
        _("State"),
        [("active", _("may sign in")), ("ended", _("access ended"))],
        lambda rows, value: rows.filter(is_active=value == "active"),
    )
    role = Filter("role", _("Role"), Role.choices, lambda rows, value: rows.filter(role=value))
    return ListPage(
        request,
        queryset=User.objects.select_related("team"),
        columns=[
            Column(_("Name"), "name", sort="name"),
            Column(_("E-mail"), "email", sort="email"),
            Column(_("Role"), "get_role_display"),
            Column(_("Team"), "team", sort="team__name"),
            Column(_("Sees"), template="records/cells/scope.html"),
            Column(_("State"), template="records/cells/person.html"),
        ],
        order=("name",),
        filters=[state, role],
        search=("name", "email"),
        row_url=lambda person: reverse("records:person", args=[person.pk]),
        empty=Empty(_("Nobody yet")),
    ).render("records/people.html", {"tabs": tabs("people")})


@require_http_methods(["GET", "POST"])
def person_new(request: HttpRequest) -> HttpResponse:
    """Add a person; the answer shows their one-time password, once."""
    require_write(request.user, area=SETTINGS)
    form = PersonForm(request.POST or None, user=request.user)
    password = secrets.token_urlsafe(12)
    made: list[User] = []

    def add() -> None:
        made.append(User.objects.add(password=password, one_time=True, **form.values))

    if request.method == "POST" and accepted(form, add):
        return render(request, "records/one_time_password.html", {"person": made[0], "password": password})
    back = (_("People"), reverse("records:people"))
    return form_page(request, form, title=_("New person"), submit=_("Add person"), cancel=back[1], back=back)


@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a person: role, team, what they see."""
    require_write(request.user, area=SETTINGS)
    found = get_object_or_404(User, pk=pk)
    form = PersonForm(request.POST or None, user=request.user, instance=found)
    if request.method == "POST" and accepted(form, lambda: found.change(**form.values)):
        toast(request, _("Saved."))
        return redirect("records:people")
    context = {"form": form, "person": found, "itself": found == request.user}
    return render(request, "records/person.html", context, status=422 if form.is_bound else 200)


@require_POST
def password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person a new one-time password, shown once."""
    require_write(request.user, area=SETTINGS)
    found = get_object_or_404(User, pk=pk)
    return render(
        request, "records/one_time_password.html", {"person": found, "password": found.give_one_time_password()}
    )


@require_POST
def deactivation(request: HttpRequest, pk: int) -> HttpResponse:
    """End a person's access."""
    require_write(request.user, area=SETTINGS)
    found = get_object_or_404(User, pk=pk)
    try:
        found.deactivate(by=request.user)
    except ValidationError as error:
        toast(request, " ".join(error.messages), level=messages.ERROR)
        return redirect("records:person", pk)
    undo = reverse("records:reactivation", args=[pk])
    toast(request, _("%(name)s can't sign in any more.") % {"name": found.name}, undo=undo)
    return redirect("records:people")


@require_POST
def reactivation(request: HttpRequest, pk: int) -> HttpResponse:
    """Give access again."""
    require_write(request.user, area=SETTINGS)
    get_object_or_404(User, pk=pk).reactivate()
    return redirect("records:people")


def tree(parent: Team | None = None, depth: int = 0) -> Iterator[tuple[int, Team]]:
    """Yield the teams below a team with their depth, parents first."""
    for team in Team.objects.filter(parent=parent).prefetch_related("members").order_by("name"):
        yield depth, team
        yield from tree(team, depth + 1)


@require_GET
def teams(request: HttpRequest) -> HttpResponse:
    """Show the teams as a tree with their members."""
    require_write(request.user, area=SETTINGS)
    return render(request, "records/teams.html", {"teams": list(tree()), "tabs": tabs("teams")})


@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a team."""
    require_write(request.user, area=SETTINGS)
    found = get_object_or_404(Team, pk=pk) if pk else Team()
    form = TeamForm(request.POST or None, user=request.user, instance=found)
    if request.method == "POST" and accepted(form, lambda: found.change(**form.values)):
        return redirect("records:teams")
    back = (_("Teams"), reverse("records:teams"))
    title = _("Change team") if pk else _("New team")
    return form_page(request, form, title=title, cancel=back[1], back=back)


@require_POST
def team_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """End a team."""
    require_write(request.user, area=SETTINGS)
    try:
        get_object_or_404(Team, pk=pk).remove()
    except ValidationError as error:
        toast(request, " ".join(error.messages), level=messages.ERROR)
    return redirect("records:teams")
