"""The facts that this room records on the timeline."""

from django.utils.translation import gettext_noop as _

from proofline.records.models.changing import field_names
from proofline.timeline import catalogue


def declare() -> None:
    """Declare the room's facts."""
    catalogue.declare("account.created", sentence=_("added the account {name}"))
    catalogue.declare(
        "account.changed", sentence=_("changed {fields} of {name}"), words={"fields": field_names("records.Account")}
    )
    catalogue.declare("contact.created", sentence=_("added the contact {name}"))
    catalogue.declare(
        "contact.changed", sentence=_("changed {fields} of {name}"), words={"fields": field_names("records.Contact")}
    )
    catalogue.declare("task.changed", sentence=_("changed the task “{title}”"))
    for kind in ("account", "contact"):
        catalogue.declare(f"{kind}.merged", sentence=_("merged {gone} into {name}"))
        catalogue.declare(f"{kind}.unmerged", sentence=_("parted {gone} from {name} again"))
    catalogue.declare("task.done", sentence=_("finished the task “{title}”"))
    catalogue.declare("competitor.checked", sentence=_("checked the battle card of {competitor}"))
    catalogue.declare("note.written", sentence=_("wrote a note about {name}"))
    catalogue.declare("mention.made", sentence=_("mentioned somebody in a note about {name}"))
    catalogue.declare("file.attached", sentence=_("attached a file to {name}"))
    catalogue.declare("record.removed", sentence=_("removed {name}"))
    catalogue.declare("record.restored", sentence=_("put {name} back"))
    catalogue.declare("segment.joined", sentence=_("put {name} into the segment “{segment}”"))
    catalogue.declare("segment.left", sentence=_("took {name} out of the segment “{segment}”"))
