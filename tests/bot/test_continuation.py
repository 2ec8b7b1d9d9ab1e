"""The rest of a text, as models write it when they are asked to go on."""

from collections.abc import AsyncGenerator

import pytest

from bot.generation.continuation import rest_of

KEPT = "Two ideas follow.\nLend out cups. Ask for a deposit. "


async def joined(kept: str, said: str, size: int) -> str:
    async def deltas() -> AsyncGenerator[str]:
        for start in range(0, len(said), size):
            yield said[start : start + size]

    return "".join([one async for one in rest_of(kept, deltas())])


@pytest.mark.parametrize("size", [1, 5, 200])
@pytest.mark.parametrize(
    "said",
    [
        "Then count them.",
        "\n Then count them.",
        f"{KEPT}Then count them.",
        "Lend out cups. Ask for a deposit. Then count them.",
        "Ask for a deposit. Then count them.",
    ],
)
async def test_what_is_there_already_is_not_repeated(said: str, size: int) -> None:
    assert await joined(KEPT, said, size) == "Then count them."


@pytest.mark.parametrize("size", [1, 200])
async def test_what_only_begins_like_it_stays(size: int) -> None:
    assert await joined(KEPT, "Ask for a smile. Done.", size) == "Ask for a smile. Done."
    assert await joined("的确如此。", "的确很好。", size) == "的确很好。"
    assert await joined("Half a word", "s go on.", size) == "s go on."
    assert await joined("", "\n\nAll of it. ", size) == "All of it. "


@pytest.mark.parametrize("size", [1, 200])
async def test_nothing_new_is_nothing(size: int) -> None:
    assert await joined(KEPT, KEPT, size) == ""
    assert await joined(KEPT, "Ask for a deposit.", size) == ""
    assert await joined(KEPT, "\n", size) == ""
