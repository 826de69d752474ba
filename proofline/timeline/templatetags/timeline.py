"""`{% feed account=account.pk %}`: the feed as a part of any page; `{% feed_later contact=contact.pk %}` when the page stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.template.loader import render_to_string

from proofline.timeline import feed as feeds
from proofline.timeline.scope import Scope

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def feed(
    context: template.Context,
    *,
    account: int | None = None,
    contact: int | None = None,
    person: int | None = None,
    subject: tuple[str, int] | None = None,
) -> SafeString:
    """Show the feed of an account, a contact, a person or a record that the user may see; its further pages are open to the same user."""
    return rendered(context["request"], Scope(account, contact, subject, person=person))


@register.inclusion_tag("timeline/feed_later.html")
def feed_later(*, account: int | None = None, contact: int | None = None) -> dict[str, Any]:
    """Keep a place for the feed of an account or a contact that the user may see: it comes when the page stands."""
    return {"of": f"account={account}" if account is not None else f"contact={contact}"}


def rendered(request: HttpRequest, scope: Scope) -> SafeString:
    """Return a feed as HTML."""
    shown = feeds.page(scope, user=request.user.pk)
    context: dict[str, Any] = {"feed": shown}
    return render_to_string("timeline/feed_list.html", context, request=request)
