"""Ten templates that are ready to be added, in the languages that Riff speaks.

Each asks for what makes an answer usable: a first step, a sign by which to tell, who could act. What is in a language
is added in the language of who adds it, and from then on it is the workspace's own, to change or to remove.
"""

from collections.abc import Mapping
from typing import Any

from bot.core.errors import CommandError
from bot.generation.applications.templates import Template, template_from
from bot.language import N_, _


def _field(name: str, label: str, *, required: bool = False) -> Mapping[str, Any]:
    return {"name": name, "label": label, "required": required}


_GALLERY: tuple[Mapping[str, Any], ...] = (
    {
        "name": "retro",
        "summary": N_("Small changes to try after a retrospective"),
        "prompt": N_(
            "small changes that {team} can try for two weeks[, after a retrospective in which people said: {said}];"
            " each within the team's own power, with how to tell whether it helped"
        ),
        "example": N_('/retro the support team --said "handovers get lost"'),
        "fields": (
            _field("team", N_("Which team, or which work?"), required=True),
            _field("said", N_("What did people say?")),
        ),
        "answer": "ideas",
        "count": 5,
    },
    {
        "name": "product-name",
        "summary": N_("Names for a product"),
        "prompt": N_("{product}[, for {audience}][; it should sound {feeling}]"),
        "example": N_('/product-name a lamp that wakes you slowly --feeling "calm"'),
        "fields": (
            _field("product", N_("What is it, in a few words?"), required=True),
            _field("audience", N_("For whom?")),
            _field("feeling", N_("How should it sound?")),
        ),
        "answer": "names",
        "count": 8,
    },
    {
        "name": "campaign",
        "summary": N_("Campaigns, each with a first post and a number"),
        "prompt": N_(
            "a campaign for {product}[ that reaches {audience}][ with a budget of {budget}]; each with where it runs,"
            " what the first post shows, and the one number that says whether it works"
        ),
        "example": N_('/campaign a repair café --audience "students"'),
        "fields": (
            _field("product", N_("What is it for?"), required=True),
            _field("audience", N_("Whom should it reach?")),
            _field("budget", N_("What may it cost?")),
        ),
        "answer": "ideas",
        "count": 4,
    },
    {
        "name": "user-story",
        "summary": N_("One user story with what it is accepted by"),
        "prompt": N_(
            "Write one user story for {feature}[, as {user} would tell it]. Name what has to be true before it counts"
            " as done, as three checks that somebody else can make, and what is left out on purpose."
        ),
        "example": N_('/user-story booking a quiet room --user "a new colleague"'),
        "fields": (
            _field("feature", N_("What should be possible?"), required=True),
            _field("user", N_("Who wants it?")),
        ),
        "sections": (N_("Story"), N_("Accepted when"), N_("Left out")),
    },
    {
        "name": "risks",
        "summary": N_("What can go wrong with a plan, and its first sign"),
        "prompt": N_(
            "what can go wrong with {plan}[, above all with {part}]; each with the first sign that it begins, and what"
            " somebody can do that same day"
        ),
        "example": N_('/risks moving the shop in August --part "the phones"'),
        "fields": (
            _field("plan", N_("Which plan?"), required=True),
            _field("part", N_("Which part worries you most?")),
        ),
        "answer": "ideas",
        "count": 6,
    },
    {
        "name": "pre-mortem",
        "summary": N_("It has failed: why, and what would have helped"),
        "prompt": N_(
            "why {project} failed[ by {date}], told as if it had happened; each reason a different one, with what"
            " would have kept it from happening if it had been done this month"
        ),
        "example": N_('/pre-mortem the new intranet --date "next summer"'),
        "fields": (
            _field("project", N_("Which project?"), required=True),
            _field("date", N_("Looking back from when?")),
        ),
        "answer": "ideas",
        "count": 5,
    },
    {
        "name": "event-idea",
        "summary": N_("Something to do together"),
        "prompt": N_(
            "something that {people} do together[ to mark {occasion}][ for at most {budget}]; nobody has to be sporty,"
            " loud or a drinker to like it, and it can be set up in a week"
        ),
        "example": N_('/event-idea a team of twelve --occasion "the end of the year"'),
        "fields": (
            _field("people", N_("For whom, and how many?"), required=True),
            _field("occasion", N_("What is the occasion?")),
            _field("budget", N_("What may it cost?")),
        ),
        "answer": "ideas",
        "count": 5,
    },
    {
        "name": "onboarding",
        "summary": N_("A new colleague's first day, week and month"),
        "prompt": N_(
            "Plan how a new {role} arrives[ in {team}]. For each time one thing to do that matters to others, one"
            " person to meet and why, and one question that they should be able to answer at its end."
        ),
        "example": N_('/onboarding night nurse --team "ward four"'),
        "fields": (
            _field("role", N_("Who is coming?"), required=True),
            _field("team", N_("To which team?")),
        ),
        "sections": (N_("First day"), N_("First week"), N_("First month")),
    },
    {
        "name": "research",
        "summary": N_("Questions for interviews"),
        "prompt": N_(
            "a question for an interview with {people} about {topic}; ask for the last time that something happened"
            " and what they did, never for opinions about the future, and none that yes or no would answer"
        ),
        "example": N_('/research lunch at work --people "shift workers"'),
        "fields": (
            _field("topic", N_("What do you want to learn about?"), required=True),
            _field("people", N_("Whom do you talk to?"), required=True),
        ),
        "answer": "ideas",
        "count": 6,
    },
    {
        "name": "tagline",
        "summary": N_("Taglines of a few words"),
        "prompt": N_("{product}[ for {audience}][, which is true of no other: {only}]"),
        "example": N_('/tagline a bakery --audience "early risers"'),
        "fields": (
            _field("product", N_("What is it for?"), required=True),
            _field("audience", N_("For whom?")),
            _field("only", N_("What is true of it alone?")),
        ),
        "answer": "slogans",
        "count": 6,
        "max_characters": 60,
    },
)

NAMES = tuple(str(one["name"]) for one in _GALLERY)
"""What the ready templates are called, in the order in which they are shown."""
_NO_SUCH = N_("There is no ready template of that name; /template gallery shows them all.")


def gallery() -> tuple[Template, ...]:
    """The ready templates, in the language that is spoken now."""
    return tuple(map(_spoken, _GALLERY))


def ready_template(name: str) -> Template:
    """The ready template of that name; raises CommandError where there is none."""
    wanted = name.lower().lstrip("/")
    found = next((one for one in _GALLERY if one["name"] == wanted), None)
    if found is None:
        raise CommandError(_(_NO_SUCH))
    return _spoken(found)


def _spoken(ready: Mapping[str, Any]) -> Template:
    """The template with its texts in the language that is spoken now."""
    fields = [{**field, "label": _(field["label"])} for field in ready["fields"]]
    texts = {key: _(ready[key]) for key in ("summary", "prompt", "example")}
    sections = tuple(_(section) for section in ready.get("sections", ()))
    return template_from({**ready, **texts, "fields": fields, "sections": sections})
