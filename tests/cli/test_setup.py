"""`riff setup`, against servers of models, a hub, a Slack and a Discord on this machine."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from adapters.slack.transport.install_flow import SCOPES
from bot.cli.main import app
from bot.cli.shared import Failure
from bot.config import Settings
from bot.setup import hub_download, local_servers
from bot.setup.hub_download import DownloadError, download
from bot.setup.larger_model import LargerModelHint
from bot.setup.machine import Machine
from bot.setup.suggested_models import suggested_models
from tests.support.beside import beside
from tests.support.discord_server import DiscordServer
from tests.support.hub_server import TOKEN, Hub, hub_server
from tests.support.openai_server import Server, event, refused, serving, streamed
from tests.support.slack_server import APP_TOKEN, BOT_TOKEN, SlackServer

HELLO = (event("Hello."), event(finish="stop"))


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A person's folders, with nothing set up; what a command puts into the environment goes again."""
    before = dict(os.environ)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(local_servers, "USUAL_PORTS", {"vLLM": 9})
    yield tmp_path
    for name in os.environ.keys() - before.keys():
        del os.environ[name]


@pytest.fixture(scope="module")
def ollama() -> Iterator[Server]:
    """A server of two models."""
    with beside(serving(lambda _: streamed(*HELLO), models=("llama3.2:3b", "qwen3:4b"))) as server:
        yield server


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    """A hub with one conversion, one folder and one model behind a licence."""
    with hub_server() as server:
        conversion = b"GGUF" + bytes(range(256)) * 2000
        server.files = {
            "maker/small-GGUF": {
                "README.md": b"#",
                "small-Q8_0.gguf": b"8" * 9,
                "small-Q4_K_M.gguf": conversion,
            },
            "maker/folder": {
                "config.json": b"{}",
                "model.safetensors": b"w" * 99,
                "pytorch_model.bin": b"w" * 99,
            },
            "maker/gated": {"config.json": b"{}", "model.safetensors": b"w" * 99},
            "maker/pictures": {"README.md": b"#"},
        }
        server.gated = {"maker/gated"}
        yield server


def riff(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, arguments, input=typed)


def said(result: Result) -> str:
    """All of it in one line; of a command that failed as it should, its sentence."""
    shown = result.output + (result.exception.say if isinstance(result.exception, Failure) else "")
    return " ".join(shown.split())


def test_from_nothing_to_a_riff_that_is_ready_and_again(
    home: Path, ollama: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(ollama.url.split(":")[2].split("/")[0])
    monkeypatch.setattr(local_servers, "USUAL_PORTS", {"Ollama": port, "vLLM": 9})
    monkeypatch.setenv("RIFF_STORAGE__URL", str(home / "riff.db"))
    with beside(SlackServer()) as slack, beside(DiscordServer()) as discord:
        slack.api.scopes = [scope for scope in SCOPES if scope != "files:write"]
        discord.gateway.content_allowed = False
        monkeypatch.setenv("RIFF_SLACK__API_URL", slack.url)
        monkeypatch.setenv("RIFF_DISCORD__API_URL", discord.api_url)
        # the second of Ollama's models; a user token, then another try; a bot token
        typed = ["3", "xoxp-1", APP_TOKEN, "y", BOT_TOKEN, APP_TOKEN, discord.token]
        result = riff("setup", typed="\n".join(typed) + "\n")
    told = said(result)
    assert result.exit_code == 0, (told, result.exception)
    assert f"qwen3:4b by Ollama at {ollama.url}" in told
    assert "SLACK_BOT_TOKEN is a user token" in told
    assert "Scopes are missing: files:write" in told
    assert "Message Content Intent" in told
    assert told.endswith("`riff run` for the platforms.")
    assert BOT_TOKEN not in told
    config, secrets = home / "config/riff/config.toml", home / "config/riff/.env"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600
    assert sorted(secrets.read_text().split()) == [
        f"DISCORD_TOKEN={discord.token}",
        f"SLACK_APP_TOKEN={APP_TOKEN}",
        f"SLACK_BOT_TOKEN={BOT_TOKEN}",
    ]
    assert 'model = "qwen3:4b"' in config.read_text()

    kept = secrets.read_text()
    config.write_text(f"# Ours: ask Ops.\n[limits]\nideas = 9  # enough\n\n{config.read_text()}")
    again = riff("setup", "--yes", "--server", ollama.url, "--model", "llama3.2:3b", "--no-check")
    assert again.exit_code == 0, said(again)
    assert config.read_text().startswith("# Ours: ask Ops.\n[limits]\nideas = 9  # enough\n")
    assert 'model = "llama3.2:3b"' in config.read_text()
    assert "qwen3" not in config.read_text()
    assert secrets.read_text() == kept


def test_what_a_script_names_wrongly_is_a_sentence_and_changes_nothing(home: Path, ollama: Server) -> None:
    good = riff("setup", "--yes", "--server", ollama.url, "--model", "qwen3:4b", "--no-check")
    assert good.exit_code == 0, said(good)
    before = (home / "config/riff/config.toml").read_text()
    with beside(serving(lambda _: refused(401), listing=refused(401))) as locked:
        for arguments, words in (
            (("--server", ollama.url), "say by --model which: llama3.2:3b, qwen3:4b"),
            (("--server", "http://127.0.0.1:9/v1"), "cannot be reached"),
            (("--server", "nowhere"), "no address of a server"),
            (("--server", locked.url), "set OPENAI_API_KEY"),
            (("--model", "/no/such/model.gguf"), "There is no model at /no/such/model.gguf"),
        ):
            result = riff("setup", "--yes", "--no-check", *arguments)
            assert result.exit_code == 1
            assert words in said(result)
    assert (home / "config/riff/config.toml").read_text() == before


def test_secrets_of_a_script_go_where_compose_reads_them(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "token-of-the-bot")
    deploy = home / "deploy"
    deploy.mkdir()
    (deploy / "env.example").write_text(
        "# Choices.\nPOSTGRES_PASSWORD=\n\nDISCORD_TOKEN=\n#OPENAI_API_KEY=\n"
    )
    result = riff("setup", "--yes", "--env", str(deploy / ".env"), "--no-check")
    assert result.exit_code == 0, said(result)
    first, password, empty, token, key = (deploy / ".env").read_text().splitlines()
    assert (first, empty, token, key) == (
        "# Choices.",
        "",
        "DISCORD_TOKEN=token-of-the-bot",
        "#OPENAI_API_KEY=",
    )
    assert len(password) == len("POSTGRES_PASSWORD=") + 48


def test_a_download_that_breaks_goes_on_where_it_stopped(
    hub: Hub, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    monkeypatch.setattr("huggingface_hub.file_download.time", SimpleNamespace(sleep=lambda _: None))
    monkeypatch.setattr("huggingface_hub.constants.DOWNLOAD_CHUNK_SIZE", 10_000)  # what is in hand is lost
    hub.breaks_after, hub.ranges = 100_000, []
    result = riff("setup", "--yes", "--model", "maker/small-GGUF", "--no-check")
    assert result.exit_code == 1
    assert "run this again: it goes on where it stopped." in said(result)
    assert not (home / "config/riff/config.toml").read_text().count("small")
    hub.is_down, hub.ranges = False, []
    result = riff("setup", "--yes", "--model", "maker/small-GGUF", "--no-check")
    assert result.exit_code == 0, (said(result), result.exception)
    assert hub.ranges == ["bytes=100000-"]
    file = home / "data/riff/models/maker--small-GGUF/small-Q4_K_M.gguf"
    assert file.read_bytes() == hub.files["maker/small-GGUF"]["small-Q4_K_M.gguf"]
    assert f'model = "{file}"' in (home / "config/riff/config.toml").read_text()
    hub.ranges = []
    download("maker/small-GGUF", file.parents[1])
    assert hub.ranges == []
    file.write_bytes(b"x" * 9)
    (damaged := file.with_name(f"{file.name}.part")).write_bytes(b"x" * 1000)
    with pytest.raises(DownloadError, match="came damaged"):
        download("maker/small-GGUF", file.parents[1])
    assert not damaged.exists()


def test_what_the_hub_does_not_give_and_what_has_no_room_is_said_with_its_cure(
    hub: Hub, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.url)
    folder = download("maker/folder", tmp_path)
    assert {file.name for file in folder.iterdir()} == {"config.json", "model.safetensors"}
    for repository, words in (
        ("maker/gated", "agreed to its licence"),
        ("maker/nothing", "has no model maker/nothing"),
        ("maker/pictures", "no model that Riff can read"),
    ):
        with pytest.raises(DownloadError, match=words):
            download(repository, tmp_path)
    monkeypatch.setenv("HF_TOKEN", "hf_of_somebody_else")
    with pytest.raises(DownloadError, match="set HF_TOKEN"):
        download("maker/gated", tmp_path)
    monkeypatch.delenv("HF_TOKEN")
    typed = "\n".join(["maker/gated", TOKEN, "", "", ""])
    asked = riff("setup", "--no-check", typed=typed)
    assert "agreed to its licence" in said(asked)
    assert asked.exit_code == 0, (said(asked), asked.exception)
    assert (home / "config/riff/.env").read_text() == f"HF_TOKEN={TOKEN}\n"
    assert (download("maker/gated", tmp_path) / "model.safetensors").is_file()

    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(hub_download, "http_get", full)
        with pytest.raises(DownloadError, match="The disk is full"):
            download("maker/small-GGUF", tmp_path)
    monkeypatch.setattr(hub_download.shutil, "disk_usage", lambda _: SimpleNamespace(free=1_000))
    with pytest.raises(DownloadError, match=r"takes 0\.0 GB, and 0\.0 GB are free"):
        download("maker/small-GGUF", tmp_path)


def test_only_models_that_fit_are_offered_with_what_they_take() -> None:
    laptop = Machine(8, 8_000_000_000)
    card = Machine(8, 32_000_000_000, "Card", 24_000_000_000)
    offered = [one for one in suggested_models() if one.fits(laptop)]
    assert [one.name for one in offered] == ["Qwen/Qwen3-1.7B", "Qwen/Qwen3-4B-Instruct-2507"]
    assert all(one.on_hub(laptop).endswith("-GGUF") for one in offered)
    assert "Apache-2.0" in offered[0].told(laptop)
    on_card = [one.name for one in suggested_models() if one.fits(card)]
    assert "Qwen/Qwen3-14B" in on_card
    assert "Qwen/Qwen3-32B" not in on_card
    assert not [one for one in suggested_models() if one.fits(Machine(1, 1_000_000_000))]


async def test_a_larger_model_is_spoken_of_once(
    home: Path, monkeypatch: pytest.MonkeyPatch, ollama: Server
) -> None:
    larger = Settings(generator={"backend": "openai", "base_url": [ollama.url]})
    assert await LargerModelHint(larger).line() == ""
    assert "riff setup" in await LargerModelHint(Settings()).line()
    assert await LargerModelHint(Settings()).line() == ""
    (home / "data/riff/told-of-larger-models").unlink()
    port = int(ollama.url.split(":")[2].split("/")[0])
    monkeypatch.setattr(local_servers, "USUAL_PORTS", {"Ollama": port})
    line = await LargerModelHint(Settings()).line()
    assert f"riff setup --yes --server {ollama.url} --model llama3.2:3b" in line
    assert "\n" not in line
