import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, _editor):
    """What was kept until now is tried again with its whole batch: what of it is in the store already stays as it is."""
    Quarantined = apps.get_model("timeline", "Quarantined")
    Batch = apps.get_model("timeline", "Batch")
    own = Batch.objects.filter(pk=OuterRef("batch_id"))
    Quarantined.objects.update(
        kind=Subquery(own.values("kind")[:1]),
        source_id=Subquery(own.values("source_id")[:1]),
        received_at=Subquery(own.values("received_at")[:1]),
        reason=models.functions.Left("error", 160),
    )


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0003_watching'),
    ]

    operations = [
        migrations.AlterField(
            model_name='batch',
            name='kind',
            field=models.CharField(choices=[('tracking', 'Tracking'), ('facts', 'Facts'), ('history', 'History'), ('replay', 'Replay')], max_length=10),
        ),
        migrations.AlterField(
            model_name='quarantined',
            name='batch',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='quarantined', to='timeline.batch'),
        ),
        migrations.AddField(
            model_name='quarantined',
            name='kind',
            field=models.CharField(choices=[('tracking', 'Tracking'), ('facts', 'Facts'), ('history', 'History'), ('replay', 'Replay')], default='tracking', max_length=10),
        ),
        migrations.AddField(
            model_name='quarantined',
            name='source',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='timeline.source'),
        ),
        migrations.AddField(
            model_name='quarantined',
            name='received_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='quarantined',
            name='event_id',
            field=models.CharField(blank=True, default='', max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='quarantined',
            name='reason',
            field=models.CharField(default='', max_length=160),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='quarantined',
            name='envelope',
            field=models.BinaryField(default=b'{}'),
        ),
        migrations.AddField(
            model_name='quarantined',
            name='left_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='quarantined',
            name='left_by',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='quarantined',
            name='outcome',
            field=models.CharField(blank=True, choices=[('replayed', 'Replayed'), ('discarded', 'Discarded')], default='', max_length=10),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='quarantined',
            name='received_at',
            field=models.DateTimeField(),
        ),
        migrations.AddIndex(
            model_name='quarantined',
            index=models.Index(condition=models.Q(('left_at', None)), fields=['id'], name='quarantined_held'),
        ),
        migrations.AddIndex(
            model_name='quarantined',
            index=models.Index(condition=models.Q(('left_at', None)), fields=['reason', 'source', 'id'], name='quarantined_reason'),
        ),
    ]
