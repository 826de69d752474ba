"""Showing projected events to the reactions, each of which acts once per event."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import msgspec
from django.db import transaction
from django.utils import timezone

from proofline.timeline import reactions
from proofline.timeline.events import Event
from proofline.timeline.models import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from proofline.timeline.reactions import Reaction

log = logging.getLogger(__name__)
_decoder = msgspec.json.Decoder(Event)


def hear(events: Iterable[Event]) -> None:
    """Let every reaction act that an event asks for; one that raises is kept and hinders nobody."""
    if not reactions.listening():
        return
    for event in events:
        for reaction in reactions.to(event):
            _act(reaction, event)


def retry(*, now: datetime, most: int = 100) -> int:
    """Try failed reactions again whose time has come; return how many were tried."""
    due = list(Effect.objects.due(now=now)[:most])
    for effect in due:
        reaction = reactions.named(effect.reaction)
        event = _decoder.decode(bytes(effect.event))
        if reaction is None:
            text = "No reaction has this name any more"
            Effect.failed(effect.key, reaction=effect.reaction, event=b"", error=text, now=now)
        else:
            _act(reaction, event)
    return len(due)


def _act(reaction: Reaction, event: Event) -> None:
    key = f"{reaction.key}:{event.id}"
    try:
        with transaction.atomic():
            done = reaction.function(event)
            if done is not None and not done:
                Effect.settle(key, now=timezone.now())
            elif not Effect.claim(key, reaction=reaction.key, now=timezone.now()):
                transaction.set_rollback(True)  # it had come about before: take back what was done again
    except Exception as error:  # whatever a reaction raises is its own; the next one must act all the same
        log.exception("The reaction %s to %s %s failed", reaction.key, event.name, event.id)
        packed = msgspec.json.encode(event)
        Effect.failed(key, reaction=reaction.key, event=packed, error=repr(error), now=timezone.now())
