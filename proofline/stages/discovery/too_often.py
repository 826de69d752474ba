"""The answer to somebody behind a link who asks too often (`kit.pacing`)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django.shortcuts import render

from proofline.stages.discovery.unsent import unsent

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def too_often(request: HttpRequest, seconds: float) -> HttpResponse:
    """Ask for patience, in the language of the page; what was typed is shown again."""
    context = {"minutes": math.ceil(seconds / 60), "unsent": unsent(request)}
    answer = render(request, "discovery/too_often.html", context, status=429)
    answer["Retry-After"] = str(math.ceil(seconds))
    return answer
