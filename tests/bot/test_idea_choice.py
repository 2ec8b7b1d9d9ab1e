"""A brainstorm's list: as many ideas as asked for, all different, none with a don't-word, each with its reason."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.domain import Brief, Idea, Preferences, Task
from bot.generation.reranking import Choosing, Reranker
from genai.request import Delta, FinishReason
from genai.reranking.settings import RerankingSettings
from genai.text import embedder

THINGS = ("stamp card", "night market", "shelf swap", "repair evening", "quiet room", "photo walk", "seed library",
          "open diary", "film club", "garden tour", "radio hour", "map of pins")  # fmt: skip


def idea(thing: str, number: int = 1) -> str:
    return f"{number}. **{thing.title()}**: A {thing} for tea."


@dataclass
class Model:
    """Gives each candidate one of `texts`, in turn, in pieces, the later candidates' first."""

    texts: Sequence[str]
    finish: FinishReason = "stop"
    asked: list[tuple[Brief, int, tuple[str, ...]]] = field(default_factory=list)
    given: int = 0

    async def candidates(
        self, brief: Brief, attempt: int, count: int, stop: tuple[str, ...]
    ) -> AsyncGenerator[Delta]:
        self.asked.append((brief, count, stop))
        texts = [self.texts[(self.given + n) % len(self.texts)] for n in range(count)] if self.texts else []
        self.given += count
        for number, text in reversed(list(enumerate(texts))):
            yield Delta(number, text[:5])
            yield Delta(number, text[5:])
            yield Delta(number, "", self.finish, mean_log_probability=-1.0 - number / 10)
            await asyncio.sleep(0)


async def chosen(model: Model, brief: Brief, choosing: Choosing | None = None) -> list[Idea]:
    return [idea async for idea in Reranker(brief, model.candidates, choosing or Choosing()).ideas()]


@given(
    st.lists(st.sampled_from(THINGS), min_size=1, max_size=16),
    st.integers(1, 6),
    st.sets(st.sampled_from(THINGS), max_size=3),
    st.sampled_from([1.0, 1.5, 2.0, 4.0]),
)
@settings(deadline=None, max_examples=40)
def test_the_list_is_as_long_as_it_can_be_and_no_longer(
    things: list[str], count: int, avoided: set[str], candidates: float
) -> None:
    brief = Brief(Task.BRAINSTORM, "tea", count=count, preferences=Preferences(avoid_words=tuple(avoided)))
    model = Model([idea(thing) for thing in things])
    choosing = Choosing(RerankingSettings(candidates=candidates))
    ideas = asyncio.run(chosen(model, brief, choosing))
    offered = set(things[: model.given]) - avoided
    assert len(ideas) == min(count, len(offered))
    assert [one.position for one in ideas] == list(range(1, len(ideas) + 1))
    assert len({one.title for one in ideas}) == len(ideas)
    assert {one.title.lower() for one in ideas} <= offered
    vectors = embedder("ngrams")([one.title for one in ideas] or [""])
    alike = vectors @ vectors.T
    assert all(alike[a, b] < 1 - 1e-6 for a in range(len(ideas)) for b in range(a))
    assert all(one.why for one in ideas)


async def test_one_idea_is_taken_of_each_candidate_and_more_are_written_than_shown() -> None:
    model = Model([idea(thing) for thing in THINGS])
    shown = await chosen(model, Brief(Task.BRAINSTORM, "tea", count=3))
    assert len(shown) == 3
    assert [(brief.count, count, stop) for brief, count, stop in model.asked] == [(3, 6, ("\n2.",))]


async def test_several_ideas_may_be_taken_of_each_candidate() -> None:
    text = "\n".join(idea(thing, number) for number, thing in enumerate(THINGS[:4], start=1))
    model = Model([text])
    shown = await chosen(
        model, Brief(Task.BRAINSTORM, "tea", count=4), Choosing(RerankingSettings(ideas_per_candidate=4))
    )
    assert len(shown) == 4
    assert [(count, stop) for _, count, stop in model.asked] == [(2, ())]


async def test_the_first_idea_is_shown_before_all_candidates_are_there() -> None:
    release = asyncio.Event()

    async def candidates(
        brief: Brief, attempt: int, count: int, stop: tuple[str, ...]
    ) -> AsyncGenerator[Delta]:
        for number in range(count):
            if number == 2:
                await release.wait()
            yield Delta(number, idea(THINGS[number]), "stop")

    chooser = Reranker(Brief(Task.BRAINSTORM, "tea", count=3), candidates, Choosing())
    shown = chooser.ideas()
    first = await asyncio.wait_for(anext(shown), 30)
    assert not release.is_set()
    release.set()
    assert len([first, *[idea async for idea in shown]]) == 3


async def test_the_order_in_which_candidates_end_decides_nothing() -> None:
    async def forwards(
        brief: Brief, attempt: int, count: int, stop: tuple[str, ...]
    ) -> AsyncGenerator[Delta]:
        backwards = [delta async for delta in Model(texts).candidates(brief, attempt, count, stop)]
        for delta in sorted(backwards, key=lambda one: one.candidate):
            yield delta

    texts = [idea(thing) for thing in THINGS]
    brief = Brief(Task.BRAINSTORM, "tea", count=4)
    shown = await chosen(Model(texts), brief)
    other = [idea async for idea in Reranker(brief, forwards, Choosing()).ideas()]
    assert shown == other


@pytest.mark.parametrize("finish", ["length", "deadline", "error"])
async def test_an_idea_that_was_cut_off_is_not_shown(finish: FinishReason) -> None:
    shown = await chosen(Model([idea("stamp card")], finish), Brief(Task.BRAINSTORM, "tea", count=2))
    assert shown == []


async def test_what_was_shown_before_is_not_asked_for_again() -> None:
    model = Model([idea("stamp card"), idea("night market")])
    shown = await chosen(model, Brief(Task.BRAINSTORM, "tea", count=3))
    assert len(shown) == 2
    assert {"Stamp Card", "Night Market"} <= set(model.asked[1][0].already)
    assert model.asked[1][0].count == 1


async def test_an_idea_that_the_channel_has_seen_gives_way_to_a_new_one() -> None:
    model = Model([idea("stamp card"), idea("night market")])
    seen = Choosing(seen=("Stamp Card. A stamp card for .",))
    (shown,) = await chosen(model, Brief(Task.BRAINSTORM, "tea", count=1), seen)
    assert shown.title == "Night Market"
    assert shown.why
    assert shown.why.novelty > 0.5
