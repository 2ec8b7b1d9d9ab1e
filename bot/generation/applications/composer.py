"""Brings what a model writes into the form of an application: all parts there, distinct, none over its limit.

A draft that is whole is taken as it is. Where the model writes too long or leaves parts out it is asked again; what
is still amiss is taken from its other drafts, shortened by the model, shortened at the end of a sentence or clause,
or stands in words of Riff's own. Works on text before moderation, and shows nothing.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from rapidfuzz import fuzz, utils

from bot.core.domain import Brief, Preferences, Task
from bot.core.ideas import parse_ideas
from bot.generation.applications import shortening
from bot.generation.applications.layout import Draft, Layout, Part, Shape, feature_table, read, write
from bot.generation.reranking import breaks_rules
from bot.language import _

Ask = Callable[[Brief, int], Awaitable[list[str]]]
"""Whole texts of a model for a brief, at most so many; none once time is up."""

ATTEMPTS = 3
_SHORTENINGS = 3
_SAME = 90.0
_ABOUT_THE_SAME = 60.0
_SLOGANS = 6

Filled = dict[str, str | tuple[str, ...]]


class Composer:
    """Composes one answer; yields it a variant at a time."""

    def __init__(self, brief: Brief, layout: Layout, ask: Ask) -> None:
        self._brief = brief
        self._layout = layout
        self._ask = ask
        self._drafts: list[Draft] = []
        self._slogans: tuple[str, ...] = ()
        self._taken: list[str] = []
        self._shortenings = 0

    async def pieces(self) -> AsyncGenerator[str]:
        """The text of the answer; nothing where a part could be filled with nothing that keeps to the rules."""
        await self._write_drafts()
        shown = 0
        for number in range(self._brief.variants if self._drafts else 0):
            filled = await self._variant(number)
            if filled is not None:
                shown += 1
                yield (
                    "\n\n" if shown > 1 and not self._is_list else "\n" if shown > 1 else ""
                ) + self._headed(shown, write(self._layout, filled))
                if self._layout.has_table and (table := await self._table(filled)):
                    yield f"\n\n{table}"

    @property
    def _is_list(self) -> bool:
        """Whether variants are lines of a numbered list, each of them an idea that can be liked and saved."""
        return self._layout.shape is Shape.PROSE and self._brief.variants > 1

    def _headed(self, number: int, text: str) -> str:
        if self._is_list:
            return f"{number}. {' '.join(text.split())}"
        return f"**{_('Variant {number}', number=number)}**\n{text}" if self._brief.variants > 1 else text

    async def _write_drafts(self) -> None:
        wanted = self._brief.variants
        asked = replace(self._brief, variants=1)
        for _attempt in range(ATTEMPTS):
            for text in await self._ask(asked, wanted + (1 if wanted > 1 else 0)):
                draft = read(self._layout, text)
                if draft and not self._is_known(draft):
                    self._drafts.append(draft)
            if sum(map(self._is_whole, self._drafts)) >= wanted:
                break
        self._drafts.sort(
            key=lambda draft: (not self._is_whole(draft), -self._used(" ".join(draft.values())))
        )
        if self._layout.slogans:
            brief = replace(asked, task=Task.SLOGAN, count=_SLOGANS, details=(), max_characters=None)
            lines = [idea for text in await self._ask(brief, 1) for idea in parse_ideas(text)]
            self._slogans = tuple(f"{idea.title} {idea.body}".strip().rstrip(".") for idea in lines)

    def _is_known(self, draft: Draft) -> bool:
        text = " ".join(draft.values())
        return any(_is_same(text, " ".join(other.values())) for other in self._drafts)

    def _is_whole(self, draft: Draft) -> bool:
        if self._brief.preferences.use_words and not self._used(" ".join(draft.values())):
            return False
        return all(
            self._is_good(part, self._text(draft, part)) and part.count == 1
            for part in self._layout.parts
            if part.required
        )

    def _used(self, text: str) -> int:
        """How many of the words that are to be used are in `text`."""
        return sum(word.lower() in text.lower() for word in self._brief.preferences.use_words)

    def _text(self, draft: Draft, part: Part) -> str:
        return next((draft[source] for source in _sources(part) if source in draft), "")

    def _is_good(self, part: Part, text: str) -> bool:
        return (
            bool(text)
            and self._fits(part, text)
            and shortening.is_complete(text)
            and not breaks_rules(text, replace(self._brief, max_characters=None))
        )

    def _fits(self, part: Part, text: str) -> bool:
        """Whether the text is within the part's limit, together with the call to action where it ends with one."""
        return part.fits(self._ended(part, text))

    def _ended(self, part: Part, text: str) -> str:
        ending = self._brief.ending
        if self._brief.task is not Task.COPY or part.label != self._layout.prose or not ending:
            return text
        return text if text.rstrip(" .!").endswith(ending.rstrip(" .!")) else f"{text} {ending}"

    async def _variant(self, number: int) -> Filled | None:
        own: list[Draft] = self._drafts[number : number + 1]
        others = [draft for draft in self._drafts if draft not in own]
        filled: Filled = {}
        for part in self._layout.parts:
            texts: list[str] = []
            for _count in range(part.count):
                text = await self._part(part, own, others)
                if text is None:
                    break
                texts.append(text)
                self._taken.append(text)
            if not texts and part.required:
                return None
            if texts:
                filled[part.label] = tuple(texts) if part.count > 1 else self._ended(part, texts[0])
        return filled

    async def _part(self, part: Part, own: Sequence[Draft], others: Sequence[Draft]) -> str | None:
        """A text for the part that is not taken yet, the model's own rather than Riff's."""
        given = next((text for text in self._given(part) if self._is_good(part, text)), None)
        if given is not None:
            return given
        said = self._candidates(part, own, others)
        fits = partial(self._fits, part)
        whole = self._first(part, said)
        if whole is not None or not part.required:
            return whole
        return (
            self._first(part, (shortening.by_sentences(text, fits) for text in said))
            or await self._by_model(said, part)
            or self._first(part, (shortening.by_clauses(text, fits) for text in said))
            or self._first(part, self._framed(part))
            or next((text for text in self._framed(part) if self._is_good(part, text)), None)
            or self._first(part, (shortening.by_words(text, fits) for text in said))
        )

    def _candidates(self, part: Part, own: Sequence[Draft], others: Sequence[Draft]) -> list[str]:
        """What the model wrote that could stand there: by source, its own draft first. Headlines have no full stop."""
        said: list[str] = []
        for source in _sources(part):
            said += self._slogans if source == "Slogan" else ()
            said += [draft[source] for draft in (*own, *others) if source in draft]
        if part.label == "Headline":
            said = [text.rstrip(".!。！") for text in said]
        return list(dict.fromkeys(said))

    def _given(self, part: Part) -> list[str]:
        """What the person laid down for the part: the problem that a design solves, the call to action of an ad."""
        label = f"{part.label}: "
        laid_down = [line.removeprefix(label) for line in self._brief.details if line.startswith(label)]
        is_action = self._brief.ending and _sources(part) == ("Call to action",)
        return [*laid_down, self._brief.ending] if is_action else laid_down

    def _first(self, part: Part, texts: Iterable[str]) -> str | None:
        return next(
            (
                text
                for text in texts
                if self._is_good(part, text) and not any(_is_same(text, taken) for taken in self._taken)
            ),
            None,
        )

    async def _by_model(self, said: Sequence[str], part: Part) -> str | None:
        """The first text said shorter by the model, where it can: it must still say about the same."""
        text = next((one for one in said if not self._fits(part, one)), "")
        if not text or self._shortenings >= _SHORTENINGS:
            return None
        self._shortenings += 1
        request = f"Say this in at most {part.most} characters: {text}"
        brief = Brief(Task.CHAT, request, preferences=Preferences(tone=self._brief.preferences.tone))
        for written in await self._ask(brief, 2):
            line = next(iter(written.strip().splitlines()), "").strip().strip('"“”')
            alike = fuzz.token_set_ratio(text, line, processor=utils.default_process)
            if alike >= _ABOUT_THE_SAME and self._first(part, [line]):
                return line
        return None

    def _framed(self, part: Part) -> list[str]:
        subject = shortening.capitalised(" ".join(self._brief.subject.split()).rstrip(".!?"))
        framed = [_(frame, subject=subject) for frame in part.frames]
        if "{subject}" in part.frames:
            framed.insert(1, shortening.by_words(_without_article(subject), part.fits))
        return framed

    async def _table(self, filled: Filled) -> str:
        features = str(filled.get("Features", ""))
        return await feature_table(self._brief, features, self._ask, self._is_allowed)

    def _is_allowed(self, text: str) -> bool:
        return not breaks_rules(text, replace(self._brief, max_characters=None))


def _sources(part: Part) -> tuple[str, ...]:
    return part.sources or (part.label,)


def _is_same(one: str, other: str) -> bool:
    return fuzz.token_sort_ratio(one, other, processor=utils.default_process) >= _SAME


def _without_article(subject: str) -> str:
    first, _space, rest = subject.partition(" ")
    return shortening.capitalised(rest) if first.lower() in {"a", "an", "the"} and rest else subject
