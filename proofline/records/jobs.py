"""What the room does outside of requests."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from proofline.kit.jobs import job
from proofline.records import about, matching
from proofline.records.digesting import compose
from proofline.records.models import CustomField, Digest, Notification, Scan, Task
from proofline.records.models.tasks import REMOVED_KEPT

NOTIFICATIONS_KEPT = timedelta(days=180)


@job
def prepare_digests() -> None:
    """Prepare the digests that are due, and have each sent."""
    with transaction.atomic():
        for digest in Digest.objects.due(now=timezone.now()):
            send_digest.enqueue(digest_id=digest.pk)


@job
def send_digest(*, digest_id: int) -> None:
    """Send one digest; a second run sends nothing, and nothing is sent when there is nothing to say.

    Raises:
        OSError, SMTPException: the mail server could not be reached or refused.
    """
    digest = Digest.objects.select_related("user").get(pk=digest_id)
    if digest.sent_at or not digest.user.is_active or not digest.user.email:
        return
    mail, said = compose(digest)
    if mail:
        mail.send()
    digest.note_sent(now=timezone.now(), said=said)


@job
def forget_notifications() -> None:
    """Remove the notifications of more than half a year ago."""
    Notification.objects.all().forget(now=timezone.now(), after=NOTIFICATIONS_KEPT)


@job
def sweep() -> None:
    """Delete for good what was removed, and what belongs to records that are gone."""
    about.sweep(now=timezone.now())


@job
def match_new() -> None:
    """Look for others that may be the same as what was added or changed."""
    matching.match_new()


@job
def scan(*, scan: int) -> None:
    """Look through all records for those that may be the same."""
    found = Scan.objects.get(pk=scan)
    if found.done_at is None:
        matching.scan(found)


@job
def remind() -> None:
    """Tell people of their tasks' times."""
    Task.objects.remind(now=timezone.now())


@job
def forget_tasks() -> None:
    """Let go for good the tasks that were removed long ago."""
    Task.everything.filter(removed_at__lt=timezone.now() - REMOVED_KEPT).delete()


@job
def index_custom_field(*, field_id: int) -> None:
    """Give a custom field in use its index, take it from a retired one."""
    CustomField.objects.get(pk=field_id).keep_index(now=timezone.now())
