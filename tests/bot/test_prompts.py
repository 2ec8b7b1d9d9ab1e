"""What models are told: each task with form, example and wishes for instruct models, one sentence for small ones."""

import json

import pytest
from typer.testing import CliRunner

from bot.cli.main import app
from bot.core.domain import Brief, Preferences, Task
from bot.generation.applications.formats import first_asked
from genai.prompts import EXAMPLE_TITLES, LENGTHS, LIST_TASKS, TECHNIQUES, build_turns, instructions
from genai.request import PromptStyle, Turn
from genai.settings import GeneratorSettings

ROLE = "You are Riff, a brainstorming partner. "
WISHES = Preferences(
    tone="playful", length="short", audience="night owls", use_words=("jar",), language="German"
)


def told(brief: Brief, style: PromptStyle = "instruct") -> tuple[str, str]:
    """The instruction, "" where there is none, and the request."""
    *before, request = build_turns(brief, style=style)
    return before[0].content if before else "", request.content


@pytest.mark.parametrize("task", [task for task in Task if task is not Task.CHAT])
def test_an_instruct_model_is_told_task_form_example_and_what_is_good(task: Task) -> None:
    system, request = told(Brief(task, "a tea shop", 5, preferences=WISHES))
    assert (
        system.index("Task: ")
        < system.index("Form: ")
        < system.index("Good means: ")
        < system.index("Example ")
    )
    assert "nly " in system[system.index("Form: ") : system.index("Good means: ")] or task is Task.COPY
    assert "do not reuse its topic" in system
    for wish in ("Tone: playful", "Audience: night owls", "Use the words: jar", "Language: German"):
        assert wish in system
    assert "a tea shop" in request
    assert "{" not in system + request


@pytest.mark.parametrize("task", [*Task])
def test_nothing_of_the_example_is_confidential_but_riff_s_own_words_are(task: Task) -> None:
    brief = Brief(task, "a tea shop", preferences=WISHES)
    own = instructions(brief)
    assert told(brief)[0].startswith(own)
    assert "Example of the form" not in own
    assert "night owls" not in own
    assert instructions(brief, "plain") == ""


@pytest.mark.parametrize("length", LENGTHS)
def test_a_length_is_told_in_words(length: str) -> None:
    for task in (*LIST_TASKS, Task.CHAT, Task.COPY, Task.DESIGN):
        system, _request = told(Brief(task, "tea", preferences=Preferences(length=length)))
        (line,) = [line for line in system.splitlines() if line.startswith("Length: ")]
        assert line.startswith(f"Length: {length} (")
        assert " words" in line


@pytest.mark.parametrize("technique", TECHNIQUES)
def test_a_technique_says_what_it_asks_for(technique: str) -> None:
    for named in (technique, f"{technique} (Substitute: What could you replace?)"):
        system, _request = told(Brief(Task.BRAINSTORM, "tea", technique=named))
        (line,) = [line for line in system.splitlines() if line.startswith("Technique: ")]
        assert line.startswith(f"Technique: {named} (")
        assert len(line) > len(f"Technique: {named}") + 50


def test_what_exists_is_told() -> None:
    system, _request = told(Brief(Task.BRAINSTORM, "tea", already=("Stamp Card", "Night Market")))
    assert "Do not repeat: Stamp Card; Night Market" in system


def test_chat_may_answer_with_a_list() -> None:
    system, request = told(Brief(Task.CHAT, "List the planets."))
    assert "a list where people ask for one" in system
    assert request == "List the planets."


@pytest.mark.parametrize(
    ("brief", "request_text"),
    [
        (Brief(Task.BRAINSTORM, "how to reduce food waste in our canteen"),
         "Give me 5 ideas to reduce food waste in our canteen."),
        (Brief(Task.BRAINSTORM, "a tea shop", 1), "Give me 1 idea: a tea shop."),
        (Brief(Task.SLOGAN, "a tram museum.", 3), "Write 3 slogans for a tram museum."),
        (Brief(Task.NAME, "a ferry café", 4), "Suggest 4 names for a ferry café."),
        (Brief(Task.RECOMMEND, "books about sailing", 3), "Recommend 3 books about sailing."),
        (Brief(Task.RECOMMEND, "tea", 3), "Recommend 3 things about tea."),
        (Brief(Task.CHAT, "What is a quay?"), "What is a quay?"),
    ],
)  # fmt: skip
def test_a_small_model_is_asked_in_one_sentence(brief: Brief, request_text: str) -> None:
    assert build_turns(brief, style="plain") == (Turn("system", ROLE.strip()), Turn("user", request_text))


def test_a_small_model_hears_wishes_in_one_line() -> None:
    system, _request = told(Brief(Task.BRAINSTORM, "tea", preferences=WISHES), "plain")
    assert system == ROLE + (
        "Tone: playful. Length: short. Audience: night owls. Use the words: jar. Language: German."
    )


def test_the_parts_of_a_form_with_limits_are_named() -> None:
    system, _request = told(
        first_asked(Brief(Task.AD, "tea", layout="search", details=("Most characters: x",)))
    )
    assert "Headline 1, Headline 2, Headline 3, Description 1 and Description 2" in system
    assert system.endswith("Most characters: x")


def test_braces_in_sections_are_words() -> None:
    system, _request = told(Brief(Task.CHAT, "tea", sections=("Hook {x}", "Ask")))
    assert "Hook {x} and Ask" in system


def test_the_style_is_that_of_the_model() -> None:
    assert GeneratorSettings().prompt_style == "plain"
    assert GeneratorSettings(model="/models/a").prompt_style == "instruct"
    assert GeneratorSettings(model="/models/a", prompts="plain").prompt_style == "plain"
    server = GeneratorSettings(backend="openai", base_url=("http://localhost:1/v1",))
    assert server.prompt_style == "instruct"
    assert len(set(EXAMPLE_TITLES)) == len(EXAMPLE_TITLES) >= 4


@pytest.mark.parametrize("text", ["/brainstorm 3 tea shops --tone bold", "three ideas for tea shops"])
def test_riff_prompt_prints_the_turns(text: str) -> None:
    shown = CliRunner().invoke(app, ["prompt", text, "--style", "instruct"])
    assert shown.exit_code == 0, shown.output
    printed = json.loads(CliRunner().invoke(app, ["prompt", text, "--style", "instruct", "--json"]).stdout)
    assert printed["prompt_version"] == "instruct/1"
    assert printed["turns"][-1]["content"] == "Brainstorm 3 ideas about tea shops."
    assert all(turn["content"] in shown.stdout for turn in printed["turns"])
    plain = json.loads(CliRunner().invoke(app, ["prompt", text, "--json"]).stdout)
    assert plain["turns"][-1]["content"] == "Give me 3 ideas: tea shops."
