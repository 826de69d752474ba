import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outreach', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='triggerrule',
            name='per',
            field=models.CharField(choices=[('person', 'person'), ('account', 'account')], default='person', max_length=10, verbose_name='counted per'),
        ),
        migrations.AddField(
            model_name='triggerrule',
            name='times',
            field=models.PositiveSmallIntegerField(default=1, validators=[django.core.validators.MinValueValidator(1)], verbose_name='how many times'),
        ),
        migrations.AddField(
            model_name='triggerrule',
            name='window_hours',
            field=models.PositiveSmallIntegerField(default=24, help_text='Counts only when it takes several times.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='within hours'),
        ),
        migrations.AlterField(
            model_name='triggerrule',
            name='operator',
            field=models.CharField(choices=[('is', 'is'), ('contains', 'contains'), ('more', 'is more than'), ('less', 'is less than'), ('any', 'is anything')], default='contains', max_length=10, verbose_name='comparison'),
        ),
    ]
