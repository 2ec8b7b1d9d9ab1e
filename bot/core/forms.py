"""Forms as platform-neutral values: which fields, with what in them; adapters draw them as modals.

What a filled form comes to is in `bot.interactions.form_answers`.
Texts in a field are the person's own or passed moderation.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.config.settings import LimitSettings
from bot.core.domain import Profile, Voice
from bot.language import _
from genai.prompts import LENGTHS, TECHNIQUES, TONES

SHORT = 200
LONG = 2000
SAMPLES = 3000
"""As many as an input of Slack takes."""


class FieldKind(StrEnum):
    """How a field is filled: a line, several lines, a whole number, one of the choices, or some of them."""

    TEXT = "text"
    LINES = "lines"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `choices` are (value, label), `value` is what it holds when the form opens."""

    name: str
    label: str
    kind: FieldKind = FieldKind.TEXT
    value: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    required: bool = False
    max_characters: int = SHORT
    least: int = 1
    most: int = 1


@dataclass(frozen=True, slots=True)
class Form:
    """A form to open; `target` comes back with what was filled in."""

    name: str
    title: str
    submit: str
    fields: tuple[Field, ...]
    target: str = ""


def brainstorm_form(limits: LimitSettings, topic: str = "") -> Form:
    """The guided brainstorm."""
    first, *others = brainstorm_fields(limits)
    fields = (replace(first, value=topic[:LONG]), *others)
    return Form("brainstorm", _("Brainstorm"), _("Go"), fields)


def brainstorm_fields(limits: LimitSettings) -> tuple[Field, ...]:
    """What the guided brainstorm asks for."""
    return (
        topic_field(),
        audience_field(),
        tone_field(),
        number_field("count", _("How many ideas?"), min(5, limits.ideas), limits.ideas),
        choice_field("technique", _("Technique"), TECHNIQUES),
    )


def topic_field(label: str = "", hint: str = "") -> Field:
    """What a creative command is about."""
    return Field(
        "topic", label or _("What about?"), FieldKind.LINES, hint=hint, required=True, max_characters=LONG
    )


def audience_field() -> Field:
    """For whom the answer is."""
    return Field("audience", _("For whom?"))


def choice_field(name: str, label: str, choices: Sequence[str], value: str = "") -> Field:
    """One of Riff's own choices."""
    return Field(name, label, FieldKind.CHOICE, value, _same(choices))


def tone_field() -> Field:
    """The tone of the answer."""
    return choice_field("tone", _("Tone"), TONES)


def number_field(name: str, label: str, value: int, most: int) -> Field:
    """A whole number from 1."""
    return Field(name, label, FieldKind.NUMBER, str(value), least=1, most=most)


def profile_form(profile: Profile) -> Form:
    """What Riff remembers of a person, to change."""
    return Form(
        "profile",
        _("Your profile"),
        _("Save"),
        (
            Field("display_name", _("What shall I call you?"), value=profile.display_name),
            Field("role", _("Your role"), value=profile.role),
            Field("audience", _("Whom do you write for?"), value=profile.audience),
            Field("tone", _("Tone"), FieldKind.CHOICE, profile.tone, _same(TONES)),
            Field("length", _("Length of answers"), FieldKind.CHOICE, profile.length, _same(LENGTHS)),
            Field("language", _("Language"), value=profile.language),
            Field(
                "interests",
                _("Interests"),
                FieldKind.LINES,
                ", ".join(profile.interests),
                hint=_("With commas between."),
                max_characters=LONG,
            ),
            *_voice_fields(profile.brand_voice, profile.use_words, profile.avoid_words),
        ),
    )


def voice_form(voice: Voice) -> Form:
    """The voice of the brand in a channel, to change."""
    examples = Field(
        "voice_examples",
        _("Examples of the voice"),
        FieldKind.LINES,
        "\n".join(voice.voice_examples),
        hint=_("A line each."),
        max_characters=LONG,
    )
    fields = (*_voice_fields(voice.brand_voice, voice.use_words, voice.avoid_words), examples)
    return Form("voice", _("Brand voice"), _("Save"), fields)


def learn_form() -> Form:
    """Samples that a voice is learned from; what was learned is shown before it is in use."""
    samples = Field(
        "samples",
        _("Texts in the brand's voice"),
        FieldKind.LINES,
        hint=_("Paste some posts, pages or letters; 30 words at least."),
        required=True,
        max_characters=SAMPLES,
    )
    places = (("channel", _("this channel")), ("workspace", _("the whole workspace")))
    place = Field("for", _("For which place?"), FieldKind.CHOICE, "channel", places)
    return Form("voice-learn", _("Learn a brand voice"), _("Learn"), (samples, place))


def template_form() -> Form:
    """A new template; `bot.generation.applications.template_form` reads it."""
    return Form(
        "template",
        _("A new template"),
        _("Add"),
        (
            Field("name", _("Name"), hint=_("People type it: /name"), required=True, max_characters=32),
            Field("summary", _("What comes of it"), required=True, max_characters=100),
            Field(
                "prompt",
                _("Prompt"),
                FieldKind.LINES,
                hint=_("With fields in braces: a pitch for {product}[ to {listener}]"),
                required=True,
                max_characters=LONG,
            ),
            Field(
                "fields",
                _("Fields, a line each"),
                FieldKind.LINES,
                hint=_("product* or listener: investors, customers"),
                required=True,
                max_characters=LONG,
            ),
            Field(
                "rules",
                _("Answer and limits"),
                hint=_("answer = ideas, count = 3, max_characters = 200"),
            ),
        ),
    )


def combine_form(idea_id: str, name: str, others: Sequence[tuple[str, str]]) -> Form:
    """Which ideas shall be combined with the one called `name`; `others` are (id, name)."""
    field = Field(
        "others",
        _("Combine “{name}” with", name=name[:60]),
        FieldKind.CHOICES,
        choices=tuple(others),
        required=True,
        most=len(others),
    )
    return Form("combine", _("Combine ideas"), _("Combine"), (field,), idea_id)


def _voice_fields(description: str, use: Sequence[str], avoid: Sequence[str]) -> tuple[Field, ...]:
    return (
        Field("brand_voice", _("Brand voice"), FieldKind.LINES, description, max_characters=LONG),
        Field(
            "use_words",
            _("Words to use"),
            value=", ".join(use),
            hint=_("With commas between."),
            max_characters=LONG,
        ),
        Field(
            "avoid_words",
            _("Words to avoid"),
            value=", ".join(avoid),
            hint=_("With commas between."),
            max_characters=LONG,
        ),
    )


def _same(choices: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((choice, _(choice)) for choice in choices)
