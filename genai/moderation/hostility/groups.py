"""Names of groups of people. Naming a group is no attack; what is said of it may be."""

import re

_KINDS = """black white brown asian arab arabic african latino latina hispanic mexican chinese japanese korean indian
    pakistani bangladeshi filipino vietnamese thai iranian iraqi syrian afghan turkish kurdish palestinian israeli
    somali nigerian ethiopian kenyan congolese egyptian moroccan algerian russian ukrainian polish romanian
    hungarian german french italian spanish greek irish scottish british english american canadian australian
    native indigenous aboriginal jewish muslim islamic christian catholic protestant mormon hindu sikh buddhist
    atheist gay lesbian bisexual bi trans transgender transsexual transgendered queer homosexual lgbt lgbtq
    nonbinary non-binary intersex asexual pansexual straight heterosexual disabled handicapped deaf blind mute
    autistic paralysed paralyzed epileptic diabetic bipolar schizophrenic depressed fat obese old elderly young
    teenage female male immigrant migrant refugee foreign homeless poor unemployed colored coloured roma romani
    dalit uyghur rohingya dwarf"""

_PLURALS = """women men girls boys females males ladies wives mothers moms feminists blacks whites asians arabs
    africans latinos latinas hispanics mexicans japanese koreans indians pakistanis filipinos vietnamese
    iranians iraqis syrians afghans turks kurds palestinians israelis somalis nigerians ethiopians egyptians
    moroccans algerians russians ukrainians poles romanians hungarians germans italians spaniards greeks
    irishmen scots brits englishmen americans canadians australians aborigines jews muslims moslems islamists
    christians catholics protestants mormons hindus sikhs buddhists atheists gays lesbians bisexuals
    transsexuals transgenders queers homosexuals heteros immigrants migrants refugees foreigners
    gypsies travellers travelers autistics schizophrenics dwarves dwarfs midgets minorities negroes
    asylum-seekers dalits islam judaism hinduism christianity"""

_PEOPLE = """people person persons folk folks man men woman women guy guys girl girls boy boys kid kids child children
    ones lot community population culture race invaders students workers seekers lady ladies adult adults teens teenager teenagers neighbour neighbours artist artists family families"""

_SINGULARS = """woman girl lady female feminist black white asian arab african latino latina mexican chinese japanese
    korean indian pakistani filipino vietnamese iranian iraqi syrian afghan turk kurd palestinian israeli somali
    nigerian ethiopian egyptian moroccan algerian russian ukrainian pole romanian hungarian german italian spaniard
    greek american canadian australian jew muslim moslem islamist christian catholic protestant mormon hindu sikh
    buddhist atheist gay lesbian bisexual transsexual transgender queer homosexual immigrant migrant refugee
    foreigner gypsy traveller traveler dwarf midget asylum-seeker dalit"""

_OTHERS = """liberals conservatives republicans democrats leftists rightists communists socialists capitalists vegans
    vegetarians boomers millennials zoomers politicians journalists lawyers landlords cops policemen gamers
    teenagers teens kids hippies bankers artists academics"""
"""Groups that no law protects; what is said of them is judged all the same."""

_COLLECTIVES = "disabled elderly homeless deaf blind poor irish french polish english chinese japanese"


def one_of(words: str) -> str:
    """A regular expression for any of `words`, longest first."""
    return "|".join(sorted((re.escape(word) for word in words.split()), key=len, reverse=True))


_ONE = r"(?:an?|any|another|this|that|every|each|one|single)"
_GROUP = re.compile(
    rf"\b(?:(?:{_ONE}\s+)?(?:(?:{one_of(_KINDS)})\s+){{1,6}}(?:{one_of(_PEOPLE)})"
    rf"|(?:(?:{one_of(_KINDS)})\s+){{0,6}}(?:{one_of(_PLURALS)}|{one_of(_OTHERS)})"
    rf"|{_ONE}\s+(?:(?:{one_of(_KINDS)})\s+){{0,6}}(?:{one_of(_SINGULARS)})(?!\s+(?:{one_of(_PEOPLE)}))"
    r"|people\s+(?:of|with)\s+\w+"
    rf"|(?:the|those|these|you)\s+(?:{one_of(_COLLECTIVES)}))\b"
)
NAMES = frozenset(" ".join((_KINDS, _PLURALS, _SINGULARS, _OTHERS)).split())

MARK = "groupofpeople"
"""Stands for any group, or one of its members, in a marked text."""


def marked(text: str, words: frozenset[str]) -> str | None:
    """Lower-case `text` with every group of people as MARK, or None where it has none; `words` are its words."""
    if words.isdisjoint(NAMES) and "people" not in words:
        return None
    found, count = _GROUP.subn(MARK, text)
    return found if count else None


def unnamed(text: str) -> str:
    """Lower-case `text` with groups unnamed, for models that learnt to dislike the name of a group itself."""
    return _GROUP.sub("people", text)
