"""The database itself refuses to rewrite the audit log.

SQLite loses the trigger when a later migration rebuilds the table: such a migration creates it anew.
There deletion stays possible, since that is how test databases are emptied; a cut is noticed by the chain.
"""

from django.db import migrations

TEXT = "audit entries are never changed"

CREATE = {
    "sqlite": [
        "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON accounts_auditentry"
        f" BEGIN SELECT RAISE(ABORT, '{TEXT}'); END",
    ],
    "postgresql": [
        "CREATE FUNCTION refuse_audit_entry_change() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN RAISE EXCEPTION '{TEXT}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON accounts_auditentry"
        " FOR EACH ROW EXECUTE FUNCTION refuse_audit_entry_change()",
    ],
}
DROP = {
    "sqlite": ["DROP TRIGGER audit_entry_no_update"],
    "postgresql": [
        "DROP TRIGGER audit_entry_no_change ON accounts_auditentry",
        "DROP FUNCTION refuse_audit_entry_change",
    ],
}


def create(apps, schema_editor):
    for statement in CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    for statement in DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_invitation_seed")]

    operations = [migrations.RunPython(create, drop)]
