"""The lines of a playbook become steps of their own."""

from django.db import migrations


def lines_to_steps(apps, _schema_editor):
    playbooks, steps = apps.get_model("enablement", "Playbook"), apps.get_model("enablement", "Step")
    for playbook in playbooks.objects.order_by("pk"):
        lines = [line.strip() for line in playbook.body.splitlines() if line.strip()]
        steps.objects.bulk_create(
            steps(playbook=playbook, position=position, text=text) for position, text in enumerate(lines, 1)
        )


def steps_to_lines(apps, _schema_editor):
    playbooks, steps = apps.get_model("enablement", "Playbook"), apps.get_model("enablement", "Step")
    playbooks.objects.exclude(removed_at=None).delete()
    for playbook in playbooks.objects.order_by("pk"):
        found = steps.objects.filter(playbook=playbook, removed_at=None).order_by("position", "pk")
        lines = [" ".join(text.split()) for text in found.values_list("text", flat=True)]
        playbooks.objects.filter(pk=playbook.pk).update(body="\n".join(lines))


class Migration(migrations.Migration):

    dependencies = [
        ('enablement', '0003_steps'),
    ]

    operations = [migrations.RunPython(lines_to_steps, steps_to_lines)]
