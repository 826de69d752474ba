import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('discovery', '0014_asking_and_visits'),
    ]

    operations = [
        migrations.CreateModel(
            name='ErasedVoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person', models.BigIntegerField(db_index=True)),
                ('recording', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='erased_voices', to='discovery.interviewfile')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('recording', 'person'), name='erased_voice_once')],
            },
        ),
    ]
