"""Running migrations, and writing the next one, without an alembic.ini: a wheel carries all."""

from __future__ import annotations

import sys
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from service.errors import StoreTooNew

FOLDER = Path(__file__).parent / "migrations"


def config(connection: sa.Connection | None = None) -> Config:
    """Alembic's configuration for our folder, on an open connection."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    made.attributes["connection"] = connection
    return made


def upgrade(connection: sa.Connection, revision: str = "head") -> None:
    """Apply every step up to `revision` inside the connection's transaction.

    Raises:
        StoreTooNew: the store has a revision that this version does not know.
    """
    made = config(connection)
    script = ScriptDirectory.from_config(made)
    known = {step.revision for step in script.walk_revisions()}
    if sa.inspect(connection).has_table("alembic_version"):
        found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
        if found is not None and found not in known:
            raise StoreTooNew(str(found), str(script.get_current_head()))
    command.upgrade(made, revision)


def write(message: str) -> Path:
    """A new step from the difference between the migrated schema and `tables.py`."""
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        upgrade(connection)
        made = config(connection)
        number = len(list(ScriptDirectory.from_config(made).walk_revisions())) + 1
        script = command.revision(made, message, autogenerate=True, rev_id=f"{number:04}")
    assert script is not None
    assert not isinstance(script, list)
    return Path(script.path)


if __name__ == "__main__":
    sys.stdout.write(f"{write(' '.join(sys.argv[1:]))}\n")
