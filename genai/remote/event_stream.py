"""The events of a streamed answer, out of bytes as servers really send them. Pure.

Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) whose data are JSON objects, and
what stands in for them: events without an empty line between them, a whole object where a stream was asked for.
"""

import codecs
import json
import re
from typing import Any

from genai.remote.errors import OddStream

_LINE_END = re.compile(r"\r\n|\n|\r")
_MOST_CHARACTERS = 8_000_000
_DONE = "[DONE]"

Event = dict[str, Any]


class EventReader:
    """Is fed bytes. `is_done` says that the server has called its answer done."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._parts: list[str] = []
        self._size = 0
        self._data: list[str] = []
        self._body: list[str] = []
        self.is_done = False

    def feed(self, data: bytes) -> list[Event]:
        """The events that are whole now. Raises OddStream for what cannot be read."""
        return self._take(self._decoder.decode(data))

    def close(self) -> list[Event]:
        """The last events: nothing need end the last line."""
        events = self._take(self._decoder.decode(b"", final=True) + "\n\n")
        if any(self._body):
            raise OddStream
        return events

    def _take(self, text: str) -> list[Event]:
        self._size += len(text)
        self._parts.append(text)
        if self._size > _MOST_CHARACTERS:
            raise OddStream
        if "\n" not in text and "\r" not in text:
            return []
        whole = "".join(self._parts)
        lines = _LINE_END.split(whole)
        rest = lines.pop()
        if whole.endswith("\r"):  # the other half of a line end may follow
            rest = f"{lines.pop()}\r"
        self._parts, self._size = [rest], len(rest) + sum(map(len, (*self._data, *self._body)))
        return [event for line in lines for event in self._line(line.removeprefix("\ufeff"))]

    def _line(self, line: str) -> list[Event]:
        field, _colon, value = line.partition(":")
        if self._body or (line.lstrip()[:1] in {"{", "["} and field != "data"):
            return self._read(self._body, line)
        if not line.strip():
            if self._data:  # the event ends here, and is none
                raise OddStream
            return []
        if field != "data" or not value.strip():
            return []  # a comment, an id, a name, a time to wait before the next try, or nothing
        if value.strip() == _DONE:
            self.is_done = True
            return []
        return self._read(self._data, value)

    def _read(self, lines: list[str], line: str) -> list[Event]:
        """What the lines are, once they are something whole."""
        lines.append(line)
        if line.rstrip()[-1:] not in {"}", "]"} and len(lines) > 1:
            return []
        try:
            found = json.loads("\n".join(lines), strict=False)
        except RecursionError as error:
            raise OddStream from error
        except ValueError:
            return []
        lines.clear()
        return [one for one in (found if isinstance(found, list) else [found]) if isinstance(one, dict)]
