"""Words that hurt, with the weight of each as log-odds of being toxic, and names of groups of people.

A working list, unpleasant to read. Weights were set by hand from how directly a word attacks a person, not fitted to
any data set. Naming a group is no attack; what is said of it may be.
"""

import re


def words_of(listed: str) -> frozenset[str]:
    """The words of a list that is written as prose."""
    return frozenset(listed.split())


_SLURS = """faggot fag faggy nigger nigga niglet chink gook spic wetback kike heeb paki raghead towelhead sandnigger
    camel-jockey coon darkie jigaboo porchmonkey tranny shemale ladyboy dyke lesbo poofter retard retarded mong
    spastic spaz tard libtard fucktard cripple gyppo pikey wop dago beaner redskin zipperhead slant-eye muzzie
    mudslime golliwog homo feminazi whitey cracker gypo nazi-scum untermensch subhuman mongoloid negro"""

_ATTACKS = """asshole arsehole motherfucker cunt bitch whore slut bastard dickhead wanker twat prick cocksucker
    douchebag douche scumbag shithead shitbag fuckface fuckwit fucker dipshit dumbass dumbfuck jackass cumdumpster
    skank hoe thot slag bellend knobhead tosser arsewipe asswipe asshat asskisser bootlicker pedo paedo
    pedophile paedophile rapist incel simp manwhore cuck sonofabitch shitstain"""

_PROFANITY = """fuck fucking fucked fuckin shit shite shitty bullshit piss pissed
    cock pussy dick tits boobs ass arse arses goddamn dammit bollocks bugger crap cum jizz wtf tit titties
    clusterfuck horseshit batshit apeshit fap wank"""

HARMLESS_SWEARING = words_of(
    """fuck fucking fuckin fucked shit shitty damn goddamn hell bloody ass badass crap wtf af freaking fking"""
)
"""Swearing that people use among friends without attacking anyone."""

_INSULTS = """idiot idiotic moron moronic imbecile stupid dumb dumber dumbest cretin loser pathetic scum scummy trash
    vermin pig clown coward cowardly ugly creep creepy freak parasite filth filthy worthless disgusting braindead
    brainless dimwit halfwit nitwit dunce fool foolish jerk lowlife swine rat snake weasel maggot cockroach
    degenerate pervert perv hag fatso fatass lardass dumbo dork scoundrel hypocrite liar crook fraud traitor
    thug savage inbred redneck hillbilly psycho psychopath sociopath lunatic nutjob nutcase wacko weirdo
    crybaby snowflake sheeple bum leech useless spineless gutless repulsive vile despicable imbeciles
    stupidity idiocy dummy ignoramus airhead bimbo wench sissy wimp wuss pansy gremlin troll smelly"""

_HOSTILE = """hate hates hated hating despise loathe shut lies lying lied evil sick nasty rotten ridiculous nonsense
    garbage rubbish shame shameful disgrace disgraceful delusional ignorant crazy insane mental fake phony corrupt
    racist sexist bigot bigoted nazi fascist commie sheep brainwashed annoying boring lame sucks suck sucked
    die kill killed murder rape hang punch slap beat destroy rot burn hell damn screw stink stinks gross
    arrogant selfish lazy greedy cruel clueless incompetent joke pos puke vomit barf fat hideous horrible terrible
    awful terrorist criminal whining whiny moaning bitchy dirty cringe deranged unhinged demented senile vulgar"""

_SEXUAL = """sex sexy horny naked nude nudes penis vagina clit blowjob handjob bj orgasm porn masturbate
    masturbating boob breast breasts nipples erection anal dildo hentai milf threesome bang fingering lick
    strip undress virgin slutty kinky bdsm deepthroat creampie rimjob bukkake"""

_KIND = """please thanks thank congratulations welcome wonderful beautiful lovely happy birthday grateful
    appreciate congrats great glad awesome nice"""

ALIASES = {
    "fck": "fuck", "fuk": "fuck", "fuq": "fuck", "phuck": "fuck", "fcuk": "fuck", "fvck": "fuck", "fcking": "fucking",
    "fkn": "fucking", "fkin": "fucking", "fking": "fucking", "effing": "fucking", "fuckn": "fucking", "sht": "shit",
    "shyt": "shit", "btch": "bitch", "bytch": "bitch", "biatch": "bitch", "biotch": "bitch", "bich": "bitch",
    "btches": "bitches", "azz": "ass", "azzhole": "asshole", "ashole": "asshole", "asshat": "asshole",
    "cnt": "cunt", "kunt": "cunt", "dck": "dick", "dik": "dick", "d1ck": "dick", "phag": "fag", "fgt": "faggot",
    "fagot": "faggot", "nigg": "nigger", "nigga's": "niggas", "niqqa": "nigga", "idi0t": "idiot", "idjit": "idiot",
    "stoopid": "stupid", "moran": "moron", "retardo": "retard", "puzzy": "pussy", "stfu": "shut the fuck up",
    "gtfo": "get the fuck out", "kys": "kill yourself",
}  # fmt: skip
"""Other spellings that people use to get past a filter."""

WEIGHT_OF = {
    "slur": 5.5,
    "attack": 4.5,
    "profanity": 2.8,
    "insult": 2.3,
    "sexual": 1.6,
    "hostile": 1.0,
    "kind": -0.7,
}


def _weights() -> dict[str, float]:
    weights: dict[str, float] = {}
    for kind, words in (
        ("kind", _KIND), ("hostile", _HOSTILE), ("sexual", _SEXUAL), ("insult", _INSULTS),
        ("profanity", _PROFANITY), ("attack", _ATTACKS), ("slur", _SLURS),
    ):  # fmt: skip
        for word in words.split():
            weights[word] = WEIGHT_OF[kind]
            if kind in {"slur", "attack", "insult", "profanity"} and word[-1] not in "sy":
                weights.setdefault(word + ("es" if word.endswith(("ch", "sh")) else "s"), WEIGHT_OF[kind])
    return weights


WEIGHTS = _weights()


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
