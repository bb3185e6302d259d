from uuid import uuid4

from django.db import migrations, models


def fill(apps, schema_editor):
    for organization in apps.get_model("accounts", "Organization").objects.filter(uuid=None):
        organization.uuid = uuid4()
        organization.save(update_fields=["uuid"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_personal_exports")]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="uuid",
            field=models.UUIDField(null=True, editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="organization",
            name="uuid",
            field=models.UUIDField(default=uuid4, unique=True, editable=False),
        ),
    ]
