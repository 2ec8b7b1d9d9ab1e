"""A small model's ideas begin with methods of the deck that fit, and its own likelihoods choose among them."""

import math
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from genai.methods import Part, Starts, deck
from genai.request import Completion, Delta, GenerationRequest, Sampling, Turn
from tests.support.doubles import ScriptedGenerator

ASKED = (Turn("user", "Give me 3 ideas: a library."),)
UNASKED = (Turn("user", "Give me 3 ideas."),)


class Rated(ScriptedGenerator):
    """Goes on from each beginning, and finds what names a wanted method likely where something was asked."""

    def __init__(self, wanted: Sequence[str]) -> None:
        super().__init__("")
        self.wanted = wanted
        self.rated: list[tuple[tuple[Turn, ...], tuple[str, ...]]] = []
        self.lines: list[GenerationRequest] = []

    async def complete(self, request: GenerationRequest) -> tuple[Completion, ...]:
        self.lines.append(request)
        return tuple(
            Completion(f"{request.openings[0]} at the desk{' again' * at}", "stop", 9, self.likely(request))
            for at in range(request.candidates)
        )

    def likely(self, request: GenerationRequest) -> float:
        return -1.0 if any(name in request.openings[0] for name in self.wanted) else -3.0

    async def rate(self, request: GenerationRequest, openings: Sequence[str]) -> tuple[float, ...]:
        self.rated.append((request.turns, tuple(openings)))
        fits = request.turns == ASKED
        return tuple(
            -1.0 if fits and any(name in text for name in self.wanted) else -3.0 - 0.001 * len(text)
            for text in openings
        )

    def stream(self, request: GenerationRequest) -> AsyncGenerator[Delta]:
        raise NotImplementedError


def asking(**sampling: Any) -> GenerationRequest:
    return GenerationRequest(ASKED, Sampling(seed=5, **sampling))


async def test_ideas_begin_with_the_methods_that_fit_and_the_likeliest_come_first() -> None:
    everything = Rated([one.name for one in deck()])
    await Starts(everything, everything).ideas(asking(), UNASKED, 3)
    drawn = [text.split("**")[1] for text in everything.rated[0][1]]
    generator = Rated(drawn[:4])
    lines = await Starts(generator, generator).ideas(asking(), UNASKED, 3)
    assert len(lines) == len({line.text for line in lines}) > 3
    assert {line.text.split("**")[1] for line in lines[:4]} == set(drawn[:4])
    begins = {one.name: one.begins for one in deck()}
    for line in lines:
        name = line.text.split("**")[1]
        assert line.text == f"**{name}**: {begins[name]} at the desk"
        assert line.tokens == 9
    assert all(one.sampling.stop == ("\n",) and one.candidates == 1 for one in generator.lines)


async def test_methods_that_were_used_already_are_not_drawn_again() -> None:
    used = [one.name for one in deck()[5:]]
    generator = Rated(())
    lines = await Starts(generator, generator).ideas(asking(), UNASKED, 3, used)
    assert {line.text.split("**")[1] for line in lines} == {one.name for one in deck()[:5]}


async def test_what_is_likely_anyway_is_asked_once_for_each_method() -> None:
    generator = Rated(())
    starts = Starts(generator, generator)
    await starts.ideas(asking(), UNASKED, 3)
    generator.rated.clear()
    await starts.ideas(asking(), UNASKED, 3)
    methods = {one.opening(1) for one in deck()}
    anyway = [text for turns, texts in generator.rated if turns == UNASKED for text in texts]
    assert anyway
    assert not methods & set(anyway)


async def test_names_differ_by_chance_and_none_comes_twice() -> None:
    generator = Rated(())
    lines = await Starts(generator, generator).titles(asking(), UNASKED, "1. **")
    (request,) = generator.lines
    assert request.candidates > 10
    assert request.sampling.temperature > 0.5
    assert len({line.text for line in lines}) == len(lines) == request.candidates
    assert not any(line.text.startswith("1.") for line in lines)


async def test_a_rating_that_was_cut_off_counts_for_nothing_and_is_not_kept() -> None:
    everything = Rated([one.name for one in deck()])
    await Starts(everything, everything).ideas(asking(), UNASKED, 3)
    drawn = [text.split("**")[1] for text in everything.rated[0][1]]

    class CutOff(Rated):
        is_cut = True

        async def rate(self, request: GenerationRequest, openings: Sequence[str]) -> tuple[float, ...]:
            rated = await super().rate(request, openings)
            if not self.is_cut or request.turns != UNASKED:
                return rated
            return tuple(
                value if any(name in text for name in self.wanted) else -math.inf
                for text, value in zip(openings, rated, strict=True)
            )

    generator = CutOff(drawn[:4])
    starts = Starts(generator, generator)
    for generator.is_cut in (True, False):
        lines = await starts.ideas(asking(), UNASKED, 3)
        assert {line.text.split("**")[1] for line in lines[:4]} == set(drawn[:4])


async def names_begun(part: Part | None, avoided: Sequence[str] = ()) -> list[str]:
    generator = Rated([one.name for one in deck()])
    lines = await Starts(generator, generator).ideas(asking(), UNASKED, 5, avoided, part)
    return [line.text.split("**")[1] for line in lines]


async def test_ten_requests_about_one_thing_have_no_method_in_common() -> None:
    begun = [await names_begun(Part(number, 77)) for number in range(3, 13)]
    together = [name for names in begun for name in names]
    assert all(len(names) >= 5 for names in begun)
    assert len(together) == len(set(together))
    parts = [one.name for number in range(10) for one in Part(number, 77).of(deck())]
    assert sorted(parts) == sorted(one.name for one in deck())
    assert Part(0, 77).of(deck()) != Part(0, 78).of(deck())


async def test_a_part_that_is_used_up_is_filled_from_the_whole_deck() -> None:
    part = Part(4, 77)
    used = [one.name for one in part.of(deck())]
    begun = await names_begun(part, used[:-3])
    assert len(begun) >= 5
    assert not set(begun) & set(used[:-3])
