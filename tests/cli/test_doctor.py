"""`riff doctor`: what is wrong is named with its cure, and nothing is changed by looking."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import create_engine, text

from bot.config import Settings
from bot.startup_checks import Check, Level
from bot.startup_checks.machine_checks import check_clock, check_disk, check_settings
from bot.startup_checks.model_checks import check_model
from bot.startup_checks.storage_checks import check_database, check_retention
from genai.errors import ModelMissing
from storage import migrations
from storage.address import parse_address
from storage.errors import SchemaTooNewError
from storage.settings import StorageSettings
from tests.support.openai_server import event, refused, serving, streamed

STEPS = len(list(Path(migrations.__file__).parent.glob("versions/r*.py")))


def by_name(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


async def test_steps_that_are_to_come_are_counted_and_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "riff.db"
    storage = StorageSettings(url=str(file))
    settings = Settings(storage=storage)
    (new,) = await check_database(settings)
    assert (new.level, file.exists()) == (Level.OK, False)
    assert "the first start makes it" in new.message
    address = parse_address(str(file))
    migrations.upgrade(address, storage, "0001")
    for _ in range(2):
        found = by_name(await check_database(settings))
        assert found["database"].level is Level.OK
        assert " ms" in found["database"].message
        assert found["migrations"].level is Level.WARNING
        assert f"{STEPS - 1} steps" in found["migrations"].message
        assert "`riff db upgrade`" in found["migrations"].message
    migrations.upgrade(address, storage)
    assert by_name(await check_database(settings))["migrations"].level is Level.OK
    with create_engine(f"sqlite:///{file}").begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNewError, match="newer Riff"):
        await check_database(settings)


async def test_what_is_kept_how_long(tmp_path: Path) -> None:
    (found,) = await check_retention(Settings(storage={"keep_audit_text": True, "audit_text_days": 12}))
    assert "texts of the audit are kept 12 days" in found.message
    assert "ids of answered events 7 days" in found.message
    (found,) = await check_retention(Settings())
    assert "the audit keeps no texts" in found.message


@pytest.mark.parametrize(
    ("free", "level"), [(5_000_000_000, Level.OK), (500_000_000, Level.WARNING), (9_000_000, Level.ERROR)]
)
async def test_a_full_disk_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, level: Level
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))
    (found,) = await check_disk(Settings(storage={"url": str(tmp_path / "riff.db")}))
    assert found.level is level
    assert ("Make room" in found.message) is (level is not Level.OK)


@contextmanager
def clock(date: str) -> Iterator[str]:
    """The address of a server that thinks it is this moment."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def date_time_string(self, timestamp: float | None = None) -> str:
            return date or super().date_time_string()

        def log_message(self, *_: object) -> None:
            """Nothing on the terminal."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        server.shutdown()


async def test_a_clock_that_is_wrong_is_told() -> None:
    for date, level, words in (
        ("", Level.OK, "within 1 s of the model's server"),
        ("Mon, 01 Jan 2001 00:00:00 GMT", Level.ERROR, "ahead of that of the model's server"),
        ("no date", Level.OK, "no clock to compare with answers"),
    ):
        with clock(date) as url:
            (found,) = await check_clock(Settings(generator={"backend": "openai", "base_url": [url]}))
        assert found.level is level
        assert words in found.message
    (found,) = await check_clock(Settings())
    assert found.message == "not compared: nobody else is asked yet."


async def test_secrets_that_others_can_read_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RIFF_CONFIG", str(tmp_path / "config.toml"))
    (secrets := tmp_path / ".env").write_text("DISCORD_TOKEN=x\n")
    secrets.chmod(0o644)
    (found,) = await check_settings(Settings())
    assert found.level is Level.WARNING
    assert f"chmod 600 {secrets}" in found.message
    secrets.chmod(0o600)
    (found,) = await check_settings(Settings())
    assert found.level is Level.OK


async def test_a_server_is_asked_for_one_token_and_its_nearest_model_is_named() -> None:
    def answer(body: dict[str, object]) -> object:
        return streamed(event("Hi"), event(finish="stop")) if body["model"] == "qwen3:4b" else refused(404)

    async with serving(answer, models=("qwen3:4b", "llama3.2:3b")) as server:  # type: ignore[arg-type]
        generator = {"backend": "openai", "base_url": [server.url], "model": "qwen3:4b"}
        found = by_name(await check_model(Settings(generator=generator)))
        assert found["model"].level is found["speed"].level is Level.OK
        assert f"s at {server.url.split('/')[2]}" in found["speed"].message
        assert [body["max_tokens"] for body in server.bodies] == [1]
        with pytest.raises(ModelMissing, match=r"did you mean qwen3:4b\?"):
            await check_model(Settings(generator={**generator, "model": "qwen3-4b"}))


async def test_a_model_here_is_weighed_and_timed(writing_model: Path) -> None:
    found = by_name(await check_model(Settings(generator={"model": str(writing_model)})))
    assert found["memory"].level is Level.OK
    assert "were free on cpu" in found["memory"].message
    assert "the first token after" in found["speed"].message
    assert "a second" in found["speed"].message
