"""How people sign in: django-allauth, without public registration. Administrators add people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.signals import password_changed
from django.dispatch import receiver

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


@receiver(password_changed)
def forget_one_time_password(sender: Any, user: User, **_kwargs: Any) -> None:
    """A password of one's own ends the one-time password."""
    del sender
    user.keep_own_password()
