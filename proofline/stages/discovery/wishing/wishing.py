"""Switching an add-on, and taking what the customer wished into a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from proofline.records.models import Notification
from proofline.stages.discovery.configuring.keeping import keep
from proofline.stages.discovery.conversing.speaking import name_faults
from proofline.stages.discovery.models import OfferedAddOn, Proposal, Wish, WishTaking
from proofline.stages.discovery.wishing.choosing import offer_with, selection_of

if TYPE_CHECKING:
    from datetime import datetime

    from proofline.records.models import User
    from proofline.stages.discovery.admitting.visitors import Visitor


def wish(proposal: Proposal, *, module: int, is_on: bool, who: Visitor, now: datetime) -> Wish | None:
    """Note that the customer switched an add-on; None where it stands so already. Its owner is told.

    Raises:
        ForbiddenChoiceError: a rule of the catalogue forbids it with the rest of what is chosen; the text says which.
        ValidationError: it is not offered, or it is not known who switches it.
    """
    if faults := name_faults(who):
        raise ValidationError(faults)
    selection = selection_of(proposal)
    chosen = next((one for one in selection.add_ons if one.module.pk == module), None) if selection else None
    if selection is None or chosen is None:
        raise ValidationError(_("This add-on is not offered here any more."))
    if chosen.is_on == is_on:
        return None
    switched = {one.module.pk: one.is_on for one in selection.changed if one is not chosen}
    offer_with(selection.configuration, switched | ({module: is_on} if is_on != chosen.was_on else {}))
    with transaction.atomic():
        made = Wish.objects.create(
            proposal=proposal, module=chosen.module, is_on=is_on, name=who.name, contact=who.contact, at=now
        )
        proposal.study.tell(
            "proposal.add_on_added" if is_on else "proposal.add_on_dropped",
            by=None,
            at=now,
            subject=("proposal", proposal.pk),
            contact=who.contact.pk if who.contact else None,
            key=f"proposal.wish:{made.pk}",
            proposal=proposal.title,
            proposal_id=proposal.pk,
            add_on=chosen.module.name,
            who=made.name,
        )
        Notification.objects.tell(
            user=proposal.study.owner,
            kind="proposal_wish",
            key=f"proposal.wish:{made.pk}",
            now=now,
            subject=("study", proposal.study_id),
            title=proposal.title,
            url=f"{proposal.get_absolute_url()}#add-ons",
            who=made.name,
            add_on=chosen.module.name,
        )
    return made


def take_wishes(proposal: Proposal, *, by: User | None, now: datetime) -> WishTaking:
    """Keep what the customer wished as the study's next configuration, which the proposal then offers.

    Raises:
        ForbiddenChoiceError: the catalogue forbids it by now.
        ValidationError: there is nothing to take.
    """
    with transaction.atomic():
        held = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
        selection = selection_of(held)
        if selection is None or not selection.changed:
            raise ValidationError(_("The customer wished nothing that is not in the configuration."))
        found, ask, catalogue = offer_with(
            selection.configuration, {one.module.pk: one.is_on for one in selection.changed}
        )
        kept = keep(held.study, found, ask, catalogue, by=by, now=now)
        held.adopt(kept, now=now)
        for one in selection.changed:
            if not one.is_on:  # they may want it back
                OfferedAddOn.objects.get_or_create(proposal=held, module=one.module)
        taking = WishTaking.objects.create(proposal=held, configuration=kept, by=by, at=now)
        held.study.tell(
            "proposal.wishes_taken",
            by=by,
            at=now,
            subject=("proposal", held.pk),
            key=f"proposal.wishes_taken:{taking.pk}",
            proposal=held.title,
            proposal_id=held.pk,
            add_ons=", ".join(one.module.name for one in selection.changed),
            version=kept.version,
        )
    return taking
