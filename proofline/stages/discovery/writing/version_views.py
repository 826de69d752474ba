"""What was sent: the versions of a proposal, each as the customer saw it, and how two of them differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from proofline.records.access import load
from proofline.stages.discovery.models import Proposal
from proofline.stages.discovery.writing.versions import differences, versions_of

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_GET
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """List the versions; with `?old=1&new=3` how two differ, else how the last two do."""
    proposal: Proposal = load(Proposal.objects.select_related("study"), user=request.user, pk=pk)
    found = versions_of(proposal)
    by_number = {str(number): sending for number, sending in found}
    numbers = list(by_number)
    asked = [request.GET.get(name, "") for name in ("old", "new")]
    new = asked[1] if asked[1] in by_number else next(iter(numbers), "")
    old = asked[0] if asked[0] in by_number else next(iter(numbers[numbers.index(new) + 1 :] if new else ()), "")
    pair = by_number.get(old), by_number.get(new)
    context = {
        "proposal": proposal,
        "versions": found,
        "old": old,
        "new": new,
        "changes": differences(pair[0].snapshot, pair[1].snapshot) if pair[0] and pair[1] else None,
    }
    return render(request, "discovery/writing/versions.html", context)


@require_GET
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show a version as the customer saw it."""
    proposal: Proposal = load(Proposal.objects.select_related("study"), user=request.user, pk=pk)
    sending = dict(versions_of(proposal)).get(number)
    if sending is None:
        raise Http404
    html = mark_safe(sending.snapshot["html"])  # noqa: S308 - a page of ours, as it was rendered
    context = {"proposal": proposal, "sending": sending, "number": number, "html": html}
    return render(request, "discovery/writing/version.html", context)
