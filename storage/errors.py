"""What can go wrong with the database, each error with one sentence for people.

`say` never holds a password, a statement or a stored value. A driver's error may quote stored values, so it
is not chained; what it says that is safe to log is a note of the StorageError.
"""


class StorageError(Exception):
    """The database could not do what was asked."""

    def __init__(self, say: str) -> None:
        super().__init__(say)
        self.say = say


class AddressError(StorageError):
    """The configured address is not one that Riff can use."""


class UnreachableError(StorageError):
    """No connection: the server is away, refuses the login, or the file cannot be opened."""


class SchemaTooNewError(StorageError):
    """The database was written by a newer Riff than the one running."""


class BusyError(StorageError):
    """Another user of the database held it for longer than the deadline."""


class ConflictError(StorageError):
    """A row that is pointed at is gone, or one that must be unique exists."""


class ForgottenError(StorageError):
    """The person or message was erased while it was still being worked on."""


class InvalidValueError(StorageError):
    """A value that cannot be kept: too long, unknown, or of the wrong kind."""


class SameWorkspaceError(StorageError):
    """Two accounts of one workspace are two people there, and cannot be linked."""
