"""Builds a creative command: the options that all of them take, and the brief that comes of what was asked for."""

from collections.abc import Callable
from dataclasses import replace

from bot.config.settings import LimitSettings
from bot.core.commands.call import Answer, Building, Call, Run
from bot.core.commands.declaration import Command, Kind, Option, Verb
from bot.core.commands.option_values import numbers_in
from bot.core.domain import Brief, Invocation, Preferences, Task
from bot.core.errors import CommandError
from bot.generation.applications.formats import LEAST_CHARACTERS
from bot.interactions.last_lists import ideas_meant
from bot.language import N_, _
from bot.session.combining import board_ideas_meant, subject_of
from bot.session.techniques import TECHNIQUES as SESSION_TECHNIQUES
from genai.answers.requests import brief_of
from genai.prompts import LENGTHS, LIST_TASKS, TECHNIQUES, TONES

_ABOUT = N_("What about? For example: {example}")
TOPIC = Option(
    "topic", N_("What about?"), Kind.LINES, N_("WHAT"), positional=True, required=True, asks=_ABOUT
)
COUNT = Option("count", N_("How many?"), Kind.NUMBER, "N", positional=True, limited_by="ideas", default=5)
_ABOUT_TECHNIQUES = {one.model: one.line for one in SESSION_TECHNIQUES}
TECHNIQUE = Option(
    "technique",
    N_("Technique"),
    Kind.CHOICE,
    "T",
    choices=TECHNIQUES,
    about=tuple(_ABOUT_TECHNIQUES[name] for name in TECHNIQUES),
)
CHARACTERS = Option("characters", N_("At most so many characters"), Kind.NUMBER, most=4000)
AUDIENCE = Option("audience", N_("For whom?"), placeholder='"A"')
TONE = Option("tone", N_("Tone"), Kind.CHOICE, "T", choices=TONES)
LENGTH = Option("length", N_("Length"), Kind.CHOICE, choices=LENGTHS)
_SHARED = (
    TONE,
    AUDIENCE,
    LENGTH,
    Option("voice", N_("Brand voice"), placeholder='"V"', most_characters=1000, completes="voices"),
    Option("use", N_("Words to use"), Kind.WORDS),
    Option("avoid", N_("Words to avoid"), Kind.WORDS),
)
_LONGEST_LIST = 999
"""A higher number is no idea's, but a year, or a name."""
_ABOUT_IDEAS = frozenset({Task.IMPROVE, Task.COMBINE, Task.CRITIQUE})

Refine = Callable[[Brief, Invocation], Brief]
"""Puts a command's own options into its brief; raises CommandError."""


def creative_command(
    task: Task,
    summary: str,
    example: str,
    *own: Option,
    form: tuple[str, ...] = (),
    title: str = "",
    topic: Option = TOPIC,
    count: Option = COUNT,
    refine: Refine | None = None,
    run: Run | None = None,
    name: str = "",
) -> Command:
    """A command whose answer is a brief for `task`; `own` are its options beside those that all take.

    `form` names what its form asks for and `title` what that is called, `refine` reads its own options, `run` looks
    up what is meant where the words do not say all. A `name` is needed where it is not the task's.
    """
    words = (count, topic) if task in LIST_TASKS else (topic,)
    known = {option.name for option in own}
    shared = tuple(option for option in _SHARED if option.name not in known)

    def brief(asked: Invocation, limits: LimitSettings) -> Brief:
        if not asked.text("topic"):
            raise CommandError(_(_ABOUT, example=_(example)))
        if task in LIST_TASKS:
            said, topic = brief_of(task, asked.text("topic"))  # "five ideas for a village library"
            number = {count.name: said} if said and asked.number(count.name) is None else {}
            asked = replace(asked, values={**asked.values, "topic": topic, **number})
        made = _brief(task, asked, _count(count, asked, limits) if task in LIST_TASKS else 5)
        return refine(made, asked) if refine else made

    async def run_about_ideas(call: Call) -> Answer:
        meant = await board_ideas_meant(call)
        if meant is None:
            return brief(about(call, await _with_ideas_meant(call)), call.limits)
        brainstorm, cards = meant
        made = brief(about(call, subject_of(cards)), call.limits)
        origins = tuple(card.id for card in cards)
        return made if task is Task.CRITIQUE else Building(made, brainstorm.id, origins)

    run = run_about_ideas if task in _ABOUT_IDEAS else run
    verb = Verb("", summary, (*words, *own, *shared), run, brief, form=form, title=title)
    return Command(name or task.value, summary, example, (verb,))


def about(call: Call, topic: str) -> Invocation:
    """What was asked for, about another topic."""
    return replace(call.invocation, values={**call.invocation.values, "topic": topic})


async def _with_ideas_meant(call: Call) -> str:
    """The topic, with "2" or "1 and 3" replaced by those ideas of the last list here."""
    topic = call.text("topic")
    numbers = numbers_in(topic)
    if not numbers or max(numbers) > _LONGEST_LIST:
        return topic
    ideas = await ideas_meant(call, numbers)
    return " and ".join(f"{idea.title}: {idea.body}" for idea in ideas)


def _count(option: Option, asked: Invocation, limits: LimitSettings) -> int:
    """How many; the settings may allow fewer than are usual."""
    usual = option.default if isinstance(option.default, int) else 1
    wanted = asked.number(option.name)
    count = usual if wanted is None else wanted
    if not 1 <= count <= limits.ideas:
        raise CommandError(
            _("I can give 1 to {most} at a time; ask for a number in that range.", most=limits.ideas)
        )
    return count


def _brief(task: Task, asked: Invocation, count: int) -> Brief:
    return Brief(
        task=task,
        subject=asked.text("topic"),
        count=count,
        technique=asked.text("technique"),
        max_characters=asked.number("characters"),
        preferences=Preferences(
            tone=asked.text("tone"),
            length=asked.text("length"),
            audience=asked.text("audience"),
            brand_voice=asked.text("voice"),
            use_words=asked.words("use"),
            avoid_words=asked.words("avoid"),
        ),
    )


# What commands share whose answers come in several whole versions, each ending with a call to action.

ACTION = Option("action", N_("Call to action"), placeholder=N_('"CALL TO ACTION"'), most_characters=60)


def variants_option(default: int) -> Option:
    """How many versions are wanted."""
    return Option("variants", N_("How many versions?"), Kind.NUMBER, most=5, default=default)


def with_variants(brief: Brief, asked: Invocation, default: int) -> Brief:
    """The brief with --variants, --action and --characters; raises CommandError where these leave no room."""
    ending = asked.text("action")
    least = LEAST_CHARACTERS[brief.task] + len(ending)
    if brief.max_characters is not None and brief.max_characters < least:
        raise CommandError(_("--characters takes at least {least} here.", least=least))
    return replace(brief, variants=asked.number("variants") or default, ending=ending)
