"""Each DeidentificationRecord is kept once; instances point to theirs."""

import hashlib
import json

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def keep_once(apps: StateApps, _schema_editor: BaseDatabaseSchemaEditor) -> None:
    Instance = apps.get_model("clearance", "InstanceClearance")
    Record = apps.get_model("clearance", "DeidentificationRecord")
    for instance in Instance.objects.exclude(record_text={}).iterator():
        text = json.dumps(instance.record_text, sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(text.encode()).hexdigest()
        Record.objects.get_or_create(digest=digest, defaults={"content": instance.record_text})
        Instance.objects.filter(pk=instance.pk).update(record_id=digest)


class Migration(migrations.Migration):

    dependencies = [("clearance", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="DeidentificationRecord",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("content", models.JSONField()),
            ],
        ),
        migrations.RenameField("instanceclearance", "record", "record_text"),
        migrations.AddField(
            model_name="instanceclearance",
            name="record",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="instances",
                to="clearance.deidentificationrecord",
            ),
        ),
        migrations.RunPython(keep_once, migrations.RunPython.noop),
        migrations.RemoveField("instanceclearance", "record_text"),
    ]
