"""What is said of a list that stands before: more, more like one, changes, questions; and recall and small talk."""

import re
from collections.abc import Callable

from genai.answers.asking.asked import Asked, Intent
from genai.answers.asking.words import ITEMS, LANGUAGE, NUMBER, items_in, language_of, number_of
from genai.prompts import Task

_POLITE = r"(?:(?:ok|okay|now|and|please|pls|hey|riff|great|nice|cool|thanks)[,!]? )*"
_YOU = r"(?:(?:can|could|would|will) (?:you|we|i) (?:please )?(?:have |get |see )?)?"
_GIVE = r"(?:(?:give|show|send|get) (?:me|us) |(?:i|we)(?:'d| would)? (?:want|need|like) |let'?s (?:have|see) |i'll take |make |write |find )?"
_END = r"(?:,? (?:please|pls|thanks|thank you|then|now|riff))*\s*[.!?]*$"
_THINGS = r"(?: (?:ideas|names|slogans|taglines|options|suggestions|ones|concepts|titles|recommendations|variants)| of (?:these|those|them))"
_ALL = r"(?:it|this|that|them|these|those|(?:all|both|each)(?: of (?:it|them|these|those))?|(?:all )?(?:the|these|those) (?:ideas|names|slogans|ones|list|titles)|the list|everything)"
_SLIGHTLY = r"(?:a (?:bit|little|lot|touch)|much|way|even|slightly|somewhat|far|still|just)"
_COMPARATIVES = (
    "shorter|longer|funnier|cheaper|simpler|bolder|wilder|weirder|crisper|punchier|catchier|snappier|warmer|colder|darker|lighter|louder|quieter|smarter|sillier"
    "|clearer|friendlier|easier|harder|bigger|smaller|greener|safer|faster|slower|softer|stranger|crazier|nicer|kinder|cleaner|calmer|edgier|drier|sharper|tighter"
    "|fancier|cuter|braver|plainer|livelier|happier|sadder|younger|older|healthier|spicier|sweeter|rougher|subtler|deeper|broader|narrower|tamer|gentler|better"
)
_KINDS = (
    r"(?:playful|formal|casual|serious|creative|concrete|specific|detailed|modern|original|unusual|practical|realistic|feasible|professional|personal|poetic|emotional|ambitious"
    r"|fun|funny|local|sustainable|ecological|daring|absurd|abstract|academic|technical|traditional|elegant|subtle|dramatic|exciting|boring|obvious|generic|expensive|complicated"
    r"|childish|corny|cheesy|salesy|wordy|punny|minimal|minimalist|romantic|mysterious|inclusive|interactive|digital|physical|edgy|quirky|varied|diverse|corporate|surprising)"
)
_MANNER = rf"(?:(?:{_SLIGHTLY} )?(?:(?:{_COMPARATIVES})|(?:more|less) {_KINDS})(?:(?:,| and|, and) (?:{_COMPARATIVES}|(?:more|less) {_KINDS}))*)"
_AIM = r"(?:(?:for|without|with|as|about|in the style of|like|suitable for|work for|sound|fit|use|rhyme|about|cost|include|avoid|mention|end with|start with|begin with)\b)"
_OPPOSITES = {
    "long": "shorter",
    "short": "longer",
    "expensive": "cheaper",
    "complicated": "simpler",
    "wordy": "shorter",
}


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"^{_POLITE}{pattern}{_END}", re.IGNORECASE)


def _more(found: re.Match[str]) -> Asked:
    wish = found.groupdict().get("wish") or ""
    return Asked(Intent.MORE, count=number_of(found["count"]), wish=wish)


def _alike(found: re.Match[str]) -> Asked:
    count = found.groupdict().get("count")
    return Asked(Intent.ALIKE, count=number_of(count), items=items_in(found["items"] or ""))


def _change(found: re.Match[str]) -> Asked | None:
    groups = found.groupdict()
    items = items_in(groups.get("items") or "")
    wish = re.sub(
        rf"^(?:all )?(?:{_SLIGHTLY} )?(?:to be )?",
        "",
        (groups.get("wish") or "").strip(" .?!"),
        flags=re.IGNORECASE,
    )
    if wish.lower() in {"better", "stronger", "even better"} and items:
        return Asked(Intent.MAKE, Task.IMPROVE, items=items)
    if language := groups.get("language"):
        return Asked(Intent.CHANGE, items=items, language=language_of(language))
    return Asked(Intent.CHANGE, items=items, wish=wish)


def _too(found: re.Match[str]) -> Asked:
    kind = found["kind"].lower()
    return Asked(
        Intent.CHANGE, items=items_in(found["items"] or ""), wish=_OPPOSITES.get(kind, f"less {kind}")
    )


def _by_verb(found: re.Match[str]) -> Asked:
    wishes = {"lengthen": "longer", "simplify": "simpler"}
    return Asked(
        Intent.CHANGE, items=items_in(found["items"] or ""), wish=wishes.get(found["verb"].lower(), "shorter")
    )


def _by_task(task: Task) -> Callable[[re.Match[str]], Asked | None]:
    def made(found: re.Match[str]) -> Asked | None:
        items = items_in(found["items"])
        return Asked(Intent.MAKE, task, items=items) if task is not Task.COMBINE or len(items) > 1 else None

    return made


def _about(found: re.Match[str]) -> Asked:
    return Asked(Intent.ABOUT, items=items_in(found["items"]))


def _recall(found: re.Match[str]) -> Asked:
    return Asked(Intent.RECALL, subject=found["subject"].strip())


def _others(found: re.Match[str]) -> Asked:
    return Asked(Intent.OTHERS, subject=(found["subject"] or "").strip())


def _small_talk(_found: re.Match[str]) -> Asked:
    return Asked(Intent.SMALL_TALK)


_COUNT = rf"(?:(?P<count>{NUMBER}|some|a few|a couple) )?"
_ITEMS = rf"(?P<items>{ITEMS})"
_IN = rf"(?:in|into|to) (?P<language>{LANGUAGE})"
_WHICH = rf"(?:{_ITEMS}|{_ALL})"
_SAY = r"(?:translate|put|say|write|rewrite|give (?:me|us)|show|tell|express|phrase)"
_WE = r"(?:did we|have we|had we|we|did i|did you|did anyone|did the team)"

_PEOPLE = r"(?:(?:the |all the |my )?(?:others|other people|colleagues|team ?mates|rest of (?:us|the team))|(?:everyone|everybody|anyone|anybody|someone|somebody) else|other people)"

_PATTERNS: tuple[tuple[Callable[[re.Match[str]], Asked | None], re.Pattern[str]], ...] = (
    (
        _small_talk,
        re.compile(
            r"^(?:(?:hi|hello|hey|hiya|howdy|moin|hallo|good (?:morning|evening|afternoon|night|day)|thanks?(?: you)?(?: (?:so|very) much| a lot)?|thx|cheers|ty|great|nice|cool|awesome|perfect|lovely"
            r"|brilliant|super|wow|ok|okay|k|lol|haha+|bye|goodbye|see you(?: later| tomorrow)?|how are you(?: today| doing)?|how's it going|what's up|sup|well done|good job|sorry|oops"
            r"|that'?s (?:great|nice|cool|perfect|lovely|helpful|all)|that helps|very helpful|love (?:it|them)|merci|danke|gracias)"
            r"(?: (?:riff|there|everyone|all|team|folks|again|bot|you|then|for (?:that|this|your help|the help|the ideas)))*(?:[\s,.!?:)(\U0001f300-\U0001faff]+|$))+$"
            r"|^[\U0001f300-\U0001faff\u2600-\u27bf\ufe0f\u200d\U0001f3fb-\U0001f3ff\s]+$",
            re.IGNORECASE,
        ),
    ),
    (
        _alike,
        _compiled(
            rf"{_YOU}{_GIVE}{_COUNT}more(?:{_THINGS})? (?:like|similar to|along the lines of) {_ITEMS}"
        ),
    ),
    (
        _alike,
        _compiled(
            rf"{_YOU}{_GIVE}{_COUNT}more(?:{_THINGS})? (?:like|along the lines of) (?P<items>)(?:that|this|these|those|it)(?: one)?"
        ),
    ),
    (
        _alike,
        _compiled(
            rf"(?:i|we) (?:really )?(?:like|love|prefer) {_ITEMS}(?: (?:best|most))?[,.;:!]? (?:so )?(?:can (?:you|we) have |give (?:me|us) )?{_COUNT}more (?:like|of) (?:that|it|this|those|these)(?: one)?"
        ),
    ),
    (
        _alike,
        _compiled(
            rf"{_YOU}{_GIVE}{_COUNT}(?:some |other |new )?(?:variants|variations|versions|spins|takes|riffs|alternatives)(?: (?:of|on|for|to)) {_ITEMS}"
        ),
    ),
    (
        _alike,
        _compiled(
            rf"{_YOU}{_GIVE}{_COUNT}(?:some)?(?:something|things|others|ideas|ones|names|slogans)? ?(?:like|similar to|in the (?:style|spirit) of) {_ITEMS}"
        ),
    ),
    (
        _by_task(Task.COMBINE),
        _compiled(
            rf"{_YOU}(?:combine|merge|mix|blend|join|marry|fuse|put together|cross) {_ITEMS}(?: together| into one)?"
        ),
    ),
    (
        _by_task(Task.CRITIQUE),
        _compiled(
            rf"{_YOU}(?:critique|critici[sz]e|poke holes in|what'?s wrong with|what is wrong with|(?:what are )?the (?:risks|downsides|weaknesses|pros and cons|problems) (?:of|with)|risks of) {_ITEMS}"
        ),
    ),
    (_by_task(Task.IMPROVE), _compiled(rf"{_YOU}(?:improve|refine|polish|sharpen|better)(?: on)? {_ITEMS}")),
    (
        _about,
        _compiled(
            rf"{_YOU}(?:tell me (?:more )?about|explain|expand(?: on)?|elaborate on|go deeper (?:on|into)|(?:more )?details? (?:on|about|for)|more (?:about|on)|say more about|what do you mean by|what about) {_ITEMS}"
        ),
    ),
    (_about, _compiled(rf"how (?:would|does|could|will|might|do) {_ITEMS} work")),
    (_change, _compiled(rf"{_YOU}{_SAY} {_WHICH} {_IN}")),
    (
        _change,
        _compiled(rf"(?:(?:all|everything|once more|again|the same|same) )?in (?P<language>{LANGUAGE})"),
    ),
    (_change, _compiled(rf"(?:(?:alles|noch einmal|bitte) )?auf (?P<language>{LANGUAGE})(?: bitte)?")),
    (_change, _compiled(rf"en (?P<language>{LANGUAGE})(?: s'il (?:te|vous) plaît| por favor)?")),
    (
        _by_verb,
        _compiled(
            rf"{_YOU}(?P<verb>shorten|lengthen|simplify|trim|cut down|tighten) {_WHICH}(?: (?:up|down|a bit))?"
        ),
    ),
    (_change, _compiled(rf"{_YOU}make {_ITEMS} (?P<wish>\S+?(?: \S+){{0,9}}?)")),
    (_change, _compiled(rf"{_YOU}make {_ALL} (?:all )?(?P<wish>{_MANNER}|{_AIM} \S+?(?: \S+){{0,7}}?)")),
    (
        _change,
        _compiled(
            rf"{_ITEMS}(?:,|, but| but|:) (?:make it |but )?(?P<wish>{_MANNER}|{_AIM} \S+?(?: \S+){{0,7}}?)"
        ),
    ),
    (
        _change,
        _compiled(
            rf"{_YOU}(?:rewrite|rephrase|reword|redo|rework|adapt|change|turn) {_WHICH} (?:so (?:that )?(?:it|they) )?(?:to be |into |to )?(?P<wish>{_MANNER}|{_AIM} \S+?(?: \S+){{0,7}}?)"
        ),
    ),
    (_change, _compiled(rf"{_MANNER.replace('(?:', '(?P<wish>(?:', 1)})")),
    (
        _too,
        _compiled(
            rf"(?:{_WHICH} (?:is|are)|(?:it|that|they|those|these)(?:'s|'re| is| are)|(?P<none>))? ?(?:a bit |way |much |far |still )?too (?P<kind>long|short|boring|serious|expensive|formal|generic|complicated|obvious|wordy|childish|abstract|cheesy|corny)"
        ),
    ),
    (
        _more,
        _compiled(
            rf"{_YOU}{_GIVE}{_COUNT}(?:more|others?|new ones|different ones)(?:{_THINGS})?(?:,? (?:please,? )?(?P<wish>(?:for|without|that|with) \S+(?: \S+){{0,7}}?))?"
        ),
    ),
    (
        _more,
        _compiled(
            rf"{_YOU}{_GIVE}(?:another|other|different|new)(?: (?P<count>{NUMBER}|few|batch|set|round))?(?:{_THINGS}| one| idea| name| slogan)?"
        ),
    ),
    (
        _more,
        _compiled(
            r"(?P<count>)(?:(?:(?:have you |do you have |got |are there )?any (?:others?|more|other ideas|more ideas))|what else|anything else|something else|keep (?:going|them coming)|once more|next (?:batch|ones))"
        ),
    ),
    (
        _others,
        _compiled(
            rf"(?:show (?:me|us) |tell (?:me|us) )?what(?: ideas| names| slogans)? (?:(?:did|have|has|were|was) {_PEOPLE}(?: been)? (?:get|got|gotten|given)|{_PEOPLE} (?:got|(?:were|was) given))(?: (?:about|for|on|with) (?P<subject>.+?))?"
        ),
    ),
    (
        _recall,
        _compiled(
            rf"what (?:{_WE}|were we) (?:say|said|decide|decided|discuss|discussed|agree|agreed|think|thought|come up with|came up with|note|noted|talk|talked|saying|thinking)(?: on| last time| so far)? (?:about|for|on|regarding|with) (?P<subject>.+?)"
        ),
    ),
    (
        _recall,
        _compiled(
            r"(?:did|have) we (?:ever |already )?(?:talk|talked|speak|spoken|discuss|discussed|say|said|decide|decided)(?: anything)?(?: about| on)? (?P<subject>.+?)"
        ),
    ),
    (
        _recall,
        _compiled(
            r"what (?:were|was|are) (?:our|the|my|those) (?:old |earlier |last |previous )?(?:ideas?|names?|slogans?|thoughts) (?:we had )?(?:for|about|on|with) (?P<subject>.+?)(?: again| last time)?"
        ),
    ),
    (
        _recall,
        _compiled(
            r"(?:do you remember|remind (?:me|us)(?: of)?|can you recall|recall) what (?:we|i|you) (?:said|decided|discussed|agreed|thought|came up with|had)(?: about| for| on) (?P<subject>.+?)"
        ),
    ),
)


def read(words: str) -> Asked | None:
    """What the words say of a list before them, or of the past; None where they do neither."""
    if len(words) > 160:
        return None
    for made, pattern in _PATTERNS:
        if (found := pattern.match(words)) and (asked := made(found)):
            return asked
    return None
