"""What talks put on the pages of earlier rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string

from proofline.stages.discovery.models import ErasedVoice

if TYPE_CHECKING:
    from django.http import HttpRequest

    from proofline.timeline.models import Erasure


def voices_of_erasure(request: HttpRequest, erasure: Erasure) -> str:
    """Show the recordings in which somebody who was erased may still speak, each with the choice to delete it."""
    found = ErasedVoice.objects.visible_to(request.user).filter(person=erasure.person)
    voices = list(found.select_related("recording__interview__study__account").order_by("-pk"))
    if not voices:
        return ""
    context = {"voices": voices, "may_write": request.user.may_write(ErasedVoice.write_area), "here": request.path}
    return render_to_string("discovery/interviewing/parts/voices.html", context, request=request)
