"""Private links: whoever has the address may see the page; and what a request says of its sender."""

from __future__ import annotations

import secrets
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from django.http import HttpRequest

TOKEN_BYTES = 24
TOKEN_LENGTH = 32
USER_AGENT_LENGTH = 400
IPV6_SCOPE = "%"


def new_token() -> str:
    """Return an address part that can't be guessed: 192 random bits in 32 characters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


class LinkTokenField(models.CharField):  # type: ignore[type-arg]
    """The unguessable part of a private address, made with the row and kept as it is, to be shown again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", TOKEN_LENGTH)
        kwargs.setdefault("unique", True)
        kwargs.setdefault("default", new_token)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)


def client_ip(request: HttpRequest) -> str | None:
    """Return the address that the request came from; None where it is not known.

    `X-Forwarded-For` counts only as far as the proxies in the setting TRUSTED_PROXIES (addresses or networks) wrote it:
    read from its end, the first address that is not one of them is the sender's.
    """
    trusted = [ip_network(text, strict=False) for text in settings.TRUSTED_PROXIES]
    sender = _address(request.META.get("REMOTE_ADDR", ""))
    for text in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        if sender is None or not any(sender in network for network in trusted):
            break
        sender = _address(text) or sender
    return str(sender) if sender else None


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address, with or without brackets and port."""
    text = text.strip().partition(IPV6_SCOPE)[0]
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


def user_agent(request: HttpRequest) -> str:
    """Return what the sender's program calls itself, at most 400 characters of it."""
    text = request.META.get("HTTP_USER_AGENT", "")
    return "".join(character for character in text if character.isprintable())[:USER_AGENT_LENGTH]
