"""Which phase a name is for that people gave to something, such as a forum's tag."""

from bot.language import available, speaking
from bot.session.phases import phase_name
from storage.values.brainstorms import Phase

_ALSO = {
    Phase.DIVERGE: {"brainstorm", "brainstorming", "ideas", "open"},
    Phase.VOTE: {"vote"},
    Phase.CONVERGE: {"shortlist"},
    Phase.ENDED: {"done", "closed", "decided"},
}
"""What people call phases beside their own names."""


def phase_called(name: str) -> str:
    """The value of the phase that is called so in any of Riff's languages; "" for none."""
    wanted = name.casefold().strip()
    return next((phase.value for phase in Phase if wanted in _names(phase)), "")


def _names(phase: Phase) -> set[str]:
    names = set(_ALSO.get(phase, ()))
    for locale in available():
        with speaking(locale):
            names.add(phase_name(phase).casefold())
    return names
