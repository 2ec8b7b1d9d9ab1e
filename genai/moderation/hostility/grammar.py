"""Patterns of phrases that harm, remove or belittle people, and where such a phrase is only quoted or reported."""

import re

from genai.moderation.hostility.lexicon import MARK, one_of


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


# Tells sentences that make an attack from those that report it, reject it or tell of history or a game.


_SPOKEN = r"(?:say(?:s|ing)?|said|think(?:s|ing)?|claim(?:s|ed|ing)?|believe[sd]?|tell(?:ing)?|call(?:s|ing|ed)?|joke)"
_REJECTING = r"(?:wrong|unacceptable|hateful|offensive|racist|sexist|homophobic|transphobic|antisemitic|ignorant|awful|" \
    r"false|disgraceful|horrible|terrible|shameful|not ok|not okay|not true|a lie|nonsense|bigotry|racism|sexism)"  # fmt: skip

_REPORTED = re.compile(fill(
    rf"\b(?:never|not|n't|nobody|no one|<REJECTING>|how dare (?:you|they|he|she|anyone))(?: to)? (?:\w+ ){{0,3}}{_SPOKEN}\b"
    rf"|\b(?:stop|people who|those who|whoever|anyone who|if you|he|she|they|someone) {_SPOKEN}\b"
    r"|\b(?:saying|thinking|claiming|believing|calling|(?:statements?|phrases?|words|comments?) like)\b"
    r"|\b(?:people|those|anyone|everyone|someone|whoever) (?:who|that) (?:\w+ )?(?:hates?|attacks?|insults?|threatens?|"
    r"hurts?|despises?|kills?|mocks?)\b"
    r"|(?<!why\s)(?<!if\s)\b(?:not|never|nobody|no one|(?:do|does|did|should|must|would|could|wo|ca|have|has)n'?t)(?: (?:should|must|may|has|will|would|can|ever|the right|to|"
    r"have))* (?:\w+ )?(?:hated?|despised?|mean|wish|kill|hurt|attack|harm|treat|insult(?:ed)?|beat|threaten)\b"
    r"|\b(?:hate|tired of|sick of|ashamed of) (?:it when|that|how|when|people who|those who|your racism)\b"
    r"|\b(?:is|are|was|were|it's|that's) (?:a |an |such a |so )?<REJECTING>\b"
    r"|\b(?:shocked|sad|appalled|horrified|angry|upset|sorry) (?:to|that|when) (?:i |we )?(?:read|hear|heard|see|saw|learn)\b"
    r"|\b(?:violence|hate|hatred|racism|attacks?|crimes?|discrimination) (?:against|towards?|of)\b[^.!?\n]{0,60}\b(?:end|"
    r"stop|rise|rising|rose|fight|fought|report\w*)\b"
    .replace("<REJECTING>", _REJECTING)
))  # fmt: skip

_REPLIED = re.compile(fill(
    r"^\W*(?:\w+ ){0,3}(?:you(?:'re| are)|that(?:'s| is)|this is|it(?:'s| is)|what an?|how) (?:\w+ ){0,3}?"
    r"(?:racist|bigot(?:ed|ry)?|sexist|racism|sexism|homophob\w+|transphob\w+|islamophob\w+|antisemit\w+|hateful|hate|wrong|"
    r"disgusting thing|prejudice|horrible|awful|unacceptable|ignorant)\b"
))  # fmt: skip
"""What a next sentence rejects the one before with."""

_HISTORY_OR_PLAY = re.compile(
    r"\b(?:nazis?|hitler|wars?|history|historical|century|regime|game|movie|film|novel|story|sims|minecraft|fortnite)\b"
)
_QUOTE = re.compile(r"[\"“«][^\"”»]+[\"”»]")
_ENDS = re.compile(r"[.!?\n]+")


def is_set_apart(text: str, start: int, end: int) -> bool:
    """Whether the sentence around lower-case `text[start:end]` rejects an attack or tells of history or a game.

    So do quotation marks around it with words outside of them, and a next sentence that objects.
    """
    begins = max(text.rfind(mark, 0, start) for mark in ".!?\n") + 1
    ending = _ENDS.search(text, end)
    ends, after = ending.span() if ending else (len(text), len(text))
    if is_reported(text[begins:ends]) or _REPLIED.search(text[after:]):
        return True
    return any(
        quote.start() < start and end < quote.end() and len(quote.group()) < len(text.strip()) - 8
        for quote in _QUOTE.finditer(text)
    )


def is_reported(sentence: str) -> bool:
    """Whether lower-case `sentence` reports or rejects what it says, or is about history or a game."""
    return bool(_REPORTED.search(sentence) or _HISTORY_OR_PLAY.search(sentence))
