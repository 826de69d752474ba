"""What one is told: the bell's panel, the page, how one wants to be told, and the way out of the digest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.addresses import next_of
from proofline.kit.components import Tab, toast
from proofline.kit.paging import paginate
from proofline.records import notices
from proofline.records.forms import DigestForm
from proofline.records.models import DigestRule, Notification, NotificationChoice
from proofline.records.models.notifications import shown
from proofline.records.views.answers import accepted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

IN_PANEL = 12


@require_GET
def notifications(request: HttpRequest) -> HttpResponse:
    """Show all that the user was told, the newest first; `?show=unread`, `?kind=mention`."""
    unread, kind = request.GET.get("show") == "unread", request.GET.get("kind", "")
    known = {item.name: item for item in notices.kinds()}
    found = Notification.objects.of(request.user).select_related("by")
    if unread:
        found = found.unread()
    if kind in known:
        found = found.filter(kind=kind)
    page = paginate(found, request, order=("-at",))
    of_kind = f"kind={kind}" if kind in known else ""
    context = {
        "lines": shown(page.rows, user=request.user),
        "page": page,
        "tabs": [
            Tab(_("All"), f"?{of_kind}", active=not unread),
            Tab(_("Unread"), f"?show=unread&{of_kind}".rstrip("&"), active=unread),
        ],
        "kinds": [(item, item.name == kind) for item in known.values()],
        "chosen": known.get(kind),
        "show": "show=unread&" if unread else "",
    }
    return render(request, "records/notifications.html", context)


@require_GET
def count(request: HttpRequest) -> HttpResponse:
    """Answer the bell, which asks once a minute."""
    return render(request, "kit/bell.html#count")


@require_POST
def opening(request: HttpRequest) -> HttpResponse:
    """Open the panel: show the newest, and note that they were read."""
    found = list(Notification.objects.of(request.user).select_related("by").order_by("-at", "-pk")[:IN_PANEL])
    lines = shown(found, user=request.user)
    Notification.objects.filter(pk__in=[row.pk for row in found if not row.read_at]).note_read(now=timezone.now())
    return render(request, "records/notifications_panel.html", {"lines": lines})


@require_POST
def reading(request: HttpRequest) -> HttpResponse:
    """Note that all were read."""
    Notification.objects.of(request.user).note_read(now=timezone.now())
    if request.headers.get("HX-Request-Type") == "partial":
        return opening(request)
    return redirect(next_of(request) or "records:notifications")


@require_GET
def notification(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to what the user was told of, and note that they read it."""
    found = Notification.objects.filter(user=request.user, pk=pk).select_related("by").first()
    if found is None:
        raise Http404
    line = shown([found], user=request.user)[0]
    Notification.objects.filter(pk=found.pk).note_read(now=timezone.now())
    if line.withheld:
        raise Http404
    return redirect(line.url or reverse("records:notifications"))


@require_http_methods(["GET", "POST"])
def notification_settings(request: HttpRequest) -> HttpResponse:
    """Choose of what one is told, and when the digest comes."""
    rule, chosen = DigestRule.of(request.user), NotificationChoice.all_of(request.user)
    form = DigestForm(request.POST or None, user=request.user, instance=rule)
    if request.method == "POST" and accepted(form, lambda: rule.choose(**form.values)):
        for kind in notices.kinds():
            NotificationChoice.choose(
                request.user,
                kind=kind.name,
                in_page=f"{kind.name}.page" in request.POST,
                in_digest=f"{kind.name}.digest" in request.POST,
            )
        toast(request, _("Saved."))
        return redirect("records:notification_settings")
    rows = [(kind, chosen.get(kind.name) or NotificationChoice(kind=kind.name)) for kind in notices.kinds()]
    context = {"form": form, "rows": rows, "company_zone": not request.user.time_zone}
    return render(request, "records/notification_settings.html", context, status=422 if form.is_bound else 200)


@csrf_exempt  # the mail provider's one click brings no cookie (RFC 8058)
@login_not_required
@require_http_methods(["GET", "POST"])
def digest_end(request: HttpRequest, token: str) -> HttpResponse:
    """End the digest: GET only asks; POST does it, also from the mail provider's one click."""
    rule = DigestRule.objects.select_related("user").filter(token=token).first()
    if rule is None:
        raise Http404
    if request.method == "POST":
        rule.choose(rhythm=DigestRule.Rhythm.NEVER)
    with translation.override(rule.user.language or translation.get_language()):
        ended: dict[str, Any] = {"ended": rule.rhythm == DigestRule.Rhythm.NEVER}
        return render(request, "records/digest_end.html", ended)
