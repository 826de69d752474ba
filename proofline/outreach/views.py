"""Pages of the room, and the way out of our mail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import Empty, toast
from proofline.outreach.forms import TemplateForm, TriggerRuleForm
from proofline.outreach.jobs import send_message
from proofline.outreach.lists import MESSAGES
from proofline.outreach.models import Message, OptOut, Template, TriggerRule, UnsubscribeLink
from proofline.outreach.models.messages import values_for
from proofline.records.access import load, require_write
from proofline.records.lists import RecordList
from proofline.records.models import Contact

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def messages(request: HttpRequest) -> HttpResponse:
    """Every message to contacts that the user may see, the newest first."""
    listing = RecordList.of(
        request,
        kind=MESSAGES,
        row_url=lambda row: reverse("outreach:message", args=[row.pk]),
        empty=Empty(
            title=_("No messages yet"),
            text=_("A rule such as “views the price page” writes the right next step within seconds."),
            url="/message-rules/",
            label=_("See the rules"),
            icon="send",
        ),
    )
    return listing.render("outreach/messages.html")


@require_GET
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message as it was written, and what became of it."""
    record = load(Message.objects.select_related("contact", "dispatch"), user=request.user, pk=pk)
    context = {"message": record, "may_write": request.user.may_write("outreach")}
    return render(request, "outreach/message.html", context)


@require_POST
def sending(request: HttpRequest, pk: int) -> HttpResponse:
    """Try again to send a message that did not leave."""
    record = load(Message, user=request.user, write=True, pk=pk)
    send_message.enqueue(message_id=record.pk)
    toast(request, _("The message is on its way."))
    return redirect("outreach:message", pk=pk)


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """The rules that send messages."""
    found = TriggerRule.objects.order_by("name")
    return render(request, "outreach/rules.html", {"rules": found, "may_write": request.user.may_write("outreach")})


@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a rule."""
    require_write(request.user, area="outreach")
    existing = load(TriggerRule, user=request.user, pk=pk) if pk else None
    form = TriggerRuleForm(request.POST or None, instance=existing)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("outreach:rules")
    context = {"form": form, "rule": existing, "templates": Template.objects.exists()}
    return render(request, "outreach/rule.html", context, status=422 if form.errors else 200)


@require_POST
def rule_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a rule; the messages that it sent stay."""
    load(TriggerRule, user=request.user, write=True, pk=pk).delete()
    return redirect("outreach:rules")


@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    """The texts of messages."""
    found = Template.objects.order_by("name", "language")
    context = {"templates": found, "may_write": request.user.may_write("outreach")}
    return render(request, "outreach/templates.html", context)


@require_http_methods(["GET", "POST"])
def template(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a text, with what a real contact would read."""
    require_write(request.user, area="outreach")
    existing = load(Template, user=request.user, pk=pk) if pk else None
    form = TemplateForm(request.POST or None, instance=existing)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("outreach:templates")
    context = {"form": form, "template": existing, "preview": _preview(request, existing)}
    return render(request, "outreach/template.html", context, status=422 if form.errors else 200)


def _preview(request: HttpRequest, text: Template | None) -> tuple[str, str] | None:
    somebody = Contact.objects.visible_to(request.user).select_related("account").first()
    return text.fill(values_for(somebody)) if text and somebody else None


@require_POST
def template_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a text, unless a rule still sends it."""
    text = load(Template, user=request.user, write=True, pk=pk)
    last = not Template.objects.named(text.name).exclude(pk=pk).exists()
    if last and TriggerRule.objects.sending(template=text.name).exists():
        toast(request, _("A rule still sends this message. Change the rule first."))
        return redirect("outreach:template", pk=pk)
    text.delete()
    return redirect("outreach:templates")


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End our mail: GET only asks; POST does it, also from the mail provider's one click (RFC 8058)."""
    link = UnsubscribeLink.objects.select_related("contact__account").filter(token=token).first()
    if link is None:
        raise Http404
    if request.method == "POST":
        if request.POST.get("again"):
            OptOut.withdraw(contact=link.contact, now=timezone.now())
        else:
            OptOut.note(contact=link.contact, now=timezone.now())
    out = OptOut.objects.filter(contact=link.contact).exists()
    with translation.override(link.contact.language or translation.get_language()):
        return render(request, "outreach/unsubscribe.html", {"out": out, "contact": link.contact})
