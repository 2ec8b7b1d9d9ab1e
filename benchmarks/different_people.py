"""How many of a person's ideas another person got too, where ten people ask for the same five topics.

    python -m benchmarks.different_people                   # ten minutes or more on two cores
    python -m benchmarks.different_people --together        # all ten at the same time, before any sees what others got
    python -m benchmarks.different_people --off             # without what keeps them apart

They ask through the whole of Riff, each in messages of their own within one workspace, topic by topic. Of all ideas the
share is told that somebody else got as well: with the same text, the same title, what Riff calls a duplicate, and what
people's partitions would call the same (the fitted likeness, from `duplicate` and from `alike` on), with the same text.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr

import genai.factory
from bot.app import App
from bot.cli.ask import Silent
from bot.config import load_settings
from bot.core.domain import Account, Idea, Incoming, Place
from bot.core.ideas import comparable
from genai.likeness.measure import FITTED, likeness
from genai.moderation import Moderator, blocklist
from genai.moderation.chain import Chain
from genai.moderation.settings import ModerationSettings
from genai.request import GenerationRequest, Generator, Rating

COUNTED = ("text", "title", "duplicate", "alike")
TOPICS = {
    "tuning": (
        "a farewell party for a colleague",
        "quieter open-plan offices",
        "getting neighbours to compost",
        "a museum night for teenagers",
        "selling more day passes for a climbing hall",
    ),
    "kept": (
        "plants in the office",
        "a walking bus to school",
        "reusable coffee cups",
        "how to get more people to the town library",
        "onboarding new volunteers",
    ),
}
"""Two sets of five: what was tuned on, and what was looked at once at the end."""


class Remembering:
    """The model, which rates a text that it rated before from memory: that is half of the work, and the same."""

    def __init__(self, generator: Generator) -> None:
        self._generator = generator
        self._rated: dict[tuple[object, str], float] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._generator, name)

    async def rate(self, request: GenerationRequest, openings: Sequence[str]) -> tuple[float, ...]:
        assert isinstance(self._generator, Rating)
        new = [one for one in openings if (request.turns, one) not in self._rated]
        rated = await self._generator.rate(request, new) if new else ()
        self._rated |= {(request.turns, one): value for one, value in zip(new, rated, strict=True)}
        return tuple(self._rated[request.turns, one] for one in openings)


def words_only() -> Moderator:
    """A moderation that lets everything pass, for it is not what is measured."""
    settings = ModerationSettings(blocklist=())
    return Moderator(settings, load_chain=lambda _settings: Chain([blocklist.load(settings)]))


async def asked(app: App, topic: str, person: int, count: int) -> list[Idea]:
    """What one person gets."""
    incoming = Incoming(
        event_id=f"{person}-{topic}",
        author=Account("bench", "team", f"person-{person}"),
        place=Place("bench", "team", f"direct-{person}", f"{topic}", direct=True),
        text=f"/brainstorm {count} {topic}",
        received_at=datetime.now(UTC),
    )
    return list((await app.pipeline.handle(incoming, Silent())).ideas)


def repeated(lists: Sequence[Sequence[Idea]], topic: str) -> dict[str, int]:
    """Of all ideas of a topic: how many another person got too, in the four senses."""
    owned = [(person, idea) for person, ideas in enumerate(lists) for idea in ideas]
    texts = [comparable(idea, topic) for _person, idea in owned]
    fitted = likeness(FITTED)
    alike = fitted.pairwise(texts, texts)
    limits = {"duplicate": fitted.thresholds.duplicate, "alike": fitted.thresholds.alike}
    found: defaultdict[str, int] = defaultdict(int, ideas=len(owned), **dict.fromkeys(COUNTED, 0))
    for at, (person, idea) in enumerate(owned):
        others = [place for place, (who, _idea) in enumerate(owned) if who != person]
        same_title = any(owned[o][1].title.casefold() == idea.title.casefold() for o in others)
        same_text = any(_said(owned[o][1]) == _said(idea) for o in others)
        found["text"] += same_text
        found["title"] += same_title
        for name, limit in limits.items():
            found[name] += same_text or any(alike[at, o] >= limit for o in others)
    return dict(found)


def _said(idea: Idea) -> str:
    return f"{idea.title} {idea.body}".casefold().strip()


async def measure(chosen: argparse.Namespace) -> dict[str, object]:
    settings = load_settings()
    ways = {"different_people": not chosen.off}
    sums: defaultdict[str, int] = defaultdict(int)
    with tempfile.TemporaryDirectory() as folder:
        settings = settings.model_copy(
            update={
                "storage": settings.storage.model_copy(update={"url": _address(folder)}),
                "reranking": settings.reranking.model_copy(update=ways),
                "generator": settings.generator.model_copy(update={"deadline_seconds": 1800.0}),
                "limits": settings.limits.model_copy(
                    update={"messages_per_minute": 0, "reply_timeout_seconds": 3600.0}
                ),
            }
        )
        began = time.perf_counter()
        model = cast(Generator, Remembering(genai.factory.load(settings.generator)))
        async with App(settings, generator=model, moderator=words_only()) as app:
            for topic in TOPICS[chosen.topics][: chosen.topic_count]:
                asking = [asked(app, topic, person, chosen.ideas) for person in range(chosen.people)]
                lists = await asyncio.gather(*asking) if chosen.together else [await one for one in asking]
                found = repeated(lists, topic)
                print(topic, json.dumps(found), flush=True)
                if chosen.show:
                    for person, ideas in enumerate(lists):
                        print(*(f"  {person}: {idea.title}: {idea.body}" for idea in ideas), sep="\n")
                for name, number in found.items():
                    sums[name] += number
        seconds = time.perf_counter() - began
    shares = {name: round(sums[name] / sums["ideas"], 3) for name in COUNTED}
    lists_asked = chosen.people * chosen.topic_count
    return {
        **shares,
        "of": sums["ideas"],
        "seconds_a_list": round(seconds / lists_asked, 2),
        **vars(chosen),
    }


def _address(folder: str) -> SecretStr:
    return SecretStr(f"sqlite:///{Path(folder)}/riff.db")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--topics", choices=list(TOPICS), default="kept")
    parser.add_argument("--topic-count", type=int, default=5, help="only the first so many topics")
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--ideas", type=int, default=5)
    parser.add_argument("--together", action="store_true", help="all people at the same time")
    parser.add_argument("--off", action="store_true", help="with reranking.different_people = false")
    parser.add_argument("--show", action="store_true", help="print the ideas as well")
    print(json.dumps(asyncio.run(measure(parser.parse_args()))))


if __name__ == "__main__":
    main()
