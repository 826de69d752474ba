"""Mail leaves here, outside of requests."""

from __future__ import annotations

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from proofline.kit.jobs import job
from proofline.outreach.models import Message, OptOut
from proofline.records.models import Workspace


@job
def send_message(*, message_id: int) -> None:
    """Send one message; a second run of the job sends nothing, an error is noted and tried again.

    Raises:
        OSError, SMTPException: the mail server could not be reached or refused.
    """
    message = Message.objects.select_related("contact", "unsubscribe").get(pk=message_id)
    if hasattr(message, "dispatch") or OptOut.objects.filter(contact=message.contact).exists():
        return
    try:
        compose(message).send()
    except (OSError, smtplib.SMTPException) as error:
        message.note_failed(now=timezone.now(), error=str(error))
        raise
    message.note_sent(now=timezone.now())


def compose(message: Message) -> EmailMessage:
    """Return the mail with the way out that RFC 8058 asks for, in its headers and at its foot."""
    way_out = settings.PUBLIC_URL + reverse("outreach:unsubscribe", args=[message.unsubscribe.token])
    with translation.override(message.language):
        foot = _("No more mail from %(company)s: %(url)s") % {"company": Workspace.current().name, "url": way_out}
    return EmailMessage(
        subject=message.subject,
        body=f"{message.body.rstrip()}\n\n-- \n{foot}\n",
        to=[message.to],
        headers={
            "List-Unsubscribe": f"<{way_out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Message-ID": f"<message-{message.pk}@{settings.PUBLIC_URL.partition('://')[2].partition(':')[0]}>",
        },
    )
