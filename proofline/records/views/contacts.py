"""Contacts: the list, one contact, adding and changing it; and the names that name fields offer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from proofline.kit.components import Empty, toast
from proofline.records import kinds
from proofline.records.access import load, require_write
from proofline.records.behaviour import ERASES, people_of
from proofline.records.forms import ContactForm
from proofline.records.forms.base import offers
from proofline.records.forms.meanwhile import watched
from proofline.records.lists import RecordList
from proofline.records.lists.customers import CONTACTS
from proofline.records.models import Account, Contact, Product, Task
from proofline.records.views.already import added, look_soon, new_page
from proofline.records.views.answers import accepted, form_page
from proofline.records.views.duplicates import maybe

if TYPE_CHECKING:
    from django.db.models import Model

NAMED: dict[str, type[Model]] = {"accounts": Account, "contacts": Contact, "products": Product}


@require_GET
def contacts(request: HttpRequest) -> HttpResponse:
    """List the contacts that the user may see."""
    return RecordList.of(
        request,
        kind=CONTACTS,
        empty=Empty(
            _("No contacts yet"),
            _("A contact is a person in an account, such as “Li Lei, head of operations at Beiming Software”."),
            reverse("records:contact_new"),
            _("New contact"),
            icon="users",
        ),
    ).render("records/contacts.html", {"may_write": request.user.may_write("records")})


@require_GET
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one contact."""
    found = load(Contact.objects.select_related("owner", "account__owner"), user=request.user, pk=pk)
    tasks = Task.objects.visible_to(request.user).filter(contact=found).open().select_related("owner")
    visible = found.account and Account.objects.visible_to(request.user).filter(pk=found.account_id).exists()
    context = {
        "contact": found,
        "account": found.account if visible else None,
        "tasks": tasks.order_by("due_at", "pk")[:20],
        "may_write": request.user.may_write(Contact.write_area),
        "maybe": maybe(request, found),
        "may_erase": request.user.may_write(ERASES),
        "who": people_of(found),
    }
    return render(request, "records/contact.html", context)


@require_http_methods(["GET", "POST"])
def contact_new(request: HttpRequest) -> HttpResponse:
    """Add a contact; `?account=7` says where."""
    require_write(request.user, area=Contact.write_area)
    initial: dict[str, Any] = {"owner": request.user}
    if (given := request.GET.get("account", "")).isdecimal():
        initial["account"] = load(Account, user=request.user, pk=given).pk
    form = ContactForm(request.POST or None, user=request.user, initial=initial)
    made: list[Contact] = []

    def add() -> None:
        made.append(Contact.objects.add(by=request.user, now=timezone.now(), **form.values))

    if request.method == "POST" and added(request, form, add):
        toast(request, _("Contact added."))
        return redirect(made[0])
    back = (_("Contacts"), reverse("records:contacts"))
    return new_page(request, form, title=_("New contact"), submit=_("Add contact"), back=back)


@require_http_methods(["GET", "POST"])
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a contact's facts."""
    found = load(Contact, user=request.user, pk=pk, write=True)
    form = watched(ContactForm(request.POST or None, user=request.user, instance=found), found, user=request.user)
    if request.method == "POST" and accepted(
        form, lambda: found.change(by=request.user, now=timezone.now(), **form.values)
    ):
        look_soon()
        return redirect(found)
    back = (found.name, found.get_absolute_url())
    return form_page(request, form, title=_("Change contact"), cancel=back[1], back=back)


@require_GET
def choices(request: HttpRequest, kind: str) -> HttpResponse:
    """Offer the names that contain what was typed, as options of a datalist."""
    main = next((one.model for one in kinds.every() if one.slug == kind and hasattr(one.model, "name")), None)
    model: Any = NAMED.get(kind, main)
    if model is None:
        raise Http404
    text = request.GET.get(request.GET.get("field", "q"), "")
    found = offers(model.objects.visible_to(request.user), text)
    return HttpResponse(format_html_join("", '<option value="{}"></option>', ((name,) for name in found)))
