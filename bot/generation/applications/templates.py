"""Prompt templates: applications that a workspace's admins add, without code. Values and their checks only.

A prompt names its fields in braces, `{product}`; nothing else is looked up there, no attribute and no format. What
stands in square brackets around a field is left out where that field is empty. What people fill in is put there
once and never read again for fields.
"""

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from bot.core.domain import Task
from bot.core.errors import CommandError
from bot.language import _

MOST_FIELDS = 5
"""As many as a form of Discord takes."""
NAME = re.compile(r"[a-z][a-z0-9-]{1,31}")
_FIELD_NAME = re.compile(r"[a-z][a-z_]{0,31}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*\{[^{}]*\}[^\[\]]*)\]")


class Kind(StrEnum):
    """How a field is filled."""

    TEXT = "text"
    LINES = "lines"
    NUMBER = "number"
    CHOICE = "choice"


class Wanted(StrEnum):
    """What a template is answered with: one text, or a number of ideas, names, slogans or versions of copy."""

    TEXT = "text"
    IDEAS = "ideas"
    NAMES = "names"
    SLOGANS = "slogans"
    COPY = "copy"

    @property
    def task(self) -> Task:
        """The task that the model is given."""
        return _TASKS[self]


_TASKS = {
    Wanted.TEXT: Task.CHAT,
    Wanted.IDEAS: Task.BRAINSTORM,
    Wanted.NAMES: Task.NAME,
    Wanted.SLOGANS: Task.SLOGAN,
    Wanted.COPY: Task.COPY,
}


class TemplateField(BaseModel):
    """One field of a template; a form labels it with `label`, a command line calls it `--name`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    label: str = Field(default="", max_length=45)
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[str, ...] = Field(default=(), max_length=25)
    max_characters: int = Field(default=200, ge=1, le=2000)

    @field_validator("name")
    @classmethod
    def _is_name(cls, name: str) -> str:
        if not _FIELD_NAME.fullmatch(name):
            raise ValueError("a field's name is made of small letters and _, for example target_group")
        return name

    @model_validator(mode="after")
    def _has_choices(self) -> Self:
        if (self.kind is Kind.CHOICE) != bool(self.choices):
            raise ValueError("a field has choices if its kind is choice, and only then")
        if any(not choice.strip() or len(choice) > 75 for choice in self.choices):
            raise ValueError("a choice has 1 to 75 characters")
        return self

    @property
    def shown(self) -> str:
        """What a form calls the field."""
        return self.label or self.name.replace("_", " ").capitalize()


class Template(BaseModel):
    """One template, used as `/name`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    summary: str = Field(min_length=1, max_length=100)
    prompt: str = Field(min_length=1, max_length=2000)
    fields: tuple[TemplateField, ...] = Field(min_length=1, max_length=MOST_FIELDS)
    answer: Wanted = Wanted.TEXT
    count: int = Field(default=3, ge=1, le=12)
    max_characters: int | None = Field(default=None, ge=30, le=4000)
    sections: tuple[str, ...] = Field(default=(), max_length=10)
    example: str = Field(default="", max_length=300)

    @field_validator("name")
    @classmethod
    def _is_free(cls, name: str) -> str:
        from bot.core.commands.declaration import all_commands  # commands use templates

        if not NAME.fullmatch(name):
            raise ValueError(
                "a name is made of 2 to 32 small letters, digits and -, for example elevator-pitch"
            )
        if name in all_commands():
            raise ValueError(f"/{name} is one of Riff's own commands")
        return name

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        names = [field.name for field in self.fields]
        if len(set(names)) < len(names):
            raise ValueError("two fields have the same name")
        used = _PLACEHOLDER.findall(self.prompt)
        unknown = [name for name in used if name not in names]
        if unknown:
            raise ValueError(
                f"the prompt has {{{unknown[0]}}}, which is no field; a field is written {{{names[0]}}}"
            )
        if _PLACEHOLDER.sub("", self.prompt).count("{") or _PLACEHOLDER.sub("", self.prompt).count("}"):
            raise ValueError("the prompt has a brace that belongs to no field")
        unused = [name for name in names if name not in used]
        if unused:
            raise ValueError(f"the prompt does not use the field {unused[0]}")
        if self.sections and (self.answer is not Wanted.TEXT or self.max_characters):
            raise ValueError("sections go with answer = text and without max_characters")
        if any(not 1 <= len(section) <= 40 or ":" in section for section in self.sections):
            raise ValueError("a section's name has 1 to 40 characters and no colon")
        return self

    def fill(self, values: Mapping[str, str]) -> str:
        """The prompt with what a person filled in, as one line of text."""

        def is_filled(part: str) -> bool:
            return all(values.get(name) for name in _PLACEHOLDER.findall(part))

        prompt = _OPTIONAL.sub(lambda found: found[1] if is_filled(found[1]) else "", self.prompt)
        filled = _PLACEHOLDER.sub(lambda found: " ".join(values.get(found[1], "").split()), prompt)
        return " ".join(filled.split())

    @property
    def shown_example(self) -> str:
        """A line that shows how it is used, in the form that works on every platform."""
        if self.example:
            return self.example.replace(f"/{self.name}", f"/use {self.name}", 1)
        others = (f' --{field.name} "…"' for field in self.fields[1:] if field.required)
        return f"/use {self.name} {self.fields[0].shown.rstrip('?').upper()}{''.join(others)}"

    def texts(self) -> tuple[str, ...]:
        """All that a person wrote in it, for moderation."""
        labels = (text for field in self.fields for text in (field.label, *field.choices))
        return tuple(
            filter(None, (self.name, self.summary, self.prompt, self.example, *self.sections, *labels))
        )


def template_from(definition: Mapping[str, Any]) -> Template:
    """The checked template; raises CommandError which names the first fault."""
    try:
        return Template.model_validate(definition)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "template"
        fault = first["msg"].removeprefix("Value error, ")
        raise CommandError(
            _("That template has a fault in {place}: {fault}.", place=place, fault=fault)
        ) from error


def template_from_toml(text: str) -> Template:
    """The template in a TOML document; chat's curly quotation marks are taken as straight ones."""
    try:
        return template_from(tomllib.loads(text.translate(_QUOTES)))
    except tomllib.TOMLDecodeError as error:
        raise CommandError(_("That is no TOML: {fault}. See /help template.", fault=str(error))) from error
    except (ValueError, RecursionError) as error:  # a number too long, or brackets too deep
        raise CommandError(_("That template cannot be read. See /help template.")) from error


_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"'})
