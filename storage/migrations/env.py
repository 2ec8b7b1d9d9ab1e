"""What Alembic runs for each command: the steps, on the connection that `storage.migrations` opened.

A new step is written by `alembic.command.revision(config, autogenerate=True)` with the same connection.
"""

from alembic import context

from storage.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
