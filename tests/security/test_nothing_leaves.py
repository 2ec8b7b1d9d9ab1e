"""With the settings that it comes with, Riff speaks to nobody: no hub, no statistics, no update check."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_WATCHED = """
import socket, sys

def refused(*where, **_):
    print("CALLED", where, file=sys.stderr, flush=True)
    raise OSError("nobody is spoken to")

class Socket(socket.socket):
    def connect(self, address):
        return super().connect(address) if self.family == socket.AF_UNIX else refused(address)

    def connect_ex(self, address):
        return super().connect_ex(address) if self.family == socket.AF_UNIX else refused(address)

socket.socket = Socket
socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refused
"""
_ASK = "from bot.cli import main; sys.argv = ['riff', 'ask', '/brainstorm 2 tea shops']; main()"
_CALL = "import urllib.request; urllib.request.urlopen('http://192.0.2.1')"


def watched(code: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Runs code that cannot reach anybody, and tells on standard error whom it tried to."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    environment |= {"RIFF_STORAGE__URL": f"sqlite:///{folder}/riff.db", "RIFF_GENERATOR__SEED": "1"}
    return subprocess.run(
        [sys.executable, "-c", _WATCHED + code],
        capture_output=True,
        text=True,
        timeout=240,
        env=environment,
        check=False,
    )


@pytest.mark.timeout(300)
def test_an_answer_of_the_embedded_model_calls_nobody(tmp_path: Path) -> None:
    done = watched(_ASK, tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "1." in done.stdout
    assert "CALLED" not in done.stderr


def test_a_call_would_be_seen(tmp_path: Path) -> None:
    assert "CALLED" in watched(_CALL, tmp_path).stderr
