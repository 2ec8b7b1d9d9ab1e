"""What can be wrong with a backup."""

from storage.errors import StorageError


class BackupError(StorageError):
    """The file is no backup, was changed, is encrypted with another key, or cannot be written."""
