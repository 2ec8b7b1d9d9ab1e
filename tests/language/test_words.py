"""Translating, filling fields, choosing a language, and writing numbers as a language does."""

import asyncio
import string
from gettext import NullTranslations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.notices import CANCELLED, too_long
from bot.language import (
    LOCALE,
    _,
    environment_tag,
    language_name,
    listed,
    negotiate,
    ngettext,
    number,
    speaking,
    spoken,
    tag_of,
)

ANY_TEXT = st.text(max_size=40)


@pytest.mark.parametrize(
    ("tag", "locale"),
    [
        ("zh-CN", "zh_Hans"), ("zh", "zh_Hans"), ("zh-Hans", "zh_Hans"), ("zh_TW", "zh_Hans"),
        ("zh-Hant-HK", "zh_Hans"), ("zh_CN.UTF-8", "zh_Hans"), ("en-GB", "en"), ("de", "en"), ("", "en"),
        ("C.UTF-8", "en"), ("POSIX", "en"), ("xx-yy", "en"),
    ],
)  # fmt: skip
def test_a_tag_becomes_the_nearest_language_that_riff_speaks(tag: str, locale: str) -> None:
    assert negotiate(tag) == locale


@given(ANY_TEXT)
def test_no_tag_is_too_odd(tag: str) -> None:
    assert negotiate(tag) in {"en", "zh_Hans"}
    assert isinstance(spoken(tag_of(tag)), bool)


@pytest.mark.parametrize(
    ("said", "tag"),
    [("Chinese", "zh"), ("chinese ", "zh"), ("中文", "zh"), ("简体中文", "zh-Hans"), ("zh-CN", "zh-CN"), ("德语", "de"),
     ("German", "de"), ("English", "en"), ("whatever you like", ""), ("", "")],
)  # fmt: skip
def test_people_name_languages_in_words(said: str, tag: str) -> None:
    assert tag_of(said) == tag


def test_the_language_lasts_as_long_as_it_is_spoken() -> None:
    with speaking("zh-CN"):
        assert CANCELLED.text == "已停止。"
        with speaking(""):
            assert CANCELLED.text == "已停止。"
        with speaking("en-US"):
            assert CANCELLED.text == "Stopped."
        assert CANCELLED.text == "已停止。"
    assert CANCELLED.text == "Stopped."


async def test_each_task_speaks_the_language_it_was_started_in() -> None:
    async def say() -> str:
        await asyncio.sleep(0)
        return CANCELLED.text

    with speaking("zh-CN"):
        chinese = asyncio.create_task(say())
    with speaking("en"):
        english = asyncio.create_task(say())
    assert await asyncio.gather(chinese, english) == ["已停止。", "Stopped."]


def test_a_notice_with_fields_stays_in_the_language_it_was_made_in() -> None:
    with speaking("zh"):
        notice = too_long(12_345, 8_000)
    assert notice.text == "这有 12,345 个字符，而我最多读取 8,000 个。请发送更短的文字。"


def test_plurals() -> None:
    one, many = "You have {count} vote left.", "You have {count} votes left."
    assert [ngettext(one, many, count) for count in (0, 1, 2)] == [
        "You have 0 votes left.",
        "You have 1 vote left.",
        "You have 2 votes left.",
    ]
    with speaking("zh"):
        assert [ngettext(one, many, count) for count in (1, 2)] == ["您还有 1 票。", "您还有 2 票。"]


def test_numbers_and_lists_as_the_language_writes_them() -> None:
    assert (number(1234.5), listed(["a", "b", "c"])) == ("1,234.5", "a, b, and c")
    with speaking("zh-CN"):
        assert (number(1234), listed(["a", "b", "c"])) == ("1,234", "a、b和c")


@given(ANY_TEXT)
def test_a_value_is_shown_as_it_is_whatever_it_holds(value: str) -> None:
    assert _("Stopped. {value}!", value=value) == f"Stopped. {value}!"


class Secret:
    """A value that shows one thing and holds another."""

    inside = "leaked"

    def __str__(self) -> str:
        return "shown"


@given(st.text(alphabet=string.ascii_letters + "_.[]0123456789!", min_size=1, max_size=20))
def test_fields_never_reach_into_a_value(path: str) -> None:
    """A field names a value and nothing within it, also when a message should come from outside one day."""
    try:
        said = _(f"{{value.{path}}} {{value[{path}]}} {{value.inside}}", value=Secret())
    except (ValueError, LookupError):
        return
    assert "leaked" not in said


class Wrong(NullTranslations):
    """A catalogue whose translation has another field."""

    def gettext(self, message: str) -> str:
        return "{nummer} Stück"


def test_a_translation_with_other_fields_gives_way_to_the_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.language.translating.translations", lambda _locale: Wrong())
    with speaking("zh"):
        assert _("{number} pieces", number=3) == "3 pieces"


def test_nothing_is_translated_as_nothing() -> None:
    with speaking("zh"):
        assert _("") == ""


@pytest.mark.parametrize(
    ("environment", "tag"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN.UTF-8"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, ""),
        ({"LANG": "en_US.UTF-8", "LANGUAGE": "zh:en"}, "zh"),
        ({"LANG": "C", "LANGUAGE": "zh"}, ""),
        ({}, ""),
    ],
)
def test_a_terminal_asks_for_a_language_by_its_environment(environment: dict[str, str], tag: str) -> None:
    assert environment_tag(environment) == tag


def test_languages_are_named_for_whoever_reads_it() -> None:
    assert (language_name("zh-TW"), language_name("en", "zh-CN"), language_name("")) == (
        "Chinese",
        "英语",
        "",
    )


def test_english_is_spoken_unless_somebody_says_otherwise() -> None:
    assert LOCALE.get() == "en"
