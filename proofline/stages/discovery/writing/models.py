"""Pictures of proposals: kept apart from the blocks, which name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from proofline.kit.documents import DocumentError, check_image
from proofline.records.access import Visible, VisibleQuerySet
from proofline.records.models import User
from proofline.records.models.files import MEGABYTE, secret_name
from proofline.stages.discovery.models.proposals import Proposal

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile

FOLDER = "proposals"
LARGEST_MB = 5
TYPES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def secret_place(_image: ProposalImage, _name: str) -> str:
    """Return where a picture is kept; the name says nothing about it."""
    return secret_name(FOLDER)


class ProposalImageQuerySet(VisibleQuerySet):
    """Pictures of proposals."""

    def attach(self, proposal: Proposal, upload: UploadedFile[Any], *, by: User | None, now: datetime) -> ProposalImage:
        """Keep a picture.

        Raises:
            ValidationError: it is too large, or no picture that a page and a document can show.
        """
        if (upload.size or 0) > LARGEST_MB * MEGABYTE:
            raise ValidationError({"image": _("The picture is larger than %(limit)s MB.") % {"limit": LARGEST_MB}})
        content = upload.read()
        upload.seek(0)
        kind = next((kind for begin, kind in TYPES.items() if content.startswith(begin)), "")
        try:
            check_image(content if kind else b"")
        except DocumentError as error:
            raise ValidationError({"image": _("This is no PNG or JPEG picture, or a damaged one.")}) from error
        image: ProposalImage = self.create(proposal=proposal, type=kind, file=upload, by=by, at=now)
        return image


class ProposalImage(Visible):
    """A picture in a proposal."""

    write_area = "discovery"
    owner_paths = ("proposal__study__owner", "proposal__study__account__owner")

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="images")
    type = models.CharField(max_length=20)
    file = models.FileField(upload_to=secret_place, max_length=120)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    objects = ProposalImageQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.proposal}: {self.pk}"

    def read(self) -> bytes:
        """Return its bytes."""
        with self.file.open("rb") as file:
            content: bytes = file.read()
        return content
