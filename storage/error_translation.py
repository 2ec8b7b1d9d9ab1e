"""Turns the errors of SQLAlchemy and the drivers into StorageErrors; decides nothing else."""

from sqlalchemy.exc import IntegrityError, InternalError, OperationalError, ProgrammingError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.address import Address
from storage.errors import BusyError, ConflictError, StorageError, UnreachableError

_SQLITE = (
    ("locked", BusyError, "The database {at} is in use by another program for too long; try again."),
    ("disk is full", StorageError, "The disk that holds the database {at} is full; free some space."),
    (
        "readonly",
        UnreachableError,
        "The database {at} may not be written; check the permissions of its folder.",
    ),
    (
        "unable to open",
        UnreachableError,
        "The database {at} cannot be opened; check the permissions of its folder.",
    ),
    (
        "not a database",
        UnreachableError,
        "The file {at} is not a SQLite database; choose another file for Riff.",
    ),
    ("malformed", StorageError, "The database {at} is damaged; restore it from a backup."),
    ("disk i/o", StorageError, "The disk that holds the database {at} failed while it was used."),
)
_POSTGRES = (
    ("authentication failed", UnreachableError, "The database {at} refuses the user name or password."),
    (
        "no password supplied",
        UnreachableError,
        "The database {at} asks for a password and none is configured.",
    ),
    ("no pg_hba.conf entry", UnreachableError, "The database {at} does not let this user or host in."),
    ("role ", UnreachableError, "The database {at} does not know the configured user."),
    (
        "permission denied",
        StorageError,
        "The user of the database {at} may not do this; grant it the schema.",
    ),
    (
        "read-only transaction",
        UnreachableError,
        "The database {at} may not be written now: its server lets it be read only.",
    ),
    ("lock timeout", BusyError, "The database {at} is in use by another program for too long; try again."),
    (
        "deadlock",
        BusyError,
        "The database {at} was busy with something that this got in the way of; try again.",
    ),
    ("statement timeout", BusyError, "The database {at} took too long; try again."),
    (
        "too many clients",
        BusyError,
        "The database {at} has no free connection; try again or lower pool_size.",
    ),
    ("no space left", StorageError, "The disk of the database {at} is full; free some space."),
    ("does not exist", UnreachableError, "The server has no database {at}; create it first."),
)
_QUOTES_NAMES_ONLY = (OperationalError, IntegrityError, ProgrammingError, InternalError)
_AWAY = "The database {at} cannot be reached; check its address and that the server is running."


def translate(error: Exception, address: Address) -> StorageError:
    """The error in Riff's words, to be raised `from None`: the driver's own may quote stored values.

    (DETAIL in https://www.postgresql.org/docs/current/error-style-guide.html)
    """
    translated = _in_our_words(error, address)
    translated.add_note(_for_the_log(error))
    return translated


def _for_the_log(error: Exception) -> str:
    """Kind and first line of the driver's error; only the kind where the first line may quote a value."""
    original = getattr(error, "orig", None) or error
    code = getattr(original, "sqlstate", None) or getattr(original, "sqlite_errorname", None) or ""
    quotes_values = isinstance(error, StatementError) and not isinstance(error, _QUOTES_NAMES_ONLY)
    first_line = "" if quotes_values else next(iter(str(original).splitlines()), "")
    return " ".join(filter(None, (type(original).__name__, code, first_line)))


def _in_our_words(error: Exception, address: Address) -> StorageError:
    if isinstance(error, TimeoutError | PoolTimeout):
        return BusyError(f"The database {address.shown} took too long; try again.")
    if isinstance(error, IntegrityError):
        return ConflictError("What this belongs to is no longer in the database, or it is there already.")
    # The driver's own words: with the statement, as SQLAlchemy gives them, the name of a column might decide.
    text = str(getattr(error, "orig", None) or error).lower()
    for part, kind, say in _POSTGRES if address.path is None else _SQLITE:
        if part in text:
            return kind(say.format(at=address.shown))
    if address.path is None and _is_connection_failure(text):
        return UnreachableError(_AWAY.format(at=address.shown))
    return StorageError(f"The database {address.shown} could not do what Riff asked of it.")


def _is_connection_failure(text: str) -> bool:
    return any(
        part in text for part in ("connection", "could not translate host", "resolve host", "server closed")
    )
