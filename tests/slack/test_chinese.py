"""Somebody whose Slack is Chinese: all that Riff says and draws for them is Chinese."""

import json

from tests.slack.conftest import Riff, StartRiff
from tests.support.chinese import foreign_words, texts_in
from tests.support.doubles import ScriptedGenerator
from tests.support.light import FORBIDDEN
from tests.support.slack_server import BOT, SlackServer
from tests.support.slack_server.state import buttons

IDEAS = "1. **印章卡**：中午盖章。\n2. **借罐子**：把罐子借给邻居。\n"
KEYS = frozenset({"text", "title", "status", "message", "initial_comment", "alt_text"})


def said(slack: SlackServer) -> list[str]:
    """Every text that Riff gave to Slack, in whatever call."""
    found = []
    for _method, given in slack.api.calls:
        read = {
            key: json.loads(value) if isinstance(value, str) and value[:1] in "[{" and value else value
            for key, value in given.items()
        }
        found += texts_in(read, KEYS)
    return found + [one.shown for one in slack.workspace.ephemeral]


async def command(slack: SlackServer, riff: Riff, words: str) -> None:
    await slack.deliver("slash_commands", slack.command(words))
    await riff.idle()


async def test_every_word_is_chinese(slack: SlackServer, start_riff: StartRiff) -> None:
    slack.api.locales = {"U1": "zh-CN"}
    riff = await start_riff(ScriptedGenerator(IDEAS))
    await slack.deliver_event(slack.say("C1", f"<@{BOT}> /brainstorm 2 茶馆"))
    await riff.idle()
    (answer, *_) = slack.workspace.by_riff()
    for label in ("喜欢", "收藏", "不合适", "选出最爱…", "单独开讨论串"):
        await slack.deliver("interactive", slack.press(answer, buttons(answer)[label]))
        await riff.idle()
    for words in ("help", "profile", "profile edit", "consent on", "privacy", "forget", "admin show", "like 9",
                  f"关于 {FORBIDDEN}", "unbekannt"):  # fmt: skip
        await command(slack, riff, words)
    await slack.deliver_event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"})
    await slack.settled(lambda: slack.workspace.views and slack.workspace.homes)
    texts = said(slack)
    assert [text for text in texts if foreign_words(text)] == []
    assert {"换一批", "取消", "您的个人资料"} <= set(texts)
