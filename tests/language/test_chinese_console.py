"""Somebody whose terminal is Chinese: all that Riff says there itself is Chinese."""

import asyncio
import io
from pathlib import Path

import pytest
from rich.console import Console

from adapters.console import ConsoleAdapter
from bot.app import App
from bot.config import Settings
from genai.errors import Busy
from genai.request import GenerationRequest
from tests.support.chinese import foreign_words
from tests.support.doubles import ScriptedGenerator
from tests.support.light import FORBIDDEN, light_moderator

IDEAS = "1. **印章卡**：中午盖章。\n2. **借罐子**：把罐子借给邻居。\n3. **茶路**：边走边品。\n"


def busy(_request: GenerationRequest) -> Busy:
    return Busy(7)


async def said(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *lines: str,
    generator: ScriptedGenerator | None = None,
    languages: tuple[str, ...] = (),
) -> tuple[str, ScriptedGenerator]:
    """What stands on the screen after these lines were entered at a Chinese terminal."""
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    monkeypatch.chdir(folder)
    generator = generator or ScriptedGenerator(IDEAS)
    settings = Settings(storage={"url": f"sqlite:///{folder}/riff.db"}, generator={"languages": languages})
    screen = io.StringIO()
    async with App(settings, generator=generator, moderator=light_moderator()) as app:
        started: asyncio.Future[App] = asyncio.get_running_loop().create_future()
        started.set_result(app)
        console = Console(file=screen, width=200, color_system=None, highlight=False)
        await ConsoleAdapter(console, "u1").run(started)  # type: ignore[arg-type]
    return screen.getvalue(), generator


async def test_every_word_is_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (
        "/help", "/help brainstorm", "/brainstorm 3 茶馆", "/like 2", "/save 1", "/like 9", "/like", "/brainstorm",
        "/brainstorm 99 茶馆", "/brainstorm 茶 --tone 怪", "/unbekannt", "/profile set role 茶师", "/forget",
        "/forget conversation", "/consent", "/consent on", "/consent off", "/privacy", "/link", "/link 1234",
        f"关于 {FORBIDDEN}", "。", "x" * 9000, "/usage", "/recall 茶", "/voice", "/template", "/use",
        "/session", "/session board", '/session start "茶馆" 20', "/session idea 借茶杯", "/session board",
        "/session vote 1", "/session pause", "/session resume", "/session end", "/forget everything",
        "/forget everything 删除",
    )  # fmt: skip
    screen, _ = await said(tmp_path, monkeypatch, *lines, generator=ScriptedGenerator(IDEAS))
    for line in screen.splitlines():
        if not line.startswith("display-name") and ": " not in line[:14]:
            assert [word for word in foreign_words(line) if not word.isupper()] == [], line
    assert all(words in screen for words in ("用您自己的话问我", "已记下", "我不会处理这条消息", "再见。"))


async def test_trouble_is_told_in_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen, _ = await said(tmp_path, monkeypatch, "谢谢", generator=ScriptedGenerator(busy))
    assert "我正忙着给别人出点子。请大约 7 秒后再试。" in screen


async def test_ideas_come_in_the_language_of_the_terminal_where_the_model_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, generator = await said(tmp_path, monkeypatch, "/brainstorm 3 茶馆", languages=("en", "zh"))
    assert "Language: Chinese" in generator.requests[0].turns[0].content
    assert "只会写" not in screen


async def test_a_model_that_knows_no_chinese_is_excused_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, generator = await said(tmp_path, monkeypatch, "/brainstorm 3 茶馆", "/brainstorm 3 书店")
    assert screen.count("我的语言模型只会写英语，所以点子会用英语给出。") == 1
    assert "Language" not in generator.requests[0].turns[0].content


async def test_a_chosen_language_wins_over_that_of_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen, _ = await said(tmp_path, monkeypatch, "/like", "/profile set language English", "/like")
    first, second = screen.split("language: English")
    assert "哪个点子？" in first
    assert "Which idea?" in second


async def test_choices_can_be_typed_in_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    screen, generator = await said(
        tmp_path,
        monkeypatch,
        "/brainstorm 3 茶馆 --tone 活泼",
        "/profile set length 短",
        "/brainstorm 茶 --tone 怪",
    )
    assert "Tone: playful" in generator.requests[0].turns[0].content
    assert "short" in screen
    assert "--tone 可以是：plain (平实), playful (活泼)" in screen
