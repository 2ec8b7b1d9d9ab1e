"""What each family of guard models is asked, what it answers, and what that means for Riff.

Qwen3Guard-Gen   https://huggingface.co/Qwen/Qwen3Guard-Gen-0.6B (Apache 2.0)
Llama Guard 3, 4 https://huggingface.co/meta-llama/Llama-Guard-3-8B (Llama licences)
ShieldGemma      https://huggingface.co/google/shieldgemma-2b (Gemma terms); its four policies are quoted as trained
Granite Guardian https://huggingface.co/ibm-granite/granite-guardian-3.1-2b (Apache 2.0)
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from genai.moderation.classifiers import Scores

WORTH_NAMING = 0.2
"""A text that is this likely to be bad is asked about for its categories."""


class Unreadable(Exception):
    """A guard answered something else than it was made to answer."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that a text is asked about: values for the chat template, and what a yes means."""

    category: str = ""
    template: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """How likely each deciding word is, which together are 1, and the categories as the guard names them."""

    chances: Mapping[str, float]
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """How a family is asked and read.

    An answer begins with `opening`, then perhaps one of `leads`, then a word of `words`, which say how bad that is
    ("" is worth what the settings say of the controversial). Where it is bad, `listing` and categories follow, of
    which `categories` tells what Riff calls them; "" leaves one out. `questions` are asked each by itself.
    """

    opening: str
    leads: tuple[str, ...]
    words: Mapping[str, float | None]
    listing: str = ""
    categories: Mapping[str, str] = field(default_factory=dict)
    questions: tuple[Question, ...] = (Question(),)

    @property
    def harmless(self) -> str:
        """The word for a text that nothing is wrong with."""
        return next(word for word, weight in self.words.items() if weight == 0.0)

    def decided(self, said: str) -> re.Match[str] | None:
        """The deciding word in an answer, as group 1; a thought or a mark of a score may stand before it."""
        words = "|".join(map(re.escape, self.words))
        before = re.escape(self.opening) if self.opening else r"(?:<think>[^<]*</think>\s*)?(?:<score>)?"
        return re.match(rf"\s*{before}\s*({words})\b", said, re.IGNORECASE)

    def word(self, said: str) -> str:
        """A deciding word as `words` spells it."""
        return next(word for word in self.words if word.lower() == said.lower())

    def named_in(self, said: str) -> tuple[str, ...]:
        """The categories that an answer names."""
        names = sorted(self.categories, key=len, reverse=True)
        found = (
            re.findall("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names), said) if names else ()
        )
        return tuple(dict.fromkeys(found))


def scores_of(
    form: Format,
    questions: Sequence[Question],
    answers: Sequence[Answer],
    controversial: float,
    chosen: Mapping[str, str],
) -> Scores:
    """The scores that the answers to the questions are worth; `chosen` categories come before the format's own."""
    found = {"toxicity": 0.0}
    for question, answer in zip(questions, answers, strict=True):
        badness = sum(
            chance * (controversial if weight is None else weight)
            for word, chance in answer.chances.items()
            for weight in (form.words[word],)
        )
        told = [chosen.get(name, form.categories.get(name, "")) for name in answer.named]
        told += [chosen.get(question.category, question.category)] if question.category else []
        if (answer.named or question.category) and not any(told):
            continue  # it is about nothing that Riff looks for
        for category in ("toxicity", *filter(None, told)):
            found[category] = max(found.get(category, 0.0), min(1.0, badness))
    return found


_QWEN = {
    "Violent": "violence",
    "Non-violent Illegal Acts": "dangerous",
    "Sexual Content or Sexual Acts": "sexual_explicit",
    "Suicide & Self-Harm": "self_harm",
    "Unethical Acts": "toxicity",
    "PII": "",
    "Politically Sensitive Topics": "",
    "Copyright Violation": "",
    "Jailbreak": "",
}
_LLAMA = {
    "S1": "violence",
    "S2": "dangerous",
    "S3": "sexual_explicit",
    "S4": "sexual_explicit",
    "S5": "",
    "S6": "",
    "S7": "",
    "S8": "",
    "S9": "dangerous",
    "S10": "identity_attack",
    "S11": "self_harm",
    "S12": "sexual_explicit",
    "S13": "",
    "S14": "",
}
_POLICIES = {
    "dangerous": '"No Dangerous Content": The prompt shall not contain or seek generation of content that harming'
    " oneself and/or others (e.g., accessing or building firearms and explosive devices, promotion of terrorism,"
    " instructions for suicide).",
    "insult": '"No Harassment": The prompt shall not contain or seek generation of content that is malicious,'
    " intimidating, bullying, or abusive content targeting another individual (e.g., physical threats, denial of tragic"
    " events, disparaging victims of violence).",
    "identity_attack": '"No Hate Speech": The prompt shall not contain or seek generation of content that targeting'
    " identity and/or protected attributes (e.g., racial slurs, promotion of discrimination, calls to violence against"
    " protected groups) or dehumanizing/belittling/vilifying on the bases of race, ethnicity, religion, disability,"
    " age, nationality, veteran status, sexual orientation, gender, gender identity, caste, or any other protected"
    " status. We do allow content that includes a reference to a protected individual or group in a positive manner.",
    "sexual_explicit": '"No Sexually Explicit Information": The prompt shall not contain or seek generation of content'
    " that contains references to sexual acts or other lewd content (e.g., sexually graphic descriptions, content aimed"
    " at causing arousal). Medical or scientific terms related to human anatomy or sex education are permitted.",
}
_RISKS = {
    "harm": "toxicity",
    "social_bias": "identity_attack",
    "profanity": "obscene",
    "sexual_content": "sexual_explicit",
    "violence": "violence",
}
_YES_OR_NO = {"No": 0.0, "Yes": 1.0}

FORMATS = {
    "qwen3guard": Format(
        "Safety:", (" ",), {"Safe": 0.0, "Unsafe": 1.0, "Controversial": None}, "\nCategories:", _QWEN
    ),
    "llama-guard": Format("", ("", "\n\n"), {"safe": 0.0, "unsafe": 1.0}, "\n", _LLAMA),
    "shieldgemma": Format(
        "",
        ("", " "),
        _YES_OR_NO,
        questions=tuple(Question(name, {"guideline": policy}) for name, policy in _POLICIES.items()),
    ),
    "granite-guardian": Format(
        "",
        ("", " ", "\n"),
        _YES_OR_NO,
        questions=tuple(
            Question(name, {"guardian_config": {"risk_name": risk, "criteria_id": risk}})
            for risk, name in _RISKS.items()
        ),
    ),
}
"""Families whose answers are words, by the name in the settings."""
