"""The techniques of a brainstorm: what people are asked in each step, and what the model is told."""

from dataclasses import dataclass

from bot.language import N_


@dataclass(frozen=True, slots=True)
class Step:
    """One prompt of a technique, in English; shown through `_`, and given to the model as it is."""

    title: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Technique:
    """A way to look for ideas; `line` tells of it, `model` is what the language model knows it by, "" for none."""

    key: str
    name: str
    model: str
    steps: tuple[Step, ...]
    line: str

    def angle(self, step: int) -> str:
        """What the model is told of a step; "" where the technique is free."""
        if not self.model:
            return ""
        at = self.steps[min(step, len(self.steps) - 1)]
        return f"{self.model} ({at.title}: {at.prompt})" if len(self.steps) > 1 else self.model


_FREE = Technique(
    "free",
    N_("free"),
    "",
    (Step(N_("Ideas"), N_("Post whatever comes to mind. The wilder the better; nobody criticises yet.")),),
    N_("Whatever comes to mind, without a method."),
)
_SCAMPER = Technique(  # Eberle, SCAMPER: Games for Imagination Development, 1971
    "scamper",
    N_("SCAMPER"),
    "SCAMPER",
    (
        Step(N_("Substitute"), N_("What could you replace: a material, a step, a person, a place?")),
        Step(N_("Combine"), N_("What could you join with it: another product, purpose or audience?")),
        Step(N_("Adapt"), N_("What else is like this? What could you copy from there?")),
        Step(N_("Modify"), N_("What could be bigger, smaller, louder, slower, in another form?")),
        Step(N_("Put to other uses"), N_("Who else could use it, and what for?")),
        Step(N_("Eliminate"), N_("What could you leave out? What if it had half as many parts?")),
        Step(N_("Reverse"), N_("What if the order, the roles or the direction were turned around?")),
    ),
    N_("Seven questions: replace, join, borrow, change, reuse, leave out, reverse."),
)
_SIX_HATS = Technique(  # de Bono, Six Thinking Hats, 1985; black comes late, so that it kills nothing early
    "six hats",
    N_("six hats"),
    "six hats",
    (
        Step(N_("Blue hat"), N_("What is this really about? Which questions should ideas answer?")),
        Step(N_("White hat"), N_("What do you know? Which facts and figures point to an idea?")),
        Step(N_("Red hat"), N_("What does your gut say? What would people love or hate?")),
        Step(N_("Yellow hat"), N_("Where is the benefit? What would make it a delight?")),
        Step(N_("Green hat"), N_("What is new here? Which wild alternatives are there?")),
        Step(N_("Black hat"), N_("What could go wrong, and which idea would prevent it?")),
    ),
    N_("Six points of view in turn: facts, feelings, benefits, risks and more."),
)
_REVERSE = Technique(
    "reverse",
    N_("reverse"),
    "reverse thinking",
    (
        Step(N_("Make it worse"), N_("How would you make this as bad as it can be? Post the worst ideas.")),
        Step(N_("Turn it around"), N_("Take a bad idea from above and post its opposite.")),
    ),
    N_("First how to make it as bad as can be, then the opposite."),
)
_ANALOGY = Technique(
    "analogy",
    N_("analogy"),
    "analogy",
    (
        Step(N_("Nature"), N_("How does nature solve this: an animal, a plant, the weather?")),
        Step(N_("Other trades"), N_("How would a hospital, a circus or a railway solve this?")),
        Step(N_("Other times"), N_("How was this done long ago? How will it be done in 50 years?")),
    ),
    N_("How nature, other trades and other times solve it."),
)
_CRAZY_EIGHTS = Technique(  # Knapp, Sprint, 2016: eight sketches, one a minute
    "crazy eights",
    N_("crazy eights"),
    "crazy eights",
    tuple(
        Step(title, prompt)
        for title, prompt in (
            (N_("One of eight"), N_("Quick: your first idea, in one line.")),
            (N_("Two of eight"), N_("Another one, as different as you can.")),
            (N_("Three of eight"), N_("One for somebody in a great hurry.")),
            (N_("Four of eight"), N_("One that costs nothing.")),
            (N_("Five of eight"), N_("One for a child.")),
            (N_("Six of eight"), N_("One that nobody would dare.")),
            (N_("Seven of eight"), N_("One that builds on an idea above.")),
            (N_("Eight of eight"), N_("The last one: the idea you held back.")),
        )
    ),
    N_("Eight quick ideas, one after the other."),
)
_HOW_MIGHT_WE = Technique(
    "how might we",
    N_("how might we"),
    "how might we",
    (
        Step(N_("Questions"), N_("Turn the topic into questions that begin with “How might we …”")),
        Step(N_("Answers"), N_("Pick one of the questions above and post an answer to it.")),
    ),
    N_("First questions that begin with “How might we …”, then answers."),
)

TECHNIQUES = (_FREE, _SCAMPER, _SIX_HATS, _REVERSE, _ANALOGY, _CRAZY_EIGHTS, _HOW_MIGHT_WE)
"""Every technique, the default one first."""

SHORT_NAMES = {
    "hats": "six hats",
    "hmw": "how might we",
    "crazy 8s": "crazy eights",
    "eights": "crazy eights",
}
"""Other words for techniques."""
FREE = _FREE.key


def technique(key: str) -> Technique:
    """The technique with that key, as a brainstorm keeps it; the free one where there is none such."""
    return next((one for one in TECHNIQUES if one.key == key), _FREE)
