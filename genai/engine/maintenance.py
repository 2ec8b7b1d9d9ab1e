"""Work that changes the model, for a moment when no step runs."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field


@dataclass(eq=False, slots=True)
class MaintenanceTask:
    """`work` waits until no text of adapter `unused` is left, if that names one; `done` tells whoever asked."""

    work: Callable[[], None]
    unused: str = ""
    done: "Future[None]" = field(default_factory=Future)

    def do(self) -> None:
        """Work, and tell how it ended."""
        try:
            self.work()
        except Exception as error:  # whoever asked for it is told
            self.done.set_exception(error)
        else:
            self.done.set_result(None)
