"""How people sign in: django-allauth, without public registration. Administrators add people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_changed
from django.conf import settings
from django.dispatch import receiver
from django.shortcuts import resolve_url

from proofline.records.signed_in import WANTED

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest

    from proofline.records.models import User


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody registers by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse registration."""
        del request
        return False

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Lead on to Today, or where one was going when a one-time password stood in the way."""
        wanted: str = request.session.pop(WANTED, "")
        return wanted or resolve_url(settings.LOGIN_REDIRECT_URL)


@receiver(password_changed)
def forget_one_time_password(sender: Any, user: User, **_kwargs: Any) -> None:
    """A password of one's own ends the one-time password."""
    del sender
    user.keep_own_password()
