"""Shapes in which models write a list of ideas, each filled with the same five ideas of our own."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """An idea as it is to be read, whatever the shape."""

    title: str
    body: str
    points: tuple[str, str]


ENGLISH = (
    Sample(
        "Borrowed Umbrellas",
        "A stand by the door lends umbrellas that come back at any of the four branches.",
        ("Ten to start with", "A tag names the branch"),
    ),
    Sample(
        "Story Bench",
        "Twice a week someone from the street reads aloud on the bench outside.",
        ("Ask the choir first", "Blankets in winter"),
    ),
    Sample(
        "Seed Drawer",
        "One drawer of the old card index holds seeds that people take and bring back.",
        ("Sorted by month", "Labels are hand-written"),
    ),
    Sample(
        "Night Returns",
        "A hatch takes books until midnight, so shift workers keep their loans in time.",
        ("Lit from inside", "Emptied at eight"),
    ),
    Sample(
        "Map of Walks",
        "Readers pin their own walks on a wall map and leave a note on what they saw.",
        ("Wool marks the routes", "A copy goes home"),
    ),
)
CHINESE = (
    Sample("借伞角", "门口的架子出借雨伞，在任何一家分馆都可以归还。", ("先放十把", "吊牌写明分馆")),
    Sample("故事长椅", "每周两次，街坊在门外的长椅上朗读。", ("先问合唱团", "冬天备毯子")),
    Sample("种子抽屉", "旧卡片柜的一个抽屉存放种子，大家可取可还。", ("按月份排列", "标签手写")),
    Sample("夜间还书", "还书口开到半夜，上夜班的人也能按时还书。", ("里面有灯", "早上八点清空")),
    Sample("散步地图", "读者把自己的散步路线钉在墙上的地图上。", ("用毛线标路线", "可带走一份")),
)
NUMBERS = ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")
Shape = Callable[[Sequence[Sample]], str]
SHAPES: dict[str, Shape] = {}
"""Five ideas with text, by the name of the shape."""
TITLES: dict[str, Shape] = {}
"""Titles alone."""


def shape(function: Shape) -> Shape:
    SHAPES[function.__name__] = function
    return function


def titles(function: Shape) -> Shape:
    TITLES[function.__name__] = function
    return function


def filled(samples: Sequence[Sample], form: str, between: str = "\n") -> str:
    """Every idea in one form: n its number, t its title, b its text, p and q its points."""
    return between.join(
        form.format(
            n=number,
            t=one.title,
            b=one.body,
            p=one.points[0],
            q=one.points[1],
            c=_of("一二三四五六七八九十", number),
            i=_of(["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"], number),
            a=_of("abcdefghijkl", number),
            o=_of("①②③④⑤⑥⑦⑧⑨⑩⑪⑫", number),
            k=f"{number}\ufe0f\u20e3",
            w=_of(NUMBERS, number),
            e=_of("☂📖🌱🌙🗺", number),
        )
        for number, one in enumerate(samples, 1)
    )


def _of(signs: Sequence[str], number: int) -> str:
    return signs[(number - 1) % len(signs)]


def _simple(name: str, form: str, between: str = "\n", before: str = "", after: str = "") -> None:
    SHAPES[name] = lambda samples: before + filled(samples, form, between) + after


_simple("parenthesis", "{n}) {t}: {b}")
_simple("both_parentheses", "({n}) {t}: {b}", "\n\n")
_simple("escaped_dot", "{n}\\. **{t}**: {b}")
_simple("bold_number_outside", "**{n}.** **{t}**: {b}", "\n\n")
_simple("bold_number_and_title", "**{n}. {t}** – {b}", "\n\n")
_simple("bold_whole_line_then_text", "**{n}) {t}**\n\n{b}", "\n\n")
_simple("heading_two_numbered", "## {n}. {t}\n\n{b}", "\n\n", "# Ideas for the library\n\n")
_simple(
    "heading_idea_word",
    "### Idea {n}: {t}\n{b}\n\n- {p}\n- {q}",
    "\n\n",
    "",
    "\n\n---\n\nLet me know which one you like!",
)
_simple("idea_word_plain", "Idea {n}: {t}\n{b}", "\n\n")
_simple("idea_word_spelt", "**Idea {w}: {t}**\n{b}", "\n\n")
_simple("option_letter", "**Option {a}: {t}**\n\n{b}", "\n\n")
_simple("hash_number", "#{n} {t}: {b}")
_simple("number_dash", "{n} - {t}: {b}")
_simple("number_colon", "{n}: {t} – {b}")
_simple("square_brackets", "[{n}] {t}: {b}")
_simple("keycaps", "{k} **{t}**: {b}")
_simple("keycaps_and_text_below", "{k} {t}\n{b}", "\n\n")
_simple("circled_digits", "{o} {t}：{b}")
_simple("ideographic_comma", "{n}、{t}：{b}")
_simple("fullwidth_parentheses", "（{n}）{t}：{b}")
_simple("chinese_numerals", "{c}、{t}\n{b}", "\n\n")
_simple("ordinal_chinese", "第{c}、{t}：{b}")
_simple("roman", "{i}. **{t}**: {b}")
_simple("letters", "{a}) {t}: {b}")
_simple("round_bullets", "• {t}: {b}")
_simple("dash_bullets_nested", "- **{t}**: {b}\n  - {p}\n  - {q}")
_simple("dash_bullets_loose", "- **{t}**\n\n  {b}\n\n  - {p}\n  - {q}", "\n\n")
_simple("plus_bullets", "+ {t} — {b}")
_simple("arrows", "→ **{t}**: {b}")
_simple("checkboxes", "- [ ] **{t}**: {b}")
_simple("emoji_titles_bold", "**{e} {t}**\n{b}", "\n\n", "Here are some ideas!\n\n")
_simple("emoji_headings", "## {e} {t}\n{b}", "\n\n")
_simple("emoji_before_number", "{e} **{n}. {t}**: {b}", "\n\n")
_simple("number_and_emoji", "{n}. {e} **{t}**: {b}")
_simple(
    "bold_lead_paragraphs",
    "**{t}**: {b}",
    "\n\n",
    "Happy to help! Some thoughts:\n\n",
    "\n\nWould you like me to go deeper into one of them?",
)
_simple("bold_without_separator", "{n}. **{t}** {b}")
_simple("italic_titles", "{n}. *{t}*: {b}")
_simple("quoted_titles", "{n}. “{t}” – {b}")
_simple("text_below_unindented", "{n}. {t}\n{b}", "\n\n")
_simple("text_below_blank_line", "{n}. **{t}**\n\n{b}", "\n\n")
_simple("unindented_points", "{n}. **{t}**: {b}\n- {p}\n- {q}", "\n\n")
_simple("two_space_points", "{n}. **{t}**\n  * {b}\n  * {p}\n  * {q}")
_simple("tab_points", "{n}. **{t}**: {b}\n\t- {p}\n\t\t- {q}")
_simple("rules_between", "### {t}\n\n{b}", "\n\n---\n\n")
_simple(
    "rules_between_numbers",
    "**{n}. {t}**\n\n{b}",
    "\n\n---\n\n",
    "Here are five ideas for your library:\n\n---\n\n",
)
_simple("records", "Title: {t}\nDescription: {b}", "\n\n")
_simple("bold_records", "**Title:** {t}\n**Description:** {b}\n**First step:** {p}", "\n\n")
_simple("records_in_one_block", "**Name:** {t}\n**What:** {b}", "\n")
_simple("number_alone_on_line", "{n}.\n**{t}**\n{b}", "\n\n")
_simple("windows_line_ends", "{n}. **{t}**: {b}\r\n   - {p}\r\n   - {q}", "\r\n")
_simple("old_mac_line_ends", "{n}. **{t}**: {b}", "\r")
_simple("all_ones", "1. **{t}**: {b}")
_simple("indented_everything", "    {n}. **{t}**: {b}\n        - {p}")
_simple("in_a_quotation", "> **{n}. {t}**\n> {b}\n>", "\n")
_simple("in_a_fence", "{n}. {t}: {b}", "\n", "Here you go:\n\n```markdown\n", "\n```\n\nHope this helps!")
_simple("steps_below", "{n}. **{t}**\n   {b}\n\n   1. {p}\n   2. {q}", "\n\n")
_simple("heading_and_numbered_steps", "## {t}\n\n{b}\n\n1. {p}\n2. {q}", "\n\n")
_simple("bold_line_and_bullets_described", "**{t}**\n- **Description:** {b}\n- **Cost:** {p}", "\n\n")
_simple(
    "plain_paragraphs",
    "{t}: {b}",
    "\n\n",
    "Here are some ideas for the library.\n\n",
    "\n\nLet me know what you think!",
)
_simple("plain_title_lines", "{t}\n{b}", "\n\n")
_simple("html_list", "<li><b>{t}</b>: {b}</li>", "\n", "<ol>\n", "\n</ol>")
_simple(
    "table_without_numbers",
    "| **{t}** | {b} | {p} |",
    "\n",
    "| Idea | What happens | Cost |\n|:--|:--|--:|\n",
    "\n\nWhich of these fits best?",
)
_simple("no_space_after_number", "{n}.{t}：{b}")
_simple("title_in_bold_with_colon_below", "{n}. **{t}:**\n   {b}")
_simple("why_it_works", "{n}. **{t}**: {b}\n\n   *Why it works:* {p}.", "\n\n")
_simple(
    "tips_at_the_end",
    "{n}. **{t}**: {b}",
    "\n",
    "Sure thing!\n\n",
    "\n\n**Tips for a good start:**\n- Ask the neighbours\n- Begin small\n- Measure what happens",
)
_simple(
    "next_steps_numbered",
    "{n}. **{t}**: {b}",
    "\n",
    "",
    "\n\n### Next steps\n1. Pick one.\n2. Try it for a month.",
)
_simple(
    "considerations_first",
    "{n}. **{t}**: {b}",
    "\n",
    "Key considerations:\n- The budget is small\n- The building is old\n\nIdeas:\n\n",
)
_simple(
    "courtesy_right_below", "{n}. {t}: {b}", "\n", "Okay, here are five:\n", "\nLet me know if you want more!"
)
_simple(
    "heading_levels_and_conclusion",
    "## {t}\n{b}\n### Benefits\n{p}\n### Costs\n{q}",
    "\n\n",
    "",
    "\n\n## Conclusion\nEach of them is cheap.",
)


_simple("strong_underscores", "{n}. __{t}__: {b}")
_simple("bold_italic", "***{n}. {t}***\n\n{b}", "\n\n")
_simple(
    "heading4_title_colon_number",
    "#### Idea #{n} – {t}\n\n{b}\n\n**Why it works:** {p}\n\n**First step:** {q}",
    "\n\n",
    "I'd be happy to help! Here are five ideas for your library:\n\n",
    "\n\nI hope these spark something! Would you like a budget for any of them?",
)
_simple("number_then_heading_inside", "{n}. ### {t}\n   {b}", "\n\n")
_simple(
    "two_paragraph_bodies",
    "**{n}. {t}**\n\n{b}\n\n{p}.",
    "\n\n",
    "Absolutely!\n\n",
    "\n\nEach of these can begin next week. Let me know which you would like to try.",
)
_simple("fence_in_idea", "{n}. **{t}**: {b}\n\n   ```\n   1. {p}\n   - {q}\n   ```", "\n\n")
_simple("table_in_idea", "## {n}. {t}\n\n{b}\n\n| a | b |\n|---|---|\n| {p} | {q} |", "\n\n")
_simple("quote_in_idea", "{n}. **{t}**\n\n   > {p}\n\n   {b}", "\n\n")
_simple("bullet_then_number", "- {n}. {t}: {b}")
_simple("zero_padded", "0{n}. {t}: {b}")
_simple(
    "dots_and_dash",
    "{n}. {t} - {b}",
    "\n\n",
    "Okay! Here's my list:\n",
    "\n\nPick your favorite and I'll expand on it.",
)
_simple("em_dash_tight", "{n}. {t}—{b}")
_simple("bold_title_parenthesis", "{n}. **{t}** ({p}): {b}")
_simple(
    "de_labels",
    "### Idee {n}: {t}\n\n**Beschreibung:** {b}\n\n**Kosten:** {p}",
    "\n\n",
    "Klar! Hier sind fünf Ideen:\n\n",
    "\n\nSag mir, welche dir gefällt!",
)
_simple(
    "fr_intro",
    "{n}. **{t}** : {b}",
    "\n",
    "Bien sûr ! Voici cinq idées :\n\n",
    "\n\nN'hésitez pas à me dire ce que vous en pensez.",
)
_simple(
    "zh_full",
    "{n}. **{t}**\n   - **描述**：{b}\n   - **优点**：{p}\n   - **成本**：{q}",
    "\n\n",
    "好的！以下是五个点子：\n\n",
    "\n\n如果您需要更多细节，请告诉我！",
)
_simple("zh_brackets", "【点子{c}】{t}\n{b}", "\n\n")
_simple("zh_quotes", "{n}. “{t}”：{b}", "\n", "当然可以！以下是一些建议：\n")
_simple("emoji_end_of_title", "{n}. **{t}** {e}: {b}")
_simple("emoji_only_lines", "{e} {t}: {b}", "\n\n")
_simple("heading_with_trailing_hashes", "## {t} ##\n{b}", "\n\n")
_simple("bold_numbers_in_bullets", "* **{n}. {t}**: {b}\n    * {p}\n    * {q}")
_simple("parent_points_indented_four", "{n}. {t}\n    * {b}\n    * {p}\n        * {q}")
_simple("labels_plain_lines", "{n}. {t}\nDescription: {b}\nCost: {p}", "\n\n")
_simple("bold_labels_below", "**{n}. {t}**\n**What:** {b}\n**Cost:** {p}", "\n\n")
_simple(
    "rule_first_and_last",
    "{n}. **{t}**: {b}",
    "\n",
    "---\n\n",
    "\n\n---\n\n*Let me know if you'd like more!*",
)
_simple("notes_after", "- **{t}**: {b}", "\n", "", "\n\n**Note:** All of these need a volunteer.")
_simple(
    "bonus_table_after", "{n}. **{t}**: {b}", "\n", "", "\n\n| Idea | Cost |\n|---|---|\n| a | b |\n| c | d |"
)
_simple("steps_of_each_unindented", "**{n}. {t}**\n\n{b}\n\nSteps:\n\n1. {p}\n2. {q}", "\n\n")
_simple(
    "bold_line_three_bullets",
    "**{t}**\n\n{b}\n\n- {p}\n- {q}",
    "\n\n",
    "Here are 5 ideas to consider:\n\n",
    "\n\nThese ideas are cheap and can start small.",
)
_simple("heading_bullets_only", "### {t}\n- {b}\n- {p}\n- {q}", "\n\n", "# Five Ideas\n\n")
_simple("nested_ordered_letters", "{n}. {t}\n   a. {b}\n   b. {p}", "\n")
_simple("dashes_double", "{n}. {t} -- {b}")
_simple("tilde_list_arrow", "➤ {t}: {b}")
_simple("blank_before_everything", "\n\n\n{n}. {t}: {b}\n\n")
_simple("trailing_spaces", "{n}. **{t}**:   \n   {b}  ", "\n  \n")
_simple("nbsp_after_number", "{n}.\u00a0**{t}**: {b}")
_simple("number_words_heading", "## {w}. {t}\n{b}", "\n\n")
_simple("ideas_in_div_text", "Idea {n} - {t}\n\n{b}", "\n\n")


_simple("bold_inside_colon", "{n}. **{t}:** {b}")
_simple("wide_after_number", "{n}.  **{t}**: {b}")
_simple("bold_number_then_concept", "**{n}.  {t}:**\n\n* **Concept:** {b}\n* {p}.\n* {q}.\n", "\n\n")
_simple("title_and_text_indented", "{n}. **{t}**\n   {b}", "\n\n")
_simple("plus_points_with_tabs", "{n}. **{t}**: {b}\n\t+ {p}\n\t+ {q}")
_simple(
    "numbered_heading_then_indented_points",
    "### {n}. **{t}**\n   - **Description:** {b}\n   - {p}\n   - {q}",
    "\n\n",
)
_simple("headings_below_a_title", "## {t}\n{b}", "\n\n", "# Ideas for the Library\n\n")
_simple("star_bullets_wide", "* **{t}:**  {b}", "\n\n")
_simple("bold_lines", "**{t}**\n{b}", "\n\n", "Sure! Here are 5 ideas for the library:\n\n")
_simple("bold_idea_number", "**Idea {n}: {t}**\n{b}", "\n\n")
_simple("emoji_bold_colon", "{e} **{t}**: {b}")
_simple(
    "table_with_numbers",
    "| {n} | **{t}** | {b} |",
    "\n",
    "| # | Idea | Description |\n|---|------|-------------|\n",
)
_simple("chinese_full_stop_colon", "{n}. **{t}**：{b}")


@shape
def emoji_that_lost_its_picture(samples: Sequence[Sample]) -> str:
    return filled(samples[:4], "{e} **{t}**: {b}") + f"\n\ufe0f **{samples[4].title}**: {samples[4].body}"


@shape
def categories_that_count_on(samples: Sequence[Sample]) -> str:
    whole = filled(samples, "{n}. **{t}**: {b}").split("\n")
    return (
        "Some ideas:\n\n**Useful**\n\n" + "\n".join(whole[:3]) + "\n\n**Playful**\n\n" + "\n".join(whole[3:])
    )


@shape
def headings_as_categories(samples: Sequence[Sample]) -> str:
    one, two = filled(samples[:2], "- **{t}**: {b}"), filled(samples[2:], "- **{t}**: {b}")
    return f"## Indoors\n\n{one}\n\n## Outdoors\n\n{two}\n"


@shape
def categories_that_restart(samples: Sequence[Sample]) -> str:
    one, two = filled(samples[:3], "{n}. {t}: {b}"), filled(samples[3:], "{n}. {t}: {b}")
    return f"**For readers**\n{one}\n\n**For the street**\n{two}"


@shape
def plain_categories(samples: Sequence[Sample]) -> str:
    one, two = filled(samples[:2], "* {t}: {b}"), filled(samples[2:], "* {t}: {b}")
    return f"Here are five ideas:\n\nFor readers:\n{one}\n\nFor the street:\n{two}"


@shape
def categories_with_headings_per_idea(samples: Sequence[Sample]) -> str:
    one, two = filled(samples[:2], "### {t}\n{b}", "\n\n"), filled(samples[2:], "### {t}\n{b}", "\n\n")
    return f"## Small\n\n{one}\n\n## Large\n\n{two}"


@shape
def chinese_outline(samples: Sequence[Sample]) -> str:
    one, two = filled(samples[:3], "{n}. {t}：{b}"), filled(samples[3:], "{n}. {t}：{b}")
    return f"以下是五个点子：\n\n一、馆内\n{one}\n\n二、馆外\n{two}"


@shape
def emoji_categories(samples: Sequence[Sample]) -> str:
    one, two = filled(samples[:2], "- {t}: {b}"), filled(samples[2:], "- {t}: {b}")
    return f"📚 **Inside**\n{one}\n\n🌳 **Outside**\n{two}"


@shape
def json_objects(samples: Sequence[Sample]) -> str:
    rows = [{"title": one.title, "description": one.body, "points": list(one.points)} for one in samples]
    return f"Here is the JSON:\n\n```json\n{json.dumps(rows, indent=2, ensure_ascii=False)}\n```\n\nAnything else?"


@shape
def json_wrapped_and_bare(samples: Sequence[Sample]) -> str:
    return json.dumps(
        {"topic": "library", "ideas": [{"name": one.title, "text": one.body} for one in samples]},
        ensure_ascii=False,
    )


@shape
def json_mapping(samples: Sequence[Sample]) -> str:
    return (
        "```\n" + json.dumps({one.title: one.body for one in samples}, indent=1, ensure_ascii=False) + "\n```"
    )


@shape
def json_numbered_keys(samples: Sequence[Sample]) -> str:
    return json.dumps(
        {f"idea_{n}": {"title": one.title, "body": one.body} for n, one in enumerate(samples, 1)}, indent=2
    )


def _titles(name: str, form: str, between: str = "\n", before: str = "", after: str = "") -> None:
    TITLES[name] = lambda samples: before + filled(samples, form, between) + after


_titles("numbered", "{n}. {t}")
_titles("numbered_bold", "{n}. **{t}**", "\n\n")
_titles(
    "numbered_quoted", '{n}. "{t}"', "\n", "Here are five slogans:\n\n", "\n\nWhich one do you like best?"
)
_titles("bullets", "- {t}")
_titles("bare_lines", "{t}")
_titles("bare_lines_after_a_sentence", "{t}", "\n", "Sure! Here are five names:\n\n")
_titles("headings", "## {t}", "\n\n")
_titles("bold_lines", "**{t}**", "\n\n")
_titles("in_one_line", "{n}. {t}", " ")
_titles("in_one_sentence", "{n}) {t}", ", ", "Here are five names: ", ".")
_titles("commas", "{t}", ", ")
_titles("json_strings", '"{t}"', ",\n  ", "[\n  ", "\n]")
_titles("table", "| {n} | {t} |", "\n", "| # | Name |\n|---|---|\n")
_titles("quotation_marks_alone", "“{t}”", "\n\n")
_titles("categories", "- {t}", "\n", "**Warm names:**\n")
