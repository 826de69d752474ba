from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0019_second_colour'),
    ]

    operations = [
        migrations.AddField(
            model_name='module',
            name='name_zh',
            field=models.CharField(blank=True, max_length=200, verbose_name='name in Chinese'),
        ),
        migrations.AddField(
            model_name='pain',
            name='name_zh',
            field=models.CharField(blank=True, max_length=200, verbose_name='name in Chinese'),
        ),
        migrations.AddField(
            model_name='product',
            name='name_zh',
            field=models.CharField(blank=True, max_length=200, verbose_name='name in Chinese'),
        ),
        migrations.AddField(
            model_name='servicepack',
            name='name_zh',
            field=models.CharField(blank=True, max_length=200, verbose_name='name in Chinese'),
        ),
        migrations.AddField(
            model_name='tier',
            name='name_zh',
            field=models.CharField(blank=True, max_length=200, verbose_name='name in Chinese'),
        ),
        migrations.AddField(
            model_name='valuemetric',
            name='name_zh',
            field=models.CharField(blank=True, max_length=200, verbose_name='name in Chinese'),
        ),
    ]
