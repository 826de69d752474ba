from django.db import migrations, models

SQLITE = (
    """CREATE VIRTUAL TABLE kit_searchwords USING fts5(
        words, content='kit_searchentry', content_rowid='id', tokenize="ascii tokenchars '=_'", prefix='2 3 4', detail=none, columnsize=0
    )""",
    """CREATE TRIGGER kit_searchwords_added AFTER INSERT ON kit_searchentry BEGIN
        INSERT INTO kit_searchwords(rowid, words) VALUES (new.id, new.words);
    END""",
    """CREATE TRIGGER kit_searchwords_removed AFTER DELETE ON kit_searchentry BEGIN
        INSERT INTO kit_searchwords(kit_searchwords, rowid, words) VALUES ('delete', old.id, old.words);
    END""",
    """CREATE TRIGGER kit_searchwords_changed AFTER UPDATE OF words ON kit_searchentry WHEN old.words <> new.words BEGIN
        INSERT INTO kit_searchwords(kit_searchwords, rowid, words) VALUES ('delete', old.id, old.words);
        INSERT INTO kit_searchwords(rowid, words) VALUES (new.id, new.words);
    END""",
)
POSTGRES = (
    """ALTER TABLE kit_searchentry ADD COLUMN tokens tsvector
        GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED""",
    "CREATE INDEX kit_searchwords ON kit_searchentry USING gin (tokens)",
    # With a limit PostgreSQL would rather read the table from its beginning, hoping to meet what is looked for soon.
    """CREATE FUNCTION kit_search(wanted tsquery, most bigint) RETURNS SETOF kit_searchentry
        LANGUAGE sql STABLE PARALLEL SAFE ROWS 20 SET enable_seqscan = off
        AS 'SELECT * FROM kit_searchentry WHERE tokens @@ wanted LIMIT most'""",
)


def make_index(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRES:
        schema_editor.execute(statement)


def remove_index(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for name in ("added", "removed", "changed"):
            schema_editor.execute(f"DROP TRIGGER kit_searchwords_{name}")
        schema_editor.execute("DROP TABLE kit_searchwords")
    else:
        schema_editor.execute("DROP FUNCTION kit_search")


class Migration(migrations.Migration):

    dependencies = [
        ('kit', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchFill',
            fields=[
                ('kind', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('declared', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SearchTerm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(db_index=True, max_length=40)),
                ('back', models.CharField(db_index=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32)),
                ('record', models.BigIntegerField()),
                ('title', models.CharField(max_length=250)),
                ('note', models.CharField(blank=True, max_length=250)),
                ('text', models.TextField(blank=True)),
                ('place', models.BigIntegerField()),
                ('variant', models.CharField(blank=True, max_length=32)),
                ('words', models.TextField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'record'), name='search_entry_once')],
            },
        ),
        migrations.RunPython(make_index, remove_index),
    ]
