"""What a digest says: written in the person's language and time zone, of what they may still see."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proofline.records.models import DigestRule, Workspace
from proofline.records.models.notifications import shown

if TYPE_CHECKING:
    from proofline.records.models import Digest

MOST = 50
"""So many notifications a digest tells; of the others it says how many there are."""


def compose(digest: Digest) -> tuple[EmailMultiAlternatives | None, list[int]]:
    """Return the mail, None when there is nothing to say, and the notifications that it stands for."""
    user, workspace = digest.user, Workspace.current()
    with (
        translation.override(user.language or settings.LANGUAGE_CODE),
        timezone.override(user.time_zone or workspace.time_zone),
    ):
        found = list(digest.notifications)
        said = [row.pk for row in found]
        lines = [line for line in shown(found[:MOST], user=user) if not line.withheld]
        if not lines:
            return None, said
        rule = DigestRule.objects.get_or_create(user=user)[0]
        count = len(found)
        subject = ngettext("%(count)d thing for you at %(company)s", "%(count)d things for you at %(company)s", count)
        subject %= {"count": count, "company": workspace.name}
        context = _context(digest, workspace, lines=lines, more=count - len(lines), token=rule.token, subject=subject)
        mail = EmailMultiAlternatives(
            subject=" ".join(subject.split()),
            body=render_to_string("records/mail/digest.txt", context),
            to=[user.email or ""],
            headers={
                "List-Unsubscribe": f"<{context['way_out']}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Message-ID": f"<digest-{digest.pk}@{_host()}>",
                "Auto-Submitted": "auto-generated",
            },
        )
        mail.attach_alternative(render_to_string("records/mail/digest.html", context), "text/html")
    return mail, said


def _context(
    digest: Digest, workspace: Workspace, *, lines: list[Any], more: int, token: str, subject: str
) -> dict[str, Any]:
    base = settings.PUBLIC_URL
    return {
        "subject": subject,
        "hello": _("Hello %(name)s,") % {"name": digest.user.name},
        "lines": [
            (line, base + reverse("records:notification", args=[line.notification.pk]) if line.url else "")
            for line in lines
        ],
        "more": more,
        "all": base + reverse("records:notifications"),
        "settings": base + reverse("records:notification_settings"),
        "way_out": base + reverse("records:digest_end", args=[token]),
        "workspace": workspace,
        "language": translation.get_language(),
    }


def _host() -> str:
    return settings.PUBLIC_URL.partition("://")[2].partition("/")[0].partition(":")[0]
