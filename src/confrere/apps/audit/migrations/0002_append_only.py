"""The ledger is append-only: the database itself refuses to change or delete a line."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = [
    """CREATE TRIGGER audit_ledgerentry_no_{verb} BEFORE {verb} ON audit_ledgerentry
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
]
POSTGRESQL = """
CREATE FUNCTION audit_ledger_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION 'the ledger is append-only'; END; $$ LANGUAGE plpgsql;
CREATE TRIGGER audit_ledgerentry_append_only BEFORE UPDATE OR DELETE ON audit_ledgerentry
FOR EACH ROW EXECUTE FUNCTION audit_ledger_append_only();
"""


def forwards(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Add the triggers of the engine in use."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
        return
    for verb in ("UPDATE", "DELETE"):
        schema_editor.execute(SQLITE[0].format(verb=verb))


class Migration(migrations.Migration):
    """Triggers only; no column changes."""

    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(forwards, elidable=False)]
