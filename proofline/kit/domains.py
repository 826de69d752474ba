"""Websites by their bare domain."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator
from django.utils.translation import gettext as _

_check = DomainNameValidator()


def bare_domain(text: str) -> str:
    """Return the bare domain of a website's address: `https://www.Example.com:8080/about` is example.com; "" for no text.

    Raises:
        ValidationError: it is no domain.
    """
    written = text.strip().casefold()
    written = written.partition("://")[2] or written
    host = written.partition("/")[0].partition("?")[0].partition("#")[0].rpartition("@")[2].partition(":")[0]
    found = host.removeprefix("www.").removesuffix(".")
    if not written:
        return ""
    try:
        _check(found)
    except ValidationError:
        raise ValidationError(_("Give the domain of a website, such as example.com."), code="domain") from None
    return found
