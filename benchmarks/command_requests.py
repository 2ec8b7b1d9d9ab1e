"""What a command costs at a server: requests, tokens, the part of them that people read, and how soon.

`python -m benchmarks.command_requests [--rounds N] [--json] [--beside FILE]`; the server runs in this process, streams
`--rate` tokens a second in each answer, honours stop strings and writes fixed answers in the form that is asked for.
Asked for one idea it begins five, as instruct models do, and each request for a list begins at another idea.
All of Riff runs, with its default moderation. Figures are medians of the rounds.

To compare with another version, run this file there (PYTHONPATH first) with --json, then here with --beside.
"""

import argparse
import asyncio
import json
import re
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from aiohttp import web

from bot.app import App
from bot.config import Settings
from bot.core.domain import Passed
from genai.settings import GeneratorSettings
from storage.settings import StorageSettings
from tests.support.doubles import RecordingChannel
from tests.support.messages import incoming

COMMANDS = {
    "/brainstorm 5": "/brainstorm 5 a street market on rainy days",
    "/name 5": "/name 5 a street market on rainy days",
    "/slogan 5": "/slogan 5 a street market on rainy days",
    "/recommend 3": "/recommend 3 team outings on rainy days",
    "/ad": "/ad a street market on rainy days",
    "/copy": "/copy a street market on rainy days",
    "/design": "/design an umbrella rack for market stalls",
    "/improve": "/improve lend umbrellas to visitors of the market",
    "/combine": "/combine umbrella loans and a soup stall",
    "/critique": "/critique lend umbrellas to visitors of the market",
    "chat": "How can a street market get more visitors on rainy days?",
}

_IDEAS = (
    "**Umbrella Loans**: The stall by the gate lends bright umbrellas for a deposit. Visitors hand"
    " them back at any exit.",
    "**Soup Hour**: From noon to one every food stall sells a small soup. A stamp card makes the"
    " fifth one free.",
    "**Dry Route**: Chalk arrows lead from awning to awning. Nobody has to step into the open"
    " between two stalls.",
    "**Rain Rate**: The town halves the rent of a stall on each wet morning. Traders stay, and so"
    " do their regulars.",
    "**Puddle Prize**: Children draw the largest puddle on a map at the info desk. The best map"
    " wins a basket of fruit.",
    "**Order Window**: People order by phone until ten and collect at one roofed counter. Traders"
    " pack while it pours.",
    "**Arcade Swap**: Eight stalls move into the library's passage when rain is forecast. The"
    " library gets readers.",
    "**Wool Corner**: Knitters mend gloves and hats under the bandstand. Customers shop while they"
    " wait for them.",
    "**Weather Bell**: The church bell rings twice when a dry hour begins. Offices nearby know when"
    " to come over.",
    "**Cargo Bikes**: Two students carry heavy bags home within a mile. They take tips and a bag of"
    " vegetables.",
    "**Rain Radio**: A local band plays from the covered truck. Traders announce the last crates"
    " between two songs.",
    "**Late Closing**: A wet market stays open until seven with lamps on every stall. Commuters"
    " shop on their way home.",
)
_NAMES = (
    "**Drizzle Row**: says rain and a line of stalls.",
    "**Puddle Lane**: friendly, and easy to spell.",
    "**The Dry Mile**: promises shelter from end to end.",
    "**Awning Street**: names what keeps people dry.",
    "**Cloud Basket**: weather and shopping in two words.",
    "**Wet Wednesday**: ties it to a day of the week.",
    "**Gumboot Market**: tells visitors what to wear.",
    "**Silver Lining**: finds the good side of clouds.",
    "**Rainy Pantry**: food is what people come for.",
    "**Under Cover**: short, with a wink.",
    "**Splash Square**: sounds like fun for children.",
    "**Storm Stalls**: both words begin alike.",
)
_SLOGANS = (
    "**Come in out of the rain, go home with lunch.**",
    "**Wet outside, warm between the stalls.**",
    "**Bring boots, leave with bread.**",
    "**Our tomatoes never minded a shower.**",
    "**Clouds above, cheese below.**",
    "**The forecast says fresh.**",
    "**No sun needed for good soup.**",
    "**Every drop has a bargain under it.**",
    "**Shop dry from awning to awning.**",
    "**Pour yourself a market morning.**",
    "**Rain keeps the crowds off your apples.**",
    "**Umbrella up, prices down.**",
)
_PICKS = (
    "**A pottery class**: everyone makes a bowl by hand, and there is much to laugh about.",
    "**The transport museum**: old trams to climb into, and a café that takes groups.",
    "**An escape room**: small teams solve one story together in an hour.",
    "**A cooking evening**: three courses in three groups, eaten at one table.",
    "**Indoor climbing**: trust and ropes, with routes for people who have never tried.",
    "**A board game café**: somebody explains the rules, so that shy people join in.",
    "**A pub quiz**: mixed tables, short rounds and a silly prize.",
    "**A glass workshop**: each person takes a lamp of their own home.",
    "**A bowling lane**: cheap, loud, and nobody has to be good at it.",
    "**The botanical greenhouse**: warm air, tall palms and a quiet walk in pairs.",
)
_ADS = (
    "Headline: Rain makes the soup taste better\nBody: Forty stalls under one line of awnings, with"
    " bread, cheese and"
    " hot soup from eight to two. Borrow an umbrella at the gate.\nCall to action: Drop in on Saturday.",
    "Headline: Dry from stall to stall\nBody: Follow the chalk arrows from awning to awning and"
    " fill your basket without"
    " getting wet.\nCall to action: Come by this week.",
)
_COPIES = (
    "Forty stalls, one roof of awnings, and soup that steams by the gate. When it rains, the market"
    " keeps you dry from"
    " the first apple to the last loaf. Borrow an umbrella for the way home.",
    "A wet morning is a quiet morning: time to taste the cheese, to ask how the bread was made, and"
    " to be served at once."
    " Chalk arrows show the dry way round.",
    "Bring the children and their boots. There is a map of puddles to draw, a corner where gloves"
    " are mended, and lunch"
    " under the bandstand.",
    "Order by ten and collect at noon from one roofed counter. The traders pack your bag while it"
    " pours, and you are home"
    " before your coffee is cold.",
)
_DESIGN = (
    "Problem: Wet umbrellas drip over goods and floors while people choose.\nUsers: Traders with a"
    " table of two metres, and"
    " their customers.\nConstraints: Fits a van, stands on cobbles, costs less than 40"
    " euros.\nConcept: A folding rack that"
    " hangs from the front edge of the table and holds six umbrellas.\nFeatures: a drip tray with a"
    " spout, numbered hooks,"
    " a clamp for any table\nRisks: People forget their umbrellas; the tray overflows in heavy rain."
)
_IMPROVED = (
    "**Deposit Umbrellas**: Every stall lends umbrellas for two euros and takes back those of any"
    " other stall, so nobody has"
    " to return to the gate.\nWhat changed: each stall takes them back, and a deposit brings most"
    " of them home."
)
_COMBINED = (
    "**Soup for an Umbrella**: The soup stall lends umbrellas, and whoever brings one back gets a"
    " cup of soup at half the"
    " price, so umbrellas return and soup is sold."
)
_CRITIQUES = (
    "Strength: It helps people in the moment when they would turn back.\nRisk: A third of the"
    " umbrellas may never return."
    "\nTest: Lend twenty on two wet Saturdays and count those that come back.",
    "Strength: It is cheap and explains itself.\nRisk: It takes room that traders need for"
    " goods.\nTest: Give it to three"
    " traders for a week and ask who keeps it.",
    "Strength: Customers see it from afar.\nRisk: Wind may tear it off on the first stormy"
    " day.\nTest: Put one at the"
    " windiest corner and look at it after a week.",
)
_TALK = (
    "Give people a dry way round and a reason to stay. Move the food stalls next to each other, so"
    " that their awnings meet,"
    " and mark that way with chalk arrows. Sell something hot at the far end, because people walk"
    " towards it. Then tell the"
    " offices nearby in the morning that the market is open in spite of the rain. Start with one"
    " wet Saturday and count the"
    " visitors at the gate."
)
_LISTS: Mapping[str, Sequence[str]] = {
    "Brainstorm": _IDEAS,
    "Suggest": _NAMES,
    "Recommend": _PICKS,
}
_TEXTS: Mapping[str, Sequence[str]] = {
    "Write brand copy": _COPIES,
    "Write an ad": _ADS,
    "Write a product design": (_DESIGN,),
    "Improve this idea": (_IMPROVED,),
    "Combine these ideas": (_COMBINED,),
    "Critique this idea": _CRITIQUES,
}
_WITHOUT_ASKING = 5
"""As many ideas an instruct model begins that is asked for one."""
_TOKEN = re.compile(r"\s*(?:\w{1,7}|[^\w\s]+)|\s+")
_WORD = re.compile(r"\w+")


class Server:
    """Counts what it is asked and what it writes."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._open = 0
        self._asked: dict[str, int] = defaultdict(int)
        self.requests = 0
        self.tokens = 0
        self.written: list[str] = []

    async def begin(self) -> None:
        """Forget what was counted, once nothing is written any more."""
        while self._open:  # noqa: ASYNC110 - what is waited for happens in handlers
            await asyncio.sleep(0.01)
        self.requests = self.tokens = 0
        self._asked.clear()
        self.written.clear()

    async def models(self, _request: web.Request) -> web.Response:
        """The only model."""
        return web.json_response({"object": "list", "data": [{"id": "m", "object": "model"}]})

    async def chat(self, request: web.Request) -> web.StreamResponse:
        """One streamed answer; what nobody listens to any more is not written."""
        body = await request.json()
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        self.requests += 1
        self._open += 1
        said = len(self.written)
        self.written.append("")
        tokens = _TOKEN.findall(self._answer(body))
        began = time.perf_counter()
        try:
            for number, token in enumerate(tokens, start=1):
                await asyncio.sleep(began + number / self._rate - time.perf_counter())
                await response.write(_event({"delta": {"content": token}, "finish_reason": None}))
                self.tokens += 1
                self.written[said] += token
            await response.write(_event({"delta": {}, "finish_reason": "stop"}))
            if (body.get("stream_options") or {}).get("include_usage"):
                await response.write(_event(None, len(tokens)))
            await response.write(b"data: [DONE]\n\n")
        except ConnectionError:
            pass
        finally:
            self._open -= 1
        return response

    def _answer(self, body: Mapping[str, Any]) -> str:
        """What a model says to it, until the first of the stop strings."""
        system = "".join(turn["content"] for turn in body["messages"] if turn["role"] == "system")
        text = self._whole(body["messages"][-1]["content"], system)
        stop = body.get("stop") or []
        found = [text.index(one) for one in ([stop] if isinstance(stop, str) else stop) if one in text]
        return text[: min(found)] if found else text

    def _whole(self, asked: str, system: str) -> str:
        task = next((start for start in (*_LISTS, *_TEXTS) if asked.startswith(start)), "")
        task = "slogans" if re.match(r"Write \d+ slogan", asked) else task
        number = self._asked[task]
        self._asked[task] += 1
        if task in _TEXTS:
            return _TEXTS[task][number % len(_TEXTS[task])]
        if not task:
            return _TALK
        pool = _SLOGANS if task == "slogans" else _LISTS[task]
        counted = re.search(r"\d+", asked)
        wanted = int(counted[0]) if counted else _WITHOUT_ASKING
        start = number % len(pool)
        there = next((line for line in system.splitlines() if line.startswith("Do not repeat: ")), "")
        fresh = [
            idea for idea in (*pool[start:], *pool[:start]) if idea.split("**")[1].rstrip(".") not in there
        ]
        chosen = fresh[: wanted if wanted > 1 else _WITHOUT_ASKING]
        text = "\n".join(f"{at}. {idea}" for at, idea in enumerate(chosen, start=1))
        return text if "**" in system else text.replace("**", "")


def _event(choice: dict[str, Any] | None, tokens: int = 0) -> bytes:
    chunk: dict[str, Any] = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    chunk["choices"] = [{"index": 0, **choice}] if choice else []
    if not choice:
        chunk["usage"] = {"prompt_tokens": 1, "completion_tokens": tokens, "total_tokens": tokens + 1}
    return f"data: {json.dumps(chunk)}\n\n".encode()


class _TimedChannel(RecordingChannel):
    """Knows when the first text was there."""

    def __init__(self) -> None:
        super().__init__()
        self.first_at = 0.0

    async def show(self, piece: Passed) -> None:
        if piece.text.strip():
            self.first_at = self.first_at or time.perf_counter()
        await super().show(piece)


@dataclass(frozen=True, slots=True)
class Cost:
    """One command; `shown` is the share of the words that the server wrote which people read."""

    command: str
    requests: int
    tokens: int
    shown: float
    first_ms: int
    all_ms: int


async def measure(rounds: int, rate: float, *, is_told: bool = False) -> list[Cost]:
    """Each command, by people who have written nothing before."""
    server = Server(rate)
    site = web.Application()
    site.add_routes([web.post("/v1/chat/completions", server.chat), web.get("/v1/models", server.models)])
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    generator: dict[str, Any] = {"backend": "openai", "model": "m"}
    generator["base_url"] = [f"http://127.0.0.1:{runner.addresses[0][1]}/v1"]
    if "prompts" in GeneratorSettings.model_fields:
        generator["prompts"] = "instruct"
    found: dict[str, list[Cost]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            generator=GeneratorSettings.model_validate(generator),
            storage=StorageSettings.model_validate({"url": f"sqlite:///{Path(folder) / 'riff.db'}"}),
        )
        async with App(settings) as app:
            await _cost(app, server, "chat", "warm")
            for number in range(rounds):
                for command in COMMANDS:
                    found[command].append(await _cost(app, server, command, f"{number}", is_told=is_told))
    await runner.cleanup()
    return [_median(costs) for costs in found.values()]


async def _cost(app: App, server: Server, command: str, number: str, *, is_told: bool = False) -> Cost:
    await server.begin()
    channel = _TimedChannel()
    name = f"{number} {command}"
    began = time.perf_counter()
    await app.pipeline.handle(incoming(COMMANDS[command], user=name, thread=name), channel)
    ended = time.perf_counter()
    await asyncio.sleep(0.1)  # the server notices that nobody listens
    if is_told:
        notices = [notice.text for notice in channel.notices]
        print(f"--- {command}\n{channel.visible}\n{notices}", file=sys.stderr)
    written, shown = Counter(_WORD.findall(" ".join(server.written))), Counter(_WORD.findall(channel.visible))
    share = (written & shown).total() / max(1, written.total())
    first = channel.first_at - began if channel.first_at else 0.0
    return Cost(
        command, server.requests, server.tokens, share, round(first * 1000), round((ended - began) * 1000)
    )


def _median(costs: Sequence[Cost]) -> Cost:
    of = {
        name: median(asdict(cost)[name] for cost in costs)
        for name in ("requests", "tokens", "shown", "first_ms", "all_ms")
    }
    return Cost(
        costs[0].command,
        round(of["requests"]),
        round(of["tokens"]),
        round(of["shown"], 2),
        round(of["first_ms"]),
        round(of["all_ms"]),
    )


def table(versions: Sequence[Sequence[Cost]]) -> str:
    """Markdown; of two versions each cell is before → after."""
    names = ("requests", "tokens", "shown", "first text, ms", "all, ms")
    between = " → ".join
    lines = [f"| command | {' | '.join(names)} |", "| --- |" + " ---: |" * len(names)]
    for costs in zip(*versions, strict=True):
        cells = (
            between(str(cost.requests) for cost in costs),
            between(str(cost.tokens) for cost in costs),
            between(f"{cost.shown:.0%}" for cost in costs),
            between(f"{cost.first_ms:,}" for cost in costs),
            between(f"{cost.all_ms:,}" for cost in costs),
        )
        lines.append(f"| {costs[0].command} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rate", type=float, default=50, help="tokens a second of each answer")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--beside", type=Path, help="what --json printed of a version before")
    parser.add_argument("--show", action="store_true", help="also what people read, on standard error")
    given = parser.parse_args()
    costs = asyncio.run(measure(given.rounds, given.rate, is_told=given.show))
    if given.json:
        json.dump([asdict(cost) for cost in costs], sys.stdout, indent=2)
        return
    before = [Cost(**row) for row in json.loads(given.beside.read_text())] if given.beside else None
    print(table([before, costs] if before else [costs]))


if __name__ == "__main__":
    main()
