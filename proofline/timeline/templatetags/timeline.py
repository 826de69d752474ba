"""`{% feed account=account.pk %}`: the feed as a part of any page. `timeline/feed.html` shows it for the page's own record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from proofline.timeline import feed as feeds
from proofline.timeline.scope import Scope

if TYPE_CHECKING:
    from django.http import HttpRequest

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


@register.simple_tag(takes_context=True)
def feed_here(context: template.Context) -> SafeString:
    """Show the feed of the page's `contact`, else of its `account`."""
    contact, account = context.get("contact"), context.get("account")
    if contact is not None:
        return rendered(context["request"], Scope(contact=contact.pk))
    return rendered(context["request"], Scope(account=account.pk)) if account is not None else SafeString("")


@register.simple_tag(takes_context=True)
def feed_later(context: template.Context, account: int) -> SafeString:
    """Keep a place for the feed of an account that the user may see: it comes when the page stands."""
    return render_to_string("timeline/feed_later.html", {"account": account}, request=context["request"])


def rendered(request: HttpRequest, scope: Scope) -> SafeString:
    """Return a feed as HTML."""
    shown = feeds.page(scope, user=request.user.pk)
    context: dict[str, Any] = {"feed": shown}
    return render_to_string("timeline/feed_list.html", context, request=request)
