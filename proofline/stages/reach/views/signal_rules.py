"""The rules that read needs out of behaviour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.records.access import load, require_write
from proofline.stages.reach.forms import SignalRuleForm
from proofline.stages.reach.models import SignalRule

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """All rules."""
    found = SignalRule.objects.select_related("pain", "module").order_by("name")
    context = {"rules": found, "may_write": request.user.may_write("reach")}
    return render(request, "reach/signal_rules.html", context)


@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a rule."""
    require_write(request.user, area="reach")
    existing = load(SignalRule, user=request.user, pk=pk) if pk else None
    form = SignalRuleForm(request.POST or None, instance=existing)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("reach:signal_rules")
    return render(
        request, "reach/signal_rule.html", {"form": form, "rule": existing}, status=422 if form.errors else 200
    )


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a rule; the signals that it raised stay."""
    load(SignalRule, user=request.user, write=True, pk=pk).delete()
    return redirect("reach:signal_rules")
