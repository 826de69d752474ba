from django.urls import URLPattern, path

from proofline.enablement import kinds
from proofline.enablement.kinds import Kind
from proofline.enablement.views import playbooks, steps, ticks

app_name = "enablement"


def of_kind(kind: Kind) -> list[URLPattern]:
    """Return the addresses of the playbook of a kind of records, whatever its room."""
    here, named = f"{kind.slug}/<int:pk>/playbook/", {"kind": kind}
    return [
        path(here, ticks.of_record, named, name=f"{kind.name}_playbook"),
        path(f"{here}<int:step>/tick/", ticks.done, named, name=f"{kind.name}_done"),
        path(f"{here}<int:step>/tick/removal/", ticks.undone, named, name=f"{kind.name}_undone"),
    ]


urlpatterns = [
    *(address for kind in kinds.every() for address in of_kind(kind)),
    path("playbooks/", playbooks.playbooks, name="playbooks"),
    path("playbooks/new/", playbooks.playbook_new, name="playbook_new"),
    path("playbooks/<int:pk>/", playbooks.playbook, name="playbook"),
    path("playbooks/<int:pk>/edit/", playbooks.playbook_edit, name="playbook_edit"),
    path("playbooks/<int:pk>/removal/", playbooks.removal, name="playbook_removal"),
    path("playbooks/<int:pk>/restoration/", playbooks.restoration, name="playbook_restoration"),
    path("playbooks/<int:pk>/steps/new/", steps.step_new, name="step_new"),
    path("playbooks/steps/<int:pk>/", steps.step_edit, name="step"),
    path("playbooks/steps/<int:pk>/position/", steps.position, name="step_position"),
    path("playbooks/steps/<int:pk>/removal/", steps.removal, name="step_removal"),
    path("playbooks/steps/<int:pk>/restoration/", steps.restoration, name="step_restoration"),
]
