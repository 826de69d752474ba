"""The rules of the score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from proofline.kit.components import toast
from proofline.records.access import load, require_write
from proofline.stages.reach.forms import ScoreRuleForm
from proofline.stages.reach.jobs import rescore_waiting
from proofline.stages.reach.models import GRADES, ScoreRule

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    """All rules, the weightiest first."""
    found = sorted(ScoreRule.objects.all(), key=lambda rule: -abs(rule.points))
    context = {"rules": found, "grades": GRADES, "may_write": request.user.may_write("reach")}
    return render(request, "reach/score_rules.html", context)


@require_http_methods(["GET", "POST"])
def rule(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a rule; waiting leads are scored again."""
    require_write(request.user, area="reach")
    existing = load(ScoreRule, user=request.user, pk=pk) if pk else None
    form = ScoreRuleForm(request.POST or None, instance=existing)
    if request.method == "POST" and form.is_valid():
        form.save()
        rescore_waiting.enqueue()
        toast(request, _("Saved. Waiting leads are scored again in the background."))
        return redirect("reach:score_rules")
    context = {"form": form, "rule": existing}
    return render(request, "reach/score_rule.html", context, status=422 if form.errors else 200)


@require_POST
def removal(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a rule."""
    load(ScoreRule, user=request.user, write=True, pk=pk).delete()
    rescore_waiting.enqueue()
    return redirect("reach:score_rules")
