from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('timeline', '0002_ingest_and_erasure'),
    ]

    operations = [
        migrations.CreateModel(
            name='Firing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule_key', models.CharField(max_length=100)),
                ('subject_kind', models.CharField(max_length=10)),
                ('subject_id', models.BigIntegerField()),
                ('turn', models.PositiveIntegerField()),
                ('at', models.DateTimeField()),
                ('event_id', models.CharField(max_length=32)),
                ('fired_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['subject_kind', 'subject_id'], name='firing_subject')],
                'constraints': [models.UniqueConstraint(fields=('rule_key', 'subject_kind', 'subject_id', 'turn'), name='firing_once_a_turn')],
            },
        ),
    ]
