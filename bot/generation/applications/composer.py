"""Brings what a model writes into the form of an application: parts in their order, distinct, none over its limit.

The words are the model's. What it leaves out, or writes longer than a platform takes, it is asked for once more; what
is too long even then is shortened at the end of a sentence, a clause or a word, and what is missing is told as such.
Works on text before moderation, and shows nothing.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from rapidfuzz import fuzz, utils

from bot.core.domain import Brief, Idea, Task
from bot.generation.applications import shortening
from bot.generation.applications.feature_table import feature_table
from bot.generation.applications.formats import named_parts
from bot.generation.applications.layout import Draft, Layout, Part, Shape, read, sources, write
from bot.generation.idea_lists import breaks_rules
from bot.generation.whole_text import WholeText
from bot.language import _
from genai.prompts import leaving_out

Ask = Callable[[Brief, int], Awaitable[list[str]]]
"""Whole texts of a model for a brief, at most so many; none once time is up."""

ATTEMPTS = 2
_SAME = 90.0


class Composer:
    """Composes one answer; afterwards `missing` are the labels of what the model left out of what was shown."""

    def __init__(self, brief: Brief, layout: Layout, ask: Ask) -> None:
        self._brief = brief
        self._layout = layout
        self._ask = ask
        self._drafts: list[Draft] = []
        self._unformed = ""
        self._taken: list[str] = []
        self.missing: tuple[str, ...] = ()

    async def pieces(self) -> AsyncGenerator[str | Idea]:
        """The answer a version at a time; versions of copy are a list of ideas. Nothing where all breaks the rules."""
        asked = named_parts(replace(self._brief, variants=1), self._layout)
        self._take(await self._ask(asked, self._brief.variants))
        if not self._are_enough():
            self._take(
                await self._ask(self._asked_again(asked), max(1, self._brief.variants - self._whole()))
            )
        shown = 0
        for number in range(min(self._brief.variants, len(self._drafts))):
            taken = list(self._taken)
            filled = self._filled(number)
            if filled:
                shown += 1
                again = partial(self._again, number, taken)
                async for piece in self._shown(shown, filled, self._drafts[number].others, again):
                    yield piece
        is_said = bool(self._unformed) and not self._layout.source
        if not shown and is_said and not breaks_rules(self._unformed, self._brief):
            self.missing = tuple(part.label for part in self._layout.parts if part.required)
            yield WholeText(self._unformed)

    async def _shown(
        self,
        number: int,
        filled: Mapping[str, Sequence[str]],
        others: Mapping[str, str],
        again: Callable[[str, str], Awaitable[str]],
    ) -> AsyncGenerator[str | Idea]:
        text = self._text(filled, others)
        if self._layout.shape is Shape.PROSE and self._brief.variants > 1:
            yield Idea(number, "", text)
            return
        heading = f"**{_('Variant {number}', number=number)}**\n" if self._brief.variants > 1 else ""
        between = "\n\n" if number > 1 else ""
        opening = f"{between}{heading}"
        yield WholeText(f"{opening}{text}", partial(again, opening))
        if self._layout.has_table and (table := await self._table(filled, self._brief)):
            yield WholeText(f"\n\n{table}", partial(self._table_again, filled))

    def _text(self, filled: Mapping[str, Sequence[str]], others: Mapping[str, str]) -> str:
        is_free = not self._layout.source and self._brief.max_characters is None
        return write(self._layout, filled, others if is_free else None)

    async def _again(self, number: int, taken: list[str], opening: str, category: str) -> str:
        """Another version in the place of one that was blocked; `taken` are the texts of the versions before it."""
        brief = leaving_out(replace(self._brief, variants=1), category)
        for text in await self._ask(named_parts(brief, self._layout), 1):
            self._drafts[number], self._taken = read(self._layout, text), list(taken)
            if filled := self._filled(number):
                return opening + self._text(filled, self._drafts[number].others)
        return ""

    async def _table_again(self, filled: Mapping[str, Sequence[str]], category: str) -> str:
        table = await self._table(filled, leaving_out(self._brief, category))
        return f"\n\n{table}" if table else ""

    def _take(self, texts: Sequence[str]) -> None:
        """Add what was written to the drafts; those that are whole come first."""
        for text in texts:
            draft = read(self._layout, text)
            if draft.parts and not any(_is_same(draft.text, other.text) for other in self._drafts):
                self._drafts.append(draft)
            self._unformed = self._unformed or ("" if draft.parts else text.strip())
        self._drafts.sort(key=lambda draft: (not self._is_whole(draft), -self._used(draft.text)))

    def _are_enough(self) -> bool:
        return self._whole() >= self._brief.variants

    def _whole(self) -> int:
        return sum(map(self._is_whole, self._drafts))

    def _asked_again(self, asked: Brief) -> Brief:
        """What is missing of the one version that there is, by name; else the whole form."""
        if self._brief.variants > 1 or not self._drafts or self._layout.shape is not Shape.LABELLED:
            return asked
        draft = self._drafts[0]
        open_parts = [part for part in self._layout.parts if not self._is_filled(draft, part)]
        if not open_parts or len(open_parts) == len(self._layout.parts):
            return asked
        said = "; ".join(
            f"{part.label}: {' '.join(draft.parts[part.label])}"
            for part in self._layout.parts
            if part not in open_parts and part.label in draft.parts
        )
        names = tuple(name for part in open_parts for name in part.names)
        notes = (*asked.notes, ("Written already", said)) if said else asked.notes
        return replace(asked, sections=names, notes=notes)

    def _is_whole(self, draft: Draft) -> bool:
        if self._brief.preferences.use_words and not self._used(draft.text):
            return False
        return all(self._is_filled(draft, part) for part in self._layout.parts if part.required)

    def _is_filled(self, draft: Draft, part: Part) -> bool:
        """Whether there are as many texts for the part as are wanted, all of them good."""
        texts = [*self._given(part), *(text for name in sources(part) for text in draft.parts.get(name, ()))]
        return len([text for text in texts if self._is_good(part, text)]) >= part.count

    def _used(self, text: str) -> int:
        """How many of the words that are to be used are in `text`."""
        return sum(word.lower() in text.lower() for word in self._brief.preferences.use_words)

    def _is_good(self, part: Part, text: str) -> bool:
        is_phrase = shortening.is_complete(text) if part.most else bool(text.strip())
        return is_phrase and self._fits(part, text) and self._is_allowed(text)

    def _is_allowed(self, text: str) -> bool:
        return not breaks_rules(text, replace(self._brief, max_characters=None))

    def _fits(self, part: Part, text: str) -> bool:
        """Whether the text is within the part's limit, together with the call to action where it ends with one."""
        return part.fits(self._ended(part, text))

    def _ended(self, part: Part, text: str) -> str:
        ending = self._brief.ending
        if self._brief.task is not Task.COPY or part.label != self._layout.prose or not ending:
            return text
        return text if text.rstrip(" .!").endswith(ending.rstrip(" .!")) else f"{text} {ending}"

    def _filled(self, number: int) -> dict[str, Sequence[str]]:
        """The texts of one version; {} where the model has none that may be shown."""
        drafts = [self._drafts[number], *(self._drafts[:number] + self._drafts[number + 1 :])]
        filled: dict[str, Sequence[str]] = {}
        missing: list[str] = []
        for part in self._layout.parts:
            texts = self._part(part, drafts)
            if texts:
                filled[part.label] = [self._ended(part, text) for text in texts]
            missing += part.names[len(texts) :] if part.required else ()
        if filled:
            self.missing = tuple(dict.fromkeys((*self.missing, *missing)))
        return filled

    def _part(self, part: Part, drafts: Sequence[Draft]) -> list[str]:
        """As many texts for the part as are wanted, where there are so many that differ and are not taken yet."""
        said = self._candidates(part, drafts)
        fits = partial(self._fits, part)
        shorter = (shortening.by_sentences, shortening.by_clauses, shortening.by_words)
        tried: list[str] = [text for text in self._given(part) if self._is_good(part, text)]
        tried += [text for text in said if not part.most or fits(text)]
        tried += [shorten(text, fits) for shorten in shorter for text in said if not fits(text)]
        texts: list[str] = []
        for text in tried:
            is_new = not any(_is_same(text, taken) for taken in self._taken)
            if len(texts) < part.count and is_new and self._is_good(part, text):
                texts.append(text)
                self._taken.append(text)
        return texts

    def _candidates(self, part: Part, drafts: Sequence[Draft]) -> list[str]:
        """What the model wrote that could stand there, its own draft first. Headlines have no full stop."""
        said = [text for draft in drafts for name in sources(part) for text in draft.parts.get(name, ())]
        if part.label == "Headline":
            said = [text.rstrip(".!。！") for text in said]
        return list(dict.fromkeys(said))

    def _given(self, part: Part) -> Iterable[str]:
        """What the person laid down for the part: the problem that a design solves, the call to action of an ad."""
        label = f"{part.label}: "
        laid_down = [line.removeprefix(label) for line in self._brief.details if line.startswith(label)]
        is_action = self._brief.ending and "Call to action" in sources(part)
        return [*laid_down, self._brief.ending] if is_action else laid_down

    async def _table(self, filled: Mapping[str, Sequence[str]], brief: Brief) -> str:
        features = "\n".join(filled.get("Features", ()))
        return await feature_table(brief, features, self._ask, self._is_allowed)


def _is_same(one: str, other: str) -> bool:
    return fuzz.token_sort_ratio(one, other, processor=utils.default_process) >= _SAME
