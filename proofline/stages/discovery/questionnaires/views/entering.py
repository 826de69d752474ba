"""Who gets through a questionnaire's link: whoever has the token, while it is open; to others is told what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from proofline.kit.links import client_ip
from proofline.kit.pacing import Pace
from proofline.stages.discovery.models import QuestionnaireLink, Reply, Version
from proofline.stages.discovery.questionnaires.content import QuestionKind
from proofline.stages.discovery.too_often import too_often
from proofline.stages.discovery.unsent import mail_body, unsent

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

GUESSING = Pace(at_once=30, an_hour=120)
"""Addresses that lead nowhere, by sender."""


class Place(NamedTuple):
    """Where a token leads: a link, with the reply if it was begun."""

    link: QuestionnaireLink
    reply: Reply | None

    @property
    def version(self) -> Version:
        """What is asked: of a reply what it began with, else the newest."""
        version = self.reply.version if self.reply else self.link.questionnaire.newest
        assert version is not None, "a link is only made to a published questionnaire"
        return version


def behind_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a view to whoever has the token, in the language of the link; a token that we never gave is not there."""

    @csrf_exempt  # who answers has no session to misuse, and the secret address is all that it needs
    @login_not_required
    @never_cache
    def opened(request: HttpRequest, token: str) -> HttpResponse:
        place = _find(token)
        if place is None:
            if wait := GUESSING.wait(client_ip(request)):
                return too_often(request, wait)
            raise Http404
        asked_for = (request.POST if request.method == "POST" else request.GET).get("language", "")
        kept = place.reply.language if place.reply else place.link.language
        language = asked_for if asked_for in place.version.content.languages else kept
        with translation.override(language):
            if place.link.state(now=timezone.now()) != "open" and not (place.reply and place.reply.is_submitted):
                return _closed(request, place)
            return view(request, place, language)

    return opened


def _closed(request: HttpRequest, place: Place) -> HttpResponse:
    kept = place.reply.values if place.reply else {}
    questions = [one for one in place.version.content.questions if one.kind in {QuestionKind.SHORT, QuestionKind.LONG}]
    texts = unsent(request, {f"q-{one.key}" for one in questions})
    texts = [text for text in texts if text not in kept.values()]
    context: dict[str, Any] = {"unsent": texts, "mail_body": mail_body(texts), "begun": place.reply is not None}
    context |= {"owner": place.link.owner, "LANGUAGE_CODE": translation.get_language()}
    return render(request, "discovery/questionnaires/link_closed.html", context, status=410)


def _find(token: str) -> Place | None:
    links = QuestionnaireLink.objects.select_related("questionnaire", "study__account", "contact", "owner", "closing")
    replies = Reply.objects.select_related(
        "version__questionnaire", "submission", "link__questionnaire", "link__owner", "link__closing", "link__study__account",
        "link__contact",
    )  # fmt: skip
    reply: Reply | None = replies.filter(token=token).first()
    if reply is not None:
        return Place(reply.link, reply)
    link: QuestionnaireLink | None = links.filter(token=token).first()
    return Place(link, None) if link is not None else None
