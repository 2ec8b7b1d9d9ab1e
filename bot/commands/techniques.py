"""`/techniques`: ways to look for ideas: the techniques of a brainstorm, and methods out of the deck."""

from random import Random

from bot.core.commands.call import Answer, Call
from bot.core.commands.declaration import Kind, Option, command_of_one
from bot.core.notices import Notice
from bot.language import LOCALE, N_, _
from bot.session.techniques import TECHNIQUES
from genai.methods import Method, deck

_SHOWN = 5


async def _techniques(call: Call) -> Answer:
    words = call.text("words").casefold()
    count = call.invocation.number("count") or _SHOWN
    found = [one for one in deck(LOCALE.get()) if words in _searched(one)]
    if not found:
        return Notice(_("The deck has no method with these words; /techniques alone shows some of all."))
    # Another time other ones, but the same where an answer is made again after a crash.
    shown = Random(call.incoming.event_id).sample(found, min(count, len(found)))
    lines = [] if words else [_("Techniques for /brainstorm --technique and /session:"), *_of_brainstorms()]
    lines.append(_("Methods to try, {shown} of {count}:", shown=len(shown), count=len(found)))
    lines += [f"- **{one.name}** – {one.angle}" for one in sorted(shown, key=found.index)]
    return Notice("\n".join(lines))


def _searched(method: Method) -> str:
    return " ".join((method.name, method.fits, method.begins, method.angle, method.kind)).casefold()


def _of_brainstorms() -> list[str]:
    return [f"- **{_(one.name)}**: {_(one.steps[0].prompt)}" for one in TECHNIQUES if one.model]


COMMAND = command_of_one(
    "techniques",
    N_("ways to look for ideas, from a deck of methods"),
    N_("/techniques 5 people"),
    (
        Option("count", N_("How many?"), Kind.NUMBER, "N", positional=True, most=20, default=_SHOWN),
        Option("words", N_("About what? Empty shows some of all."), placeholder=N_("WORDS"), positional=True),
    ),
    _techniques,
    private=True,
)
