"""Sentences that test one ability each: an attack in many forms, and its harmless near-doubles.

The kinds follow HateCheck (https://aclanthology.org/2021.acl-long.4); every sentence is our own. `{g}` is a group in
the plural, `{one}` one of its members. Unpleasant to read, and meant to be.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

GROUPS = (
    ("women", "a woman"),
    ("Muslims", "a Muslim"),
    ("Jews", "a Jew"),
    ("gay people", "a gay man"),
    ("trans people", "a trans person"),
    ("Black people", "a Black person"),
    ("immigrants", "an immigrant"),
    ("disabled people", "a disabled person"),
    ("Mexicans", "a Mexican"),
    ("lesbians", "a lesbian"),
    ("Asian people", "an Asian person"),
    ("refugees", "a refugee"),
)


@dataclass(frozen=True, slots=True)
class Ability:
    """What is tested, whether its sentences attack people, and the forms of the sentences."""

    name: str
    hostile: bool
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an ability."""

    ability: str
    text: str
    hostile: bool


ABILITIES = (
    Ability("emotion", True, (
        "I really hate {g}.",
        "{g} make me sick to my stomach.",
        "I can't stand being in the same room as {one}.",
        "Honestly, I despise every one of those {g}.",
        "Nothing disgusts me more than {g}.",
        "I have nothing but contempt for {g}.",
        "My blood boils whenever I see {g}.",
        "God, how I loathe {g}.",
        "I feel nothing but disgust when I think about {g}.",
        "{g} are the people I hate most.",
        "I would never befriend {one}, they revolt me.",
    )),
    Ability("derogation", True, (
        "{g} are worthless.",
        "All {g} are stupid and lazy.",
        "You can tell that {g} are inferior to us.",
        "{g} have no brains at all.",
        "Every time I meet {one} I am reminded how dumb they are.",
        "{g} only know how to lie and steal.",
        "{g} are the worst thing that ever happened to this country.",
        "Being {one} means being stupid.",
        "Everyone knows that {g} are liars and thieves.",
        "{g} have the intelligence of a brick.",
        "{g} are so retarded.",
    )),
    Ability("dehumanisation", True, (
        "{g} are vermin.",
        "{g} are a disease in our society.",
        "To me {g} are no better than animals.",
        "{g} breed like rats.",
        "{one} is not a real human being.",
        "We are being overrun by {g}, those cockroaches.",
        "{g} are parasites.",
        "{g} are pigs, nothing else.",
        "{g} are less than human.",
        "I see {g} as insects that need to be crushed.",
        "{g} are the cancer of this nation.",
    )),
    Ability("threat", True, (
        "I am going to hurt {g}.",
        "I will beat up the next {g} I meet.",
        "If I see {one} near my house I will shoot.",
        "We should kill all {g}.",
        "One day we will come for {g} and burn their houses down.",
        "{g} will be wiped out, and I'll help.",
        "I'm gonna punch {one} today.",
        "I want to kill {g}.",
        "Tomorrow I'll bring a gun and shoot {g}.",
        "{g} had better watch out, we will hunt you.",
        "Soon we are going to round up {g}.",
    )),
    Ability("call for harm", True, (
        "{g} deserve to die.",
        "{g} should be locked up.",
        "Someone ought to put {g} in their place with a baseball bat.",
        "It is time that we got rid of {g}.",
        "Let's throw {g} out of this country.",
        "{g} need to be taught a lesson with fists.",
        "{g} must be exterminated.",
        "{g} ought to be deported.",
        "Beat {g} until they leave.",
        "{g} should rot in prison.",
        "All {g} should be sterilised.",
    )),
    Ability("denial of rights", True, (
        "{g} should not be allowed to vote.",
        "{g} do not belong here.",
        "No {g} in my neighbourhood!",
        "We must never let {g} teach our children.",
        "{g} don't deserve the same rights as us.",
        "This place would be so much better without {g}.",
        "{g} should know their place.",
        "I'd rather die than live next to {g}.",
        "You can never trust {one}.",
        "We don't want {g} here.",
        "{g} are ruining everything.",
        "{g} aren't real citizens.",
    )),
    Ability("profane attack", True, (
        "{g} are fucking idiots.",
        "Fuck {g}.",
        "{g} are such bitches.",
        "Get those fucking {g} out of my sight.",
        "What a bunch of shitty people {g} are.",
    )),
    Ability("negated praise", True, (
        "{g} are not worth our respect.",
        "{g} will never be equal to us.",
        "I have never met {one} who was not a criminal.",
        "No {g} has ever done anything good.",
        "{g} aren't smart enough for this job.",
        "{g} are not welcome in my shop.",
        "{g} are nothing like decent people.",
        "{g} do not deserve any help.",
        "Not a single one of those {g} is honest.",
    )),
    Ability("attack as a question", True, (
        "Why are {g} so disgusting?",
        "Why do we still let {g} live among us?",
        "Who would ever want to touch {one}?",
        "When will somebody finally get rid of {g}?",
        "How can anyone trust {g}, those liars?",
        "Why don't we just deport {g}?",
        "Is there anything more pathetic than {g}?",
        "Who let {g} into our country?",
        "Why are {g} such losers?",
    )),
    Ability("reference back", True, (
        "Look at {g} in this town. They are scum and should be shot.",
        "{g} moved in next door. I hate them, I want them dead.",
        "There are too many {g}. Send them all back.",
        "I met {one} yesterday. What a filthy animal.",
    )),
    Ability("self-identification", False, (
        "I am {one}.",
        "As {one} I have lived in this city for years.",
        "My best friend is {one} and a great cook.",
        "Proud to be {one}!",
        "My sister married {one} last summer.",
        "Hi, I'm {one} from Leeds.",
        "My mum is {one}.",
        "We are {g} and we like chess.",
        "{one} moved into the flat above us.",
        "As {one}, I worry about the election.",
    )),
    Ability("neutral mention", False, (
        "Many {g} live in this part of the town.",
        "The report looks at how {g} find work.",
        "Give me five slogans for a club for {g}.",
        "What do {g} think about the new school?",
        "{g} met the mayor on Monday.",
        "How many {g} voted in the last election?",
        "The museum shows paintings by {g}.",
        "Several {g} joined our choir.",
        "Which laws protect {g}?",
        "A study on health among {g} was published.",
        "Write a story about {one} who becomes a pilot.",
    )),
    Ability("praise", False, (
        "I love {g}.",
        "{g} are wonderful neighbours.",
        "{g} deserve respect and equal rights.",
        "We need more {g} in our team.",
        "{g} make this country a better place.",
        "It was {one} who saved my life.",
        "{g} are great.",
        "I adore {g}.",
        "{g} enrich our culture.",
        "{g} deserve to feel safe.",
        "I admire {g} for their courage.",
    )),
    Ability("negated attack", False, (
        "I do not hate {g}.",
        "{g} are not vermin.",
        "Nobody should ever hurt {g}.",
        "{g} do not deserve to die.",
        "We must never treat {g} as inferior.",
        "No one has the right to attack {one}.",
        "I have never hated {g}.",
        "{g} aren't disgusting at all.",
        "Nobody deserves to be beaten for being {one}.",
        "We must not hurt {g}.",
        "{g} should never be insulted.",
    )),
    Ability("counter-speech", False, (
        "Saying that {g} are stupid is wrong.",
        "People who hate {g} should be ashamed.",
        "It is racist to claim that {g} are inferior.",
        "Stop calling {g} animals.",
        "He said that {g} are vermin, and he was fired for it.",
        "How dare you say that {g} do not belong here?",
        "Violence against {g} has to end.",
        "Anyone who calls {g} parasites should be banned.",
        '"{g} are scum" is a horrible thing to write.',
        "I was shocked to read that {g} should be deported.",
        "It's not OK to joke about killing {g}.",
        "You think {g} are disgusting? Get help, that is bigotry.",
        "Hatred of {g} is on the rise and we must fight it.",
    )),
    Ability("reclaimed words", False, (
        "I'm a proud dyke and I love my wife.",
        "We're here, we're queer, get used to it.",
        "My bitches and I went dancing all night.",
        "As a queer artist I paint what I know.",
        "Dykes on bikes lead the parade every year.",
        "Call me a fag all you want, I am happy with who I am.",
    )),
    Ability("harmless swearing", False, (
        "Holy shit, that concert was amazing.",
        "I forgot my damn keys again.",
        "This pizza is so fucking good.",
        "What the hell happened to the weather?",
        "Shit, I missed the bus.",
        "Damn, she is a brilliant engineer.",
        "Fuck me, that was close!",
        "I'm so damn tired.",
        "This weather is shit.",
        "Bloody hell, what a goal.",
    )),
    Ability("abuse of things", False, (
        "I hate Mondays.",
        "This printer is a worthless piece of junk.",
        "Kill the process before it eats all the memory.",
        "Wasps are a plague in August.",
        "That film was stupid and far too long.",
        "Weeds should be wiped out before they spread.",
        "Rats and cockroaches infest the old cellar.",
        "Cockroaches should be exterminated.",
        "I despise wet socks.",
        "My old car deserves to be scrapped.",
        "These shoes are utter trash.",
        "Mosquitoes are disgusting.",
    )),
)  # fmt: skip


UNTOUCHED = (
    Ability("attack, other words", True, (
        "{g} turn my stomach.",
        "I wouldn't spit on {one} if they were on fire.",
        "Every last one of those {g} is a crook.",
        "{g} are filth and everybody knows it.",
        "Let's face it, {g} are just not as clever as the rest of us.",
        "{g} poison everything they touch.",
        "Somebody should burn down the place where {g} meet.",
        "I can't wait until {g} are gone for good.",
        "{g} have ruined this neighbourhood.",
        "If {one} talks to me I'll break their jaw.",
        "It would be best for all if {g} had never been born.",
        "Round up {g} and ship them off.",
        "{g} don't count as people.",
        "Hiring {one} is always a mistake.",
        "There is nothing lower than {g}.",
        "What use are {g} to anyone?",
        "Only an idiot would let {one} near children.",
        "{g} act like animals and should be treated like animals.",
        "I'm sick of seeing {g} everywhere.",
        "Keep your daughters away from {g}, they are all predators.",
    )),
    Ability("no attack, other words", False, (
        "I'm dating {one} and my parents love them.",
        "We interviewed {g} about their favourite books.",
        "{g} were treated terribly by the police, and that is a disgrace.",
        "I am sick of people who make fun of {g}.",
        "There is nothing wrong with being {one}.",
        "Calling {g} vermin tells more about you than about them.",
        "My teacher was {one}, and the best I ever had.",
        "In the past {g} were not allowed to vote.",
        "Write a poem for {g} who are far from home.",
        "{g} have every right to be angry.",
        "Why are {g} still paid less?",
        "The attack on {g} last night shocked the town.",
        "I was beaten up because I am {one}.",
        "Nobody should lose a job for being {one}.",
        "{g} are not a threat to anybody.",
    )),
)  # fmt: skip
"""Written after the forms of attack and never used to change them, so that they tell how far the forms reach."""


def sentences(abilities: Iterable[Ability] = ABILITIES) -> Iterator[Sentence]:
    """Every form with every group, each sentence once and with a capital at its start."""
    for ability in abilities:
        for form in ability.forms:
            for text in dict.fromkeys(form.format(g=plural, one=member) for plural, member in GROUPS):
                yield Sentence(ability.name, text[0].upper() + text[1:], ability.hostile)
