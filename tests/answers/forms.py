"""Forms as models fill them in: the same parts under labels of every look, in several languages."""

import json
from collections.abc import Callable, Mapping

from genai.answers.labelled_forms import Form, FormLabel

AD = Form(
    (FormLabel("Headline", is_line=True), FormLabel("Body"), FormLabel("Call to action", is_line=True)),
    prose="Body",
)
DESIGN = Form(tuple(map(FormLabel, ("Problem", "Users", "Constraints", "Concept", "Features", "Risks"))))
CRITIQUE = Form(tuple(map(FormLabel, ("Strength", "Risk", "Test"))))
COPY = Form((FormLabel("Text"),), prose="Text")
IMPROVED = Form(
    (FormLabel("Title", is_line=True), FormLabel("Idea"), FormLabel("What changed", required=False)),
    prose="Idea",
    title="Title",
)
TEMPLATE = Form(tuple(map(FormLabel, ("Opening line", "Objections", "Next appointment"))))
FORMS = {"ad": AD, "design": DESIGN, "critique": CRITIQUE, "template": TEMPLATE}

VALUES: Mapping[str, str] = {
    "Headline": "Warm hands on the quay",
    "Body": "Tea from a cart that meets every ferry, in cups that come back.",
    "Call to action": "Look for the green flag",
    "Problem": "People freeze while the ferry is late.",
    "Users": "Commuters and anglers.",
    "Constraints": "No power on the quay.",
    "Concept": "A cart with a kettle and two benches.",
    "Features": "A flag that shows when the tea is hot.",
    "Risks": "Wind over thirty knots.",
    "Strength": "It needs one person and no building.",
    "Risk": "Rain keeps people in their cars.",
    "Test": "Borrow a cart for two Fridays.",
    "Opening line": "Have you ever missed the last boat?",
    "Objections": "It sounds dear, and it looks heavy.",
    "Next appointment": "On the quay, Friday at six.",
}
CALLED: Mapping[str, Mapping[str, str]] = {
    "own": {name: name for name in VALUES},
    "plural": {name: f"{name}s" if not name.endswith("s") else name[:-1] for name in VALUES},
    "synonyms": {
        **{name: name for name in VALUES},
        "Headline": "Header",
        "Body": "Ad copy",
        "Call to action": "CTA",
        "Problem": "Problem statement",
        "Users": "Target audience",
        "Constraints": "Limitations",
        "Concept": "The solution",
        "Features": "Key features",
        "Risks": "Potential challenges",
        "Strength": "What works",
        "Risk": "Weaknesses",
        "Test": "How to test it",
    },
    "Chinese": {
        **{name: name for name in VALUES},
        "Headline": "标题",
        "Body": "正文",
        "Call to action": "行动号召",
        "Problem": "问题",
        "Users": "目标用户",
        "Constraints": "限制条件",
        "Concept": "产品概念",
        "Features": "主要功能",
        "Risks": "潜在风险",
        "Strength": "优点",
        "Risk": "风险",
        "Test": "测试方法",
    },
    "German": {
        **{name: name for name in VALUES},
        "Headline": "Überschrift",
        "Body": "Text",
        "Call to action": "Handlungsaufruf",
        "Problem": "Problemstellung",
        "Users": "Zielgruppe",
        "Constraints": "Rahmenbedingungen",
        "Concept": "Konzept",
        "Features": "Funktionen",
        "Risks": "Risiken",
        "Strength": "Stärken",
        "Risk": "Schwächen",
        "Test": "Versuch",
    },
}
Look = Callable[[Mapping[str, str]], str]


def _each(form: str, between: str = "\n\n", before: str = "", after: str = "") -> Look:
    def written(parts: Mapping[str, str]) -> str:
        whole = [form.format(l=label, t=text, n=n) for n, (label, text) in enumerate(parts.items(), 1)]
        return before + between.join(whole) + after

    return written


LOOKS: Mapping[str, Look] = {
    "headings": _each("## {l}\n{t}"),
    "headings with a blank line": _each("### {l}\n\n{t}"),
    "bold with the colon inside": _each("**{l}:** {t}"),
    "bold with the colon outside": _each("**{l}**: {t}", "\n"),
    "bold lines": _each("**{l}**\n{t}"),
    "bold lines with a colon": _each("**{l}:**\n\n{t}"),
    "words and a colon": _each("{l}: {t}", "\n"),
    "words alone": _each("{l}\n{t}"),
    "words and a colon above": _each("{l}:\n{t}"),
    "numbered bold": _each("{n}. **{l}:** {t}", "\n"),
    "numbered words": _each("{n}. {l}: {t}", "\n"),
    "numbered alone": _each("{n}. **{l}**\n   {t}"),
    "bullets bold": _each("- **{l}**: {t}", "\n"),
    "bullets": _each("* {l}: {t}", "\n"),
    "numbered headings": _each("### {n}. {l}\n{t}"),
    "bold headings": _each("### **{l}:**\n{t}"),
    "headings with the text": _each("## {l}: {t}"),
    "table": _each("| {l} | {t} |", "\n", "| Part | Text |\n|---|---|\n"),
    "table with bold": _each("| **{l}** | {t} |", "\n", "| | |\n|---|---|\n"),
    "json": lambda parts: json.dumps(dict(parts), ensure_ascii=False, indent=2),
    "json in a fence": lambda parts: f"```json\n{json.dumps(dict(parts), ensure_ascii=False)}\n```",
    "boxes": _each("【{l}】{t}", "\n"),
    "dash": _each("**{l}** – {t}", "\n"),
    "plain dash": _each("{l} - {t}", "\n"),
    "emoji": _each("🎯 **{l}**\n{t}"),
    "emoji headings": _each("## 🎯 {l}\n{t}"),
    "with a limit": _each("**{l} (max. 90 characters):** {t}"),
    "with an article": _each("#### The {l}:\n\n{t}"),
    "underscores": _each("__{l}__: {t}", "\n"),
    "italics": _each("*{l}*: {t}"),
    "one paragraph": _each("**{l}:** {t}", " "),
    "rules between": _each("**{l}**\n\n{t}", "\n\n---\n\n"),
    "in a fence": _each("{l}: {t}", "\n", "```\n", "\n```"),
    "in a quotation": _each("> **{l}:** {t}", "\n>\n"),
    "courtesies": _each(
        "**{l}:** {t}",
        "\n\n",
        "Sure! Here's what I came up with:\n\n",
        "\n\nLet me know if you'd like another take!",
    ),
    "courtesies and rules": _each(
        "## {l}\n{t}", "\n\n", "Absolutely!\n\n---\n\n", "\n\n---\n\nWould you like me to refine it?"
    ),
    "title first": _each("## {l}\n{t}", "\n\n", "# Tea on the Quay\n\n"),
    "windows line ends": _each("**{l}:** {t}", "\r\n\r\n"),
    "capitals": lambda parts: _each("{l}: {t}")({label.upper(): text for label, text in parts.items()}),
    "small letters": lambda parts: _each("{l}: {t}", "\n")(
        {label.lower(): text for label, text in parts.items()}
    ),
}
