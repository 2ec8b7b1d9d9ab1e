"""Requests to make something: ideas, names, slogans, recommendations, an ad, copy, a brief, a critique."""

import re

from genai.answers.asking.asked import Asked, Intent
from genai.answers.asking.words import NUMBER, number_of
from genai.prompts import Task

_POLITE = r"(?:(?:quick|quickly|hey|hi|hello|ok|okay|so|well|now|and|please|pls|riff)[,!:]?\s+)*"
_YOU = r"(?:(?:can|could|would|will) (?:you|we|u) (?:please |maybe |also |perhaps )?|(?:i'd|i would) (?:like|love) you to |please |let'?s |let us |try to )?"
_ME = r"(?:(?:me|us) )?(?:up )?(?:with )?"
_HELP = r"(?:help (?:me|us) (?:to )?)?"
_CREATE = r"(?:come up with|think of|think up|dream up|brainstorm|invent|cook up|find)"
_GIVE = r"(?:give|suggest|list|write|create|generate|make|find|show|send|propose|pitch|draft|do|help)"
_NEED = (
    r"(?:(?:i|we)(?:'d| would|'m| am|'re| are|'ll)? (?:just |really |also |still |urgently )?(?:need|want|like|love|could use|looking for|after|searching for)"
    r"|(?:can|could|may) (?:we|i) (?:please |maybe )?(?:get|have)|need|looking for|in need of|(?:got|do you have|have you got|are there|is there)(?: (?:any|some|an?))?|any|some|how about|what about)"
)
_GOOD = (
    r"(?:good|great|nice|fun|funny|cool|creative|catchy|clever|fresh|new|original|unusual|interesting|some)"
)
_WHAT = rf"(?:what(?:'s| is| are| would be| could be|'d be) (?:(?:a|an|some|a few|your)\s+)?(?={_GOOD}\b))"
_LEAD = rf"{_POLITE}(?:{_YOU}{_HELP}(?:{_CREATE}|{_GIVE}) {_ME}|{_NEED} |{_WHAT})"
_COUNT = rf"(?:(?:(?P<count>{NUMBER})|(?:a |the )?(?:short |long )?list of(?: (?P<listed>{NUMBER}))?|a bunch of|a few|an?|some|any|several|your) )?"
_NOT_ADJECTIVES = (
    "more|other|others|another|no|the|my|our|your|his|her|their|its|these|those|this|that|main|of|for|to|have|has|had|already|and|or|key|were|are|is|any"
    "|not|from|with|about|all"
)
_ADJECTIVES = rf"(?P<wish>(?:(?!(?:{_NOT_ADJECTIVES})\b)[^\W\d][\w-]*,? (?:and )?){{0,3}}?)"
_END = r"(?:[,]? (?:please|pls|thanks|thank you|thx|cheers|asap|riff))*\s*[.!?]*\s*$"
_ABOUT = r"(?:for|about|on|around|regarding|concerning|with)"
_HOW = r"(?:(?:on |about |for )?how |to )"
_SUBJECT = r"(?P<subject>\S.*?)"

_IDEAS = r"(?:ideas|suggestions|concepts|proposals|thoughts)"
_NAMES = r"(?:names?|name (?:ideas|suggestions)|names ideas|titles|title ideas|title(?= for (?:my|our|an?)\b)|nicknames?|brand names?)"
_SLOGANS = r"(?:slogans?|slogan ideas|tag ?lines?|tag ?line ideas|mottos?|mottoes|straplines?|catchphrases?)"
_THINGS = (
    "stunts|activities|themes|games|topics|campaigns|events|angles|hooks|experiments|challenges|pranks|workshops|exercises"
    "|ice ?breakers|headlines|captions|posts|prompts|features|uses|projects|concepts|surprises|treats|formats|rituals|ways|gifts|presents"
    "|things(?= to do\\b)|fixes|tests|improvements|costumes|programmes|programs|plots|stories|scenes|characters|products|experiences|tricks|traditions|decorations|prizes|courses"
)
_POINTS = rf"(?P<points>{NUMBER}) (?:ways|points|improvements|versions)"
_THIS = r"(?:(?:this|my|our|the|the following) (?:idea|plan|concept|proposal)|this)"
_COLON = rf"(?:,? (?:in )?{_POINTS})?(?: of(?= )|:| -)+ ?"


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.DOTALL)


_LED = rf"^(?P<lead>{_LEAD})"
_BARE = rf"^(?P<lead>){_POLITE}"
_PATTERNS: tuple[tuple[Task, re.Pattern[str]], ...] = tuple(
    (task, _compiled(pattern + _END))
    for task, pattern in (
        (
            Task.AD,
            rf"{_LED}{_COUNT}{_ADJECTIVES}(?:ads?|adverts?|advertisements?|ad copy)(?: copy)? {_ABOUT} {_SUBJECT}",
        ),
        (Task.AD, rf"{_BARE}{_COUNT}{_ADJECTIVES}(?:ads|adverts|advertisements|ad copy) for {_SUBJECT}"),
        (
            Task.COPY,
            rf"{_LED}{_COUNT}(?:the )?{_ADJECTIVES}(?:(?:website|web|landing page|home ?page|brand|product|marketing|e-?mail|sms|sales|newsletter) (?:copy|text)"
            rf"|copy|product descriptions?|blurbs?|(?:social media|instagram|facebook|linkedin|twitter) (?:posts?|captions?)) {_ABOUT} {_SUBJECT}",
        ),
        (
            Task.DESIGN,
            rf"^(?P<lead>(?:{_LEAD})?){_POLITE}{_COUNT}(?:the )?(?P<wish>)(?:product )?(?:design|product) briefs? {_ABOUT} {_SUBJECT}",
        ),
        (Task.NAME, rf"{_LED}{_COUNT}{_ADJECTIVES}{_NAMES} {_ABOUT} {_SUBJECT}"),
        (Task.NAME, rf"{_BARE}{_COUNT}{_ADJECTIVES}(?:names|name ideas|titles) for {_SUBJECT}"),
        (Task.NAME, rf"^{_POLITE}{_YOU}name (?P<subject>(?:my|our) \S.*?)"),
        (
            Task.NAME,
            rf"^{_POLITE}(?:what|how) (?:should|could|shall|can|might|would) (?:i|we|you|they) (?:call|name) {_SUBJECT}",
        ),
        (Task.SLOGAN, rf"{_LED}{_COUNT}{_ADJECTIVES}{_SLOGANS} {_ABOUT} {_SUBJECT}"),
        (
            Task.SLOGAN,
            rf"{_BARE}{_COUNT}{_ADJECTIVES}(?:slogans|slogan ideas|tag ?lines|mottos|straplines) for {_SUBJECT}",
        ),
        (
            Task.RECOMMEND,
            rf"^(?P<lead>{_POLITE}{_YOU}recommend {_ME})(?:(?P<count>{NUMBER}|some|a few|any) )?{_SUBJECT}",
        ),
        (Task.RECOMMEND, rf"{_LED}{_COUNT}{_ADJECTIVES}recommendations (?:for|on|about) {_SUBJECT}"),
        (Task.BRAINSTORM, rf"{_LED}{_COUNT}{_ADJECTIVES}{_IDEAS} (?:{_ABOUT} )?(?P<how>{_HOW}){_SUBJECT}"),
        (Task.BRAINSTORM, rf"{_LED}{_COUNT}{_ADJECTIVES}(?:{_IDEAS}|idea) {_ABOUT} {_SUBJECT}"),
        (Task.BRAINSTORM, rf"{_BARE}{_COUNT}{_ADJECTIVES}{_IDEAS} (?P<how>{_HOW}){_SUBJECT}"),
        (Task.BRAINSTORM, rf"{_BARE}{_COUNT}{_ADJECTIVES}{_IDEAS} {_ABOUT} {_SUBJECT}"),
        (
            Task.BRAINSTORM,
            rf"^(?P<lead>{_LEAD}|{_POLITE}){_COUNT}(?P<subject>(?:(?!(?:{_NOT_ADJECTIVES})\b)[^\W\d][\w-]* ){{0,2}}?(?P<thing>{_THINGS}) (?:for|to|about|on|that|which|with|at|in|an?|the|our|my|we|i|you) (?!are |is )\S.*?)",
        ),
        (
            Task.BRAINSTORM,
            rf"^{_POLITE}{_YOU}{_HELP}brainstorm(?! (?:session|meeting|is|was|about it))(?: on| about|:)?:? {_COUNT}{_SUBJECT}",
        ),
        (
            Task.CRITIQUE,
            rf"^{_POLITE}{_YOU}(?:critique|critici[sz]e|poke holes in|find (?:the |some )?(?:flaws|weaknesses|holes|problems) (?:in|with)|stress[- ]test"
            rf"|play devil'?s advocate (?:for|on|with|against)|(?:what is|what's|what are) (?:weak about|wrong with|the (?:weak points|weaknesses|problems|risks) (?:of|with|in)))"
            rf" {_THIS}(?:\? (?:give (?:me )?)?(?P<asked>{NUMBER}) points)?{_COLON}{_SUBJECT}",
        ),
        (
            Task.IMPROVE,
            rf"^{_POLITE}{_YOU}(?:(?:improve|refine|polish|sharpen)(?: on)? {_THIS}|make {_THIS} better){_COLON}{_SUBJECT}",
        ),
        (
            Task.COMBINE,
            rf"^{_POLITE}{_YOU}(?:combine|merge|mix|blend|join|marry) (?:these|the following|my|our)(?: (?:two|three|2|3))?(?: ideas| concepts)?{_COLON}{_SUBJECT}",
        ),
        (Task.COMBINE, rf"^{_POLITE}{_YOU}(?:combine|merge|mix|blend|join|marry) {_SUBJECT},? in {_POINTS}"),
    )
)
_ELSEWHERE: tuple[tuple[str, Task, re.Pattern[str]], ...] = tuple(
    (language, task, _compiled(pattern + _END))
    for language, task, pattern in (
        (
            "de",
            Task.BRAINSTORM,
            rf"^(?:(?:bitte |gib (?:mir|uns) |ich brauche |wir brauchen |ich suche |hast du |was (?:sind|wären) |ein paar |einige )*)(?:(?P<count>{NUMBER}) )?(?:gute |neue |ein paar |kreative )?ideen (?:für|zu|zum|zur|um|wie) {_SUBJECT}(?: bitte)?",
        ),
        (
            "de",
            Task.NAME,
            rf"^(?:(?:bitte |gib (?:mir|uns) |ich brauche |wir brauchen |ich suche )*)(?:(?P<count>{NUMBER}) |einen )?(?:gute[nr]? |schöne[nr]? )?namen für {_SUBJECT}(?: bitte)?",
        ),
        (
            "de",
            Task.SLOGAN,
            rf"^(?:(?:bitte |gib (?:mir|uns) |ich brauche |wir brauchen |ich suche )*)(?:(?P<count>{NUMBER}) |einen )?(?:gute[nr]? )?slogans? für {_SUBJECT}(?: bitte)?",
        ),
        (
            "fr",
            Task.BRAINSTORM,
            rf"^(?:(?:donne[sz]?-(?:moi|nous) |j'ai besoin (?:de |d')|il (?:me|nous) faut |je cherche (?:des )?|des )*)(?:(?P<count>{NUMBER}) )?(?:bonnes )?idées (?:pour|de) {_SUBJECT}",
        ),
        (
            "es",
            Task.BRAINSTORM,
            rf"^(?:(?:dame |danos |necesito |necesitamos |busco )*)(?:(?P<count>{NUMBER}) )?(?:buenas )?ideas (?:para|sobre) {_SUBJECT}",
        ),
    )
)
_POINTS_AT_TEXT = re.compile(r"\b(?:the following|given (?:a|the|an|below)|below|above)\b", re.IGNORECASE)
_FINITE = re.compile(
    r"(?<!who )(?<!that )(?<!which )(?<!we )(?<!you )(?<!they )(?<!it )(?<!there )(?<!what )(?<!how )(?<!i )"
    r"\b(?:is|are|was|were|has|have|seems?|sounds?|comes?|came|did|does)\b",
    re.IGNORECASE,
)


def read(sentence: str) -> Asked | None:
    """The request that a sentence is; None where it is none."""
    for language, task, pattern in _ELSEWHERE:
        if found := pattern.match(sentence):
            return Asked(
                Intent.MAKE, task, number_of(found["count"]), found["subject"].strip(), language=language
            )
    for task, pattern in _PATTERNS:
        found = pattern.match(sentence)
        if found and (asked := _made(task, found)):
            return asked
    return None


def _made(task: Task, found: re.Match[str]) -> Asked | None:
    groups = found.groupdict()
    subject, count = (
        found["subject"].strip(),
        number_of(groups.get("count") or groups.get("listed") or groups.get("points") or groups.get("asked")),
    )
    if _POINTS_AT_TEXT.search(subject):
        return None
    if groups.get("lead") == "" and _FINITE.search(subject):
        return None
    if groups.get("thing") and not (count and count > 1) and not _is_creative(groups.get("lead") or ""):
        return None
    if how := groups.get("how"):
        subject = f"how {subject}" if "how" in how.lower() else f"how to {subject}"
    return Asked(Intent.MAKE, task, count, subject, wish=(groups.get("wish") or "").strip(" ,"))


def _is_creative(lead: str) -> bool:
    return re.search(rf"{_CREATE}|suggest", lead, re.IGNORECASE) is not None
