"""A brainstorm's list: as many ideas as asked for, all different, none with a don't-word, each with its reason."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.domain import Brief, Idea, Preferences, Task
from bot.generation.reranking import REQUESTS, Choosing, Reranker
from genai.request import Delta, FinishReason
from genai.text import embedder
from tests.answers.shapes import ENGLISH, SHAPES, TITLES

THINGS = ("stamp card", "night market", "shelf swap", "repair evening", "quiet room", "photo walk", "seed library",
          "open diary", "film club", "garden tour", "radio hour", "map of pins")  # fmt: skip


def idea(thing: str, number: int = 1) -> str:
    return f"{number}. **{thing.title()}**: A {thing} for tea."


def listed(*things: str) -> str:
    return "\n".join(idea(thing, number) for number, thing in enumerate(things, start=1))


@dataclass
class Model:
    """Answers each list that it is asked for with one of `texts`, in turn, in pieces, the later lists' first."""

    texts: Sequence[str]
    finish: FinishReason = "stop"
    asked: list[tuple[Brief, int]] = field(default_factory=list)
    given: int = 0

    async def lists(self, brief: Brief, attempt: int, count: int) -> AsyncGenerator[Delta]:
        self.asked.append((brief, count))
        texts = [self.texts[(self.given + n) % len(self.texts)] for n in range(count)] if self.texts else []
        self.given += count
        for number, text in reversed(list(enumerate(texts))):
            for start in range(0, len(text), 9):
                yield Delta(number, text[start : start + 9])
            yield Delta(number, "", self.finish)
            await asyncio.sleep(0)


async def chosen(
    model: Model, brief: Brief, choosing: Choosing | None = None, side_by_side: int = 1
) -> list[Idea]:
    chooser = Reranker(brief, model.lists, choosing or Choosing(), side_by_side)
    return [idea async for idea in chooser.ideas()]


@given(
    st.lists(st.lists(st.sampled_from(THINGS), min_size=1, max_size=6), min_size=1, max_size=4),
    st.integers(1, 6),
    st.sets(st.sampled_from(THINGS), max_size=3),
    st.integers(1, 3),
)
@settings(deadline=None, max_examples=40)
def test_the_list_is_as_long_as_it_can_be_and_no_longer(
    lists: list[list[str]], count: int, avoided: set[str], side_by_side: int
) -> None:
    brief = Brief(Task.BRAINSTORM, "tea", count=count, preferences=Preferences(avoid_words=tuple(avoided)))
    model = Model([listed(*things) for things in lists])
    ideas = asyncio.run(chosen(model, brief, side_by_side=side_by_side))
    given_lists = [lists[number % len(lists)] for number in range(model.given)]
    offered = {thing for things in given_lists for thing in things} - avoided
    assert len(ideas) == min(count, len(offered))
    assert len(model.asked) <= REQUESTS
    assert [one.position for one in ideas] == list(range(1, len(ideas) + 1))
    assert {one.title.lower() for one in ideas} <= offered
    vectors = embedder("ngrams")([one.title for one in ideas] or [""])
    alike = vectors @ vectors.T
    assert all(alike[a, b] < 1 - 1e-6 for a in range(len(ideas)) for b in range(a))
    assert all(one.why for one in ideas)


async def test_one_request_is_enough_for_a_list_that_is_whole() -> None:
    model = Model([listed(*THINGS[:5])])
    shown = await chosen(model, Brief(Task.BRAINSTORM, "tea", count=5))
    assert [one.title.lower() for one in shown] == list(THINGS[:5])
    assert [(brief.count, count) for brief, count in model.asked] == [(5, 1)]


async def test_an_idea_is_shown_while_the_next_one_is_written() -> None:
    release = asyncio.Event()

    async def lists(brief: Brief, attempt: int, count: int) -> AsyncGenerator[Delta]:
        yield Delta(0, f"Here you go:\n\n{listed(*THINGS[:2])}\n3. **Sh")
        await release.wait()
        yield Delta(0, "elf Swap**: A shelf.", "stop")

    shown = Reranker(Brief(Task.BRAINSTORM, "tea", count=3), lists, Choosing()).ideas()
    first, second = [await asyncio.wait_for(anext(shown), 30) for _ in range(2)]
    assert (first.title, second.title) == ("Stamp Card", "Night Market")
    release.set()
    assert [idea.title async for idea in shown] == ["Shelf Swap"]


async def test_a_list_that_goes_on_and_on_is_ended() -> None:
    ended = asyncio.Event()

    async def lists(brief: Brief, attempt: int, count: int) -> AsyncGenerator[Delta]:
        try:
            number = 0
            while True:
                number += 1
                yield Delta(0, f"{number}. **{THINGS[number % 12]} {number}**: Text {number}.\n")
        finally:
            ended.set()

    shown = [one async for one in Reranker(Brief(Task.BRAINSTORM, "x", 3), lists, Choosing()).ideas()]
    assert len(shown) == 3
    assert ended.is_set()


async def test_the_order_in_which_lists_end_decides_nothing() -> None:
    async def forwards(brief: Brief, attempt: int, count: int) -> AsyncGenerator[Delta]:
        backwards = [delta async for delta in Model(texts).lists(brief, attempt, count)]
        for delta in sorted(backwards, key=lambda one: one.candidate):
            yield delta

    texts = [listed(*THINGS[:4]), listed(*THINGS[3:8]), listed(*THINGS[7:])]
    brief = Brief(Task.BRAINSTORM, "tea", count=4)
    shown = await chosen(Model(texts), brief, side_by_side=3)
    other = [one async for one in Reranker(brief, forwards, Choosing(), 3).ideas()]
    assert shown == other


@pytest.mark.parametrize("finish", ["length", "content_filter", "deadline", "error"])
async def test_an_idea_that_was_cut_off_is_not_shown(finish: FinishReason) -> None:
    shown = await chosen(Model([listed(*THINGS[:2])], finish), Brief(Task.BRAINSTORM, "tea", count=2))
    assert [one.title for one in shown] == ["Stamp Card"]


async def test_what_was_shown_before_is_not_asked_for_again() -> None:
    model = Model([listed("stamp card", "night market"), listed("night market"), listed("shelf swap")])
    shown = await chosen(model, Brief(Task.BRAINSTORM, "tea", count=3, already=("Quiet Room",)))
    assert [one.title for one in shown] == ["Stamp Card", "Night Market", "Shelf Swap"]
    assert [(brief.count, brief.already) for brief, _count in model.asked] == [
        (3, ("Quiet Room",)),
        (1, ("Quiet Room", "Stamp Card", "Night Market")),
        (1, ("Quiet Room", "Stamp Card", "Night Market")),
    ]


async def test_what_exists_and_the_example_of_the_prompt_are_no_new_ideas() -> None:
    text = listed("quiet room", "friday table", "stamp card")
    shown = await chosen(Model([text]), Brief(Task.BRAINSTORM, "tea", count=3, already=("Quiet Room",)))
    assert [one.title for one in shown] == ["Stamp Card"]


async def test_titles_without_text_are_not_all_the_same() -> None:
    text = (
        "1. **Ride the Past**\n2. **Rails That Remember**\n3. **All Aboard Yesterday**\n4. **Ride the Past**"
    )
    shown = await chosen(Model([text]), Brief(Task.SLOGAN, "a tram museum", count=4))
    assert [one.title for one in shown] == ["Ride the Past", "Rails That Remember", "All Aboard Yesterday"]


async def test_points_and_links_belong_to_their_idea() -> None:
    text = (
        "1. **[Stamp Card](https://example.org/a)**: Stamp it.\n   - by the door\n   - at noon\n"
        "2. **Night Market**: Sell at dusk."
    )
    first, second = await chosen(Model([text]), Brief(Task.BRAINSTORM, "tea", count=2))
    assert (first.title, first.body) == (
        "Stamp Card",
        "Stamp it.\n- by the door\n- at noon\nhttps://example.org/a",
    )
    assert (second.title, second.body) == ("Night Market", "Sell at dusk.")


async def test_what_is_said_instead_of_a_list_is_kept_apart() -> None:
    chooser = Reranker(
        Brief(Task.BRAINSTORM, "it", count=3), Model(["Which topic do you mean?"]).lists, Choosing()
    )
    assert [one async for one in chooser.ideas()] == []
    assert chooser.prose == "Which topic do you mean?"


async def test_an_idea_that_the_channel_has_seen_gives_way_to_a_new_one() -> None:
    model = Model([idea("stamp card"), idea("night market")])
    seen = Choosing(seen=("Stamp Card. A stamp card for .",))
    (shown,) = await chosen(model, Brief(Task.BRAINSTORM, "tea", count=1), seen, side_by_side=2)
    assert shown.title == "Night Market"
    assert shown.why
    assert shown.why.novelty > 0.5


@pytest.mark.parametrize("shape", sorted(SHAPES))
async def test_a_list_in_any_look_is_understood_at_the_first_asking(shape: str) -> None:
    model = Model([SHAPES[shape](ENGLISH)])
    shown = await chosen(model, Brief(Task.BRAINSTORM, "a village library", count=5))
    assert [one.title for one in shown] == [sample.title for sample in ENGLISH]
    assert all(sample.body in one.body for one, sample in zip(shown, ENGLISH, strict=True))
    assert len(model.asked) == 1


@pytest.mark.parametrize("shape", sorted(TITLES))
async def test_titles_in_any_look_are_understood_at_the_first_asking(shape: str) -> None:
    model = Model([TITLES[shape](ENGLISH)])
    shown = await chosen(model, Brief(Task.NAME, "a reading hour", count=5))
    assert [one.title for one in shown] == [sample.title for sample in ENGLISH]
    assert len(model.asked) == 1
