"""The words of the journeys that are recorded, the same on every surface, and a model that answers them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from genai.request import GenerationRequest
from tests.support.doubles import ScriptedGenerator

TOPIC = {"en": "quieter lids for the tea kitchen", "zh": "茶水间里更安静的盖子"}
POSTED = {
    "en": (
        ("U2", "line the rim with cork"),
        ("U3", "an air brake in the hinge"),
        ("U4", "felt ring inside the lid"),
        ("U2", "soft closing hinge from kitchen drawers"),
        ("U3", "cork sleeve around the handle"),
        ("U4", "a sign: lids down gently"),
    ),
    "zh": (
        ("U2", "边缘衬一圈软木"),
        ("U3", "铰链里装空气阻尼"),
        ("U4", "盖子里面放毛毡圈"),
        ("U2", "用厨房抽屉的缓冲铰链"),
        ("U3", "把手外面套软木套"),
        ("U4", "贴一张轻放盖子的牌子"),
    ),
}
"""Who posts what; people are Slack's ids, and the same ones elsewhere."""
_IDEAS = {
    "en": (
        "1. **Swap shelf**: Put a shelf by the door where people leave and take cuttings.\n"
        "2. **Desk herb garden**: Give each team a box of herbs for their lunches.\n"
        "3. **Moss meeting wall**: Cover the wall of the meeting room with moss that needs no light.\n"
        "4. **Watering buddies**: Pair everybody with a plant and a stand-in for holidays.\n"
        "5. **Green welcome**: Hand newcomers a plant on their first day.\n"
    ),
    "zh": (
        "1. **交换架**：在门口放一个架子，大家可以留下和带走插条。\n2. **桌上香草园**：给每个小组一盒香草，午餐时用。\n"
        "3. **苔藓会议墙**：用不需要光的苔藓盖住会议室的墙。\n4. **浇水搭档**：给每个人配一盆植物和一位假期替补。\n"
        "5. **绿色欢迎**：新同事第一天收到一盆植物。\n"
    ),
}
_ANSWER = {
    "en": "Plants that forgive neglect suit an office best: **zamioculcas**, **sansevieria** and **pothos**. They need "
    "little light and water every second week.\n\n- Put them where people wait, not where they walk.\n- Name one "
    "person a plant; shared duty is nobody's duty.",
    "zh": "办公室里最适合不怕疏忽的植物：**金钱树**、**虎尾兰**和**绿萝**。它们不需要很多光，两周浇一次水就够了。",
}
_OTHER = {
    "Improve": "**Cork ring**: Glue a ring of cork under the rim.",
    "Combine": "**Cork and felt**: Cork outside, felt inside.",
    "Critique": "Strength: It is cheap.\nRisk: Cork may crumble.\nTest: Close it a hundred times in a quiet room.",
}
_NAMES = {
    "en": "A: Soft cork and felt\nB: Gentle hinges\nC: Reminders\n",
    "zh": "A: 软木与毛毡\nB: 缓冲铰链\n",
}


def model(locale: str) -> ScriptedGenerator:
    """Answers by the request's first word, in the locale's language."""

    def write(request: GenerationRequest) -> str:
        asked = request.turns[-1].content
        if "were put into groups" in asked:
            return _NAMES[locale]
        first = next((text for word, text in _OTHER.items() if asked.startswith(word)), "")
        is_list = any(word in asked[:80].lower() for word in ("brainstorm", "name", "ideas"))
        return first or (_IDEAS[locale] if is_list else _ANSWER[locale])

    return ScriptedGenerator(write)


@dataclass(frozen=True, slots=True)
class Step:
    """One picture of a journey: its name, what it shows, and what has to happen before it is taken."""

    name: str
    title: str
    do: Callable[[], Any]
