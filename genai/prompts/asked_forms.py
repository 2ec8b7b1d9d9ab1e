"""The forms that answers are asked for in, each with one worked example, which is about none of people's topics."""

from dataclasses import dataclass

from genai.prompts.brief import Task

EXAMPLE_TOPIC = "a school's lost-property box"


@dataclass(frozen=True, slots=True)
class AskedForm:
    """What is asked for: the task, the form of its answer, an example of that, and what makes it good."""

    task: str
    form: str
    example: str = ""
    good: str = ""


_IDEAS_ARE_GOOD = (
    "Good means: concrete, with who does what and when; possible here with ordinary means; each unlike all others in"
    " mechanism, not only in wording; nothing that anybody would name first."
)
_IDEA = (
    "**Friday Table**: The caretaker lays out all that was found by the gate at noon on Fridays;"
    " what is left goes to the swap shop."
)
_NAME = "**Second Sock**: says with a wink what ends up in the box."
_SLOGAN = "**Lost on Monday, yours by Friday.**"
_PICK = "**A label printer**: every jacket gets a name before it can get lost."

FORMS = {
    Task.CHAT: AskedForm(
        "answer what the person says.",
        "Markdown as short as the matter allows; a list where people ask for one, else sentences.",
    ),
    Task.BRAINSTORM: AskedForm(
        "brainstorm {count} ideas about the person's topic.",
        "a numbered list of {lines}, each **Title**: one or two sentences. Only the list: no introduction, no closing"
        " words, no points below an idea.",
        f"1. {_IDEA}",
        _IDEAS_ARE_GOOD,
    ),
    Task.SLOGAN: AskedForm(
        "write {count} slogans for what the person names.",
        "a numbered list of {lines}, each one **slogan** and nothing else. Only the list: no introduction, no closing"
        " words.",
        f"1. {_SLOGAN}",
        "Good means: at most eight words, easy to say aloud, about this thing and no other, no two alike in build.",
    ),
    Task.NAME: AskedForm(
        "suggest {count} names for what the person describes.",
        "a numbered list of {lines}, each **Name**: why it fits, in at most twelve words. Only the list: no"
        " introduction, no closing words.",
        f"1. {_NAME}",
        "Good means: short, easy to spell, not taken by something well known, each made in another way.",
    ),
    Task.RECOMMEND: AskedForm(
        "recommend {count} things that fit the person.",
        "a numbered list of {lines}, each **Title**: what it is and why it fits, in one or two sentences. Only the"
        " list: no introduction, no closing words, nothing that you are not sure exists.",
        f"1. {_PICK}",
        "Good means: real, of the kind that was asked for, each different from the others.",
    ),
    Task.COPY: AskedForm(
        "write brand copy for what the person names.",
        "the text alone, as it will be printed: no title, no quotation marks, no word to the person.",
        "Every jacket comes home. Look into the box by the gate, Fridays at noon.",
        "Good means: says what it is and what it does for the reader; no empty praise.",
    ),
    Task.AD: AskedForm(
        "write an ad for what the person names.",
        "Headline, Body and Call to action, each on a line of its own behind its label and a colon. Only these.",
        "Headline: Lost on Monday?\nBody: The box by the gate has your scarf, your lunch box and your left glove.\n"
        "Call to action: Look in on Friday.",
        "Good means: one thought, the reader's gain first, a call that says what to do next.",
    ),
    Task.DESIGN: AskedForm(
        "write a product design brief for what the person names.",
        "Problem, Users, Constraints, Concept, Features and Risks, each on a line of its own behind its label and a"
        " colon. Only these. Features are named with commas between.",
        "Problem: Things that are found wait in a heap.\nUsers: Pupils of six to twelve and their parents.\n"
        "Constraints: No power, fits under the stairs.\nConcept: A rack with a peg for each class.\n"
        "Features: Numbered pegs, a window, a tray for small things.\nRisks: Nobody empties it in the holidays.",
        "Good means: a problem that somebody has, features that follow from it, risks that could really end it.",
    ),
    Task.IMPROVE: AskedForm(
        "write a better version of the person's idea.",
        "one line, **Title**: the better idea in one to three sentences; then a line What changed: what is different"
        " and why. Only these two lines.",
        f"{_IDEA}\nWhat changed: a fixed day instead of a heap, so people know when to come.",
        "Good means: keeps what the idea is for, and makes it easier, cheaper or more certain to work.",
    ),
    Task.COMBINE: AskedForm(
        "make one idea of the person's ideas.",
        "one line, **Title**: the combined idea in one to three sentences. Only this line.",
        _IDEA,
        "Good means: needs all of the ideas, and does more than each alone.",
    ),
    Task.CRITIQUE: AskedForm(
        "say what is strong and what is risky in the person's idea, and how to find out.",
        "Strength, Risk and Test, each on a line of its own behind its label and a colon. Only these three.",
        "Strength: Parents pass the gate on Fridays anyway.\nRisk: Nobody lays things out when the caretaker is ill.\n"
        "Test: Do it on two Fridays and count what goes home.",
        "Good means: about this idea and no other; a test that is cheap and can fail.",
    ),
}


EXAMPLE_TITLES = tuple(text.split("**")[1] for text in (_IDEA, _NAME, _SLOGAN, _PICK))
"""What the examples are called; an answer that has one of these has copied it."""
