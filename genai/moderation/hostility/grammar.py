"""The parts that attacking sentences are built of, as regular expressions on lower-case text."""

from genai.moderation.hostility.groups import MARK, one_of


def phrases(text: str) -> str:
    """A regular expression for any line of `text`, with any white space between its words."""
    lines = sorted((line.strip() for line in text.strip().splitlines()), key=len, reverse=True)
    return rf"(?:{'|'.join(line.replace(' ', chr(92) + 's+') for line in lines)})"


def fill(pattern: str) -> str:
    """`pattern` with `<NAME>` replaced by that part and each space by any white space."""
    filled = pattern.replace(" ", r"\s+")
    for name, part in _PARTS.items():
        filled = filled.replace(f"<{name}>", part)
    return filled


_HARM = """kill murder hurt shoot stab rape beat strangle choke hunt slaughter butcher burn behead lynch hang gas
    torture smash punch slap kick destroy crush skin execute drown poison bash knife bury cut slit slice end
    attack harm assault"""

_REMOVE = r"""
    exterminate
    eradicate
    eliminate
    wipe out
    get rid of
    deport
    cleanse
    sterili[sz]e
    lock up
    round up
    kick out
    throw out
    send back
    ban
    expel
    gas
    lynch
    hang
    behead
    shoot
    kill
    murder
    slaughter
    burn
    execute
    hunt down
    enslave
    purge
    put down"""

_HARMED_VERBS = """killed shot hanged hung lynched gassed exterminated executed raped beaten burned burnt murdered
    deported sterilised sterilized banned expelled removed eradicated eliminated enslaved punished slaughtered
    beheaded whipped castrated drowned attacked hurt stoned"""

_HARMED = rf"""
    die
    be (?:\w+ )?(?:{one_of(_HARMED_VERBS)})
    be (?:\w+ )?(?:wiped out|locked up|locked away|put down|kept out|kept away)
    get (?:killed|shot|raped|cancer|aids|hurt|lost|out)
    suffer
    disappear
    rot
    burn
    drop dead
    go (?:back|home|die|extinct|away|to hell)
    leave
    drown
    choke
    bleed"""

_VILE = r"""
    scum(?:bags?)?
    (?:vermin|trash|garbage|filth|filthy|disgusting|vile|worthless|inferior|repulsive|revolting|abhorrent)
    sub-?humans?
    (?:animals?|beasts?|savages?|barbarians?|parasites?|(?:cock)?roach(?:es)?|rats?|pigs?|dogs|apes?|monkeys?)
    (?:insects?|snakes?|cancer|tumou?r|plague|disease[ds]?|virus(?:es)?|pests?|poison|leech(?:es)?|invaders)
    (?:stupid|dumb|idiots?|morons?|retard(?:s|ed)?|brainless|useless|pathetic|incompetent|hysterical|crazy|insane)
    (?:ugly|evil|wicked|dirty|smelly|gross|nasty|horrible|terrible|awful|toxic|hateful|dangerous|violent|weak)
    (?:rapists?|thieves|thugs|criminals|terrorists|liars?|traitors?|cowards?|losers?|perverts?|perverted|freaks?)
    (?:pa?edophiles?|groomers?|sinners|abominations?|unnatural|degenerates?|monsters?|demons?|devils?|deranged)
    (?:lazy|greedy|primitive|backwards?|uncivili[sz]ed|untrustworthy|shady|dishonest|inbred|mentally ill|sick)
    (?:burdens?|curse|stain|joke|less than human|good for nothing|to blame for|responsible for all)
    (?:ruining|destroying|taking over|poisoning|infesting|invading)
    the (?:problem|enemy|worst|devil)
    (?:shit|crap|cunts?|bitch(?:es)?|whores?|sluts?)"""

_VERY_WORDS = r"""all just really so such a an the nothing but only bunch of always basically literally truly fucking
    damn absolute absolutely complete completely total totally utterly more most like biggest worst little mostly
    pure simply kind sort naturally genetically inherently obviously clearly morally stupid dirty fat"""

_ANY_WORDS = """all every any those these the more most you fucking of such filthy dirty damn goddamn stupid bloody
    disgusting ugly"""

_HATE = r"""
    (?:hate|despise|detest|loathe|abhor)
    (?:can'?t|cannot|can not) (?:stand|bear|tolerate)
    (?:'m|am|are|so) (?:so )?(?:sick|tired) of
    have no respect for
    (?:want|would love) to (?:hurt|kill|see dead)"""

_SHUN = r"""
    (?:trust|hire|date|touch|respect|marry|vote for|be friends with|befriend|employ|serve)
    (?:live|sit|stand|work) (?:next to|near|with|beside)"""

_PARTS = {
    "GROUP": MARK,
    "YOU": "(?:you|u|ya|your|ur|yourself|urself|yourselves)",
    "THEM": "(?:them|him|her|his|their|those|these|they)",
    "MUST": phrases(
        "should\nmust\nought to\nneeds? to\ndeserves? to\nha(?:ve|s) to\nhad better\ncan all\ncan\ncould"
    ),
    "VERY": rf"(?:(?:{one_of(_VERY_WORDS)})\s+){{0,5}}",
    "ANY": rf"(?:(?:{one_of(_ANY_WORDS)})\s+){{0,4}}",
    "HARM": f"(?:{one_of(_HARM)})",
    "HARMED": phrases(_HARMED),
    "REMOVE": phrases(_REMOVE),
    "VILE": phrases(_VILE),
    "HATE": phrases(_HATE),
    "SHUN": phrases(_SHUN),
}
