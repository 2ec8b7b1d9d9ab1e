"""Words that people disguise, and other spellings of them. A working list, unpleasant to read.

They say what a disguised word may have been, and nothing of whether a text is harmful.
"""

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

_INSULTS = """idiot idiotic moron moronic imbecile stupid dumb dumber dumbest cretin loser pathetic scum scummy trash
    vermin pig clown coward cowardly ugly creep creepy freak parasite filth filthy worthless disgusting braindead
    brainless dimwit halfwit nitwit dunce fool foolish jerk lowlife swine rat snake weasel maggot cockroach
    degenerate pervert perv hag fatso fatass lardass dumbo dork scoundrel hypocrite liar crook fraud traitor
    thug savage inbred redneck hillbilly psycho psychopath sociopath lunatic nutjob nutcase wacko weirdo
    crybaby snowflake sheeple bum leech useless spineless gutless repulsive vile despicable imbeciles
    stupidity idiocy dummy ignoramus airhead bimbo wench sissy wimp wuss pansy gremlin troll smelly"""

_SEXUAL = """sex sexy horny naked nude nudes penis vagina clit blowjob handjob bj orgasm porn masturbate
    masturbating boob breast breasts nipples erection anal dildo hentai milf threesome bang fingering lick
    strip undress virgin slutty kinky bdsm deepthroat creampie rimjob bukkake"""

_HOSTILE = """hate hates hated hating despise loathe shut lies lying lied evil sick nasty rotten ridiculous nonsense
    garbage rubbish shame shameful disgrace disgraceful delusional ignorant crazy insane mental fake phony corrupt
    racist sexist bigot bigoted nazi fascist commie sheep brainwashed annoying boring lame sucks suck sucked
    die kill killed murder rape hang punch slap beat destroy rot burn hell damn screw stink stinks gross
    arrogant selfish lazy greedy cruel clueless incompetent joke pos puke vomit barf fat hideous horrible terrible
    awful terrorist criminal whining whiny moaning bitchy dirty cringe deranged unhinged demented senile vulgar"""
"""Words that are known, and seldom torn apart or starred out."""

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


def _with_plurals(*lists: str) -> frozenset[str]:
    words = " ".join(lists).split()
    more = (word + ("es" if word.endswith(("ch", "sh")) else "s") for word in words if word[-1] not in "sy")
    return frozenset([*words, *more])


MASKED = _with_plurals(_SLURS, _ATTACKS, _PROFANITY, _INSULTS) | frozenset(_SEXUAL.split())
KNOWN = MASKED | frozenset(_HOSTILE.split())
