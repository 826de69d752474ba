from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('enablement', '0004_steps_of_bodies'),
    ]

    operations = [
        migrations.AlterField(
            model_name='playbook',
            name='body',
            field=models.TextField(default=''),
        ),
        migrations.RemoveField(
            model_name='playbook',
            name='body',
        ),
    ]
