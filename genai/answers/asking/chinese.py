"""What people ask for in Chinese, and say of a list that stands before."""

import re
from collections.abc import Callable

from genai.answers.asking.asked import Asked, Intent
from genai.answers.asking.words import CHINESE_LANGUAGE, language_of
from genai.prompts import Task

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九十")} | {"两": 2, "俩": 2, "仨": 3}
_DIGIT = "一二三四五六七八九十两俩仨"
_N = "[一二三四五六七八九十两俩仨]{1,3}|\\d{1,3}"
_COUNT = rf"(?:(?P<count>{_N})|几|一些|些)?(?:个|個|条|條|种|種|句|本|部|首|款|组|则|点)?"
_PLEASE = r"(?:(?:请|麻烦|你好|嗨)[，,]?)*(?:能不能|可以|能|可不可以)?(?:帮(?:我们|我|忙)?)?"
_GIVE = r"(?:(?:再)?给(?:我们|我|咱们)?(?:来|出|想|提供|列|写|说)?|来|想(?:出|一下|想|要)?|列(?:出|举)?|提供|出|(?:我们|我)?(?:想要|需要|要)|写(?:出)?|起|取|找|头脑风暴)"
_IDEAS = "(?:好)?(?:点子|點子|创意|創意|主意|想法|灵感)"
_NAMES = "(?:名字|名称|名稱|店名|标题|昵称|名)"
_SLOGANS = "(?:口号|口號|标语|標語|广告语|广告词|宣传语|slogan)"
_END = r"(?:吧|吗|呢|啊|呀|哦|，?谢谢|，?多谢|好吗|可以吗)*[。！？!?.~～]*$"
_ITEM = rf"(?:第(?:{_N})(?:个|個|条|條|句|种)?|最后(?:一)?(?:个|個|条)?|(?:编号|点子|创意)?\d{{1,2}}号?)"
_ITEMS = rf"{_ITEM}(?:(?:和|、|与|跟|，|,){_ITEM})*"
_ONE_ITEM = re.compile(rf"第(?P<ordinal>{_N})|(?P<last>最后)|(?P<digits>\d{{1,2}})")
_MANNERS = (
    "(?:简短|简单|简洁|短|长|便宜|有趣|好笑|搞笑|正式|活泼|大胆|幽默|具体|详细|实际|温暖|可爱|高级|文艺|俏皮|口语化?|专业|有创意|新颖|夸张|年轻|友好|通俗"
    "|精炼|精简|生动|严肃|低调|环保|轻松|现实|接地气|押韵|朗朗上口|省钱|安静|快|慢|大|小)"
)
_MANNER = rf"(?:(?:再|稍微|稍)?{_MANNERS}(?:一点儿?|一些|点儿?|些)|更(?:加)?{_MANNERS}(?:一点|一些)?|(?:太|有点){_MANNERS}(?:了)?)"
_WISH = rf"(?:{_MANNER}|(?:更|再)?[\u4e00-\u9fff]{{1,6}}(?:一点儿?|一些)|更[\u4e00-\u9fff]{{1,6}})"


def _number(written: str | None) -> int | None:
    if not written:
        return None
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(ones, 0) if ten else _DIGITS.get(written)


def _count(found: re.Match[str]) -> int | None:
    """How many are wanted; "一个" is no number, but "a"."""
    written = found.groupdict().get("count")
    return None if written == "一" else _number(written)


def _items(text: str) -> tuple[int, ...]:
    found = _ONE_ITEM.finditer(text)
    return tuple(-1 if one["last"] else _number(one["ordinal"] or one["digits"]) or 0 for one in found)


def _subject(text: str) -> str:
    """The subject without what joins it to the rest."""
    return re.sub(r"^(?:关于|有关|针对|一个)|(?:的|相关的|方面的)$", "", text.strip("，, ")).strip()


def _make(task: Task) -> Callable[[re.Match[str]], Asked | None]:
    def made(found: re.Match[str]) -> Asked | None:
        subject = _subject(found["subject"])
        count = _count(found)
        return Asked(Intent.MAKE, task, count, subject, language="zh") if subject else None

    return made


def _recommend(found: re.Match[str]) -> Asked:
    return Asked(Intent.MAKE, Task.RECOMMEND, _count(found), found["subject"].strip(), language="zh")


def _with_items(intent: Intent, task: Task | None = None) -> Callable[[re.Match[str]], Asked | None]:
    def made(found: re.Match[str]) -> Asked | None:
        groups = found.groupdict()
        items = _items(groups.get("items") or "")
        if task is Task.COMBINE and len(items) < 2:
            return None
        count = _number(groups.get("count"))
        return Asked(intent, task, count, items=items, wish=(groups.get("wish") or "").strip(), language="zh")

    return made


def _translate(found: re.Match[str]) -> Asked:
    return Asked(Intent.CHANGE, items=_items(found["items"] or ""), language=language_of(found["language"]))


def _recall(found: re.Match[str]) -> Asked:
    return Asked(Intent.RECALL, subject=_subject(found["subject"]), language="zh")


def _others(found: re.Match[str]) -> Asked:
    return Asked(Intent.OTHERS, subject=_subject(found["subject"] or ""), language="zh")


def _patterns() -> dict[str, list[Callable[[re.Match[str]], Asked | None]]]:
    things = {Task.BRAINSTORM: _IDEAS, Task.NAME: _NAMES, Task.SLOGAN: _SLOGANS}
    patterns: dict[str, list[Callable[[re.Match[str]], Asked | None]]] = {}
    for task, thing in things.items():
        for pattern in (
            rf"{_PLEASE}(?:给|为|替|帮)(?P<subject>(?!我(?:们)?[{_DIGIT}几\d])[^，,。]+?)(?:想|写|来|起|取|出|设计|提供){_COUNT}(?:好听的|有创意的|合适的|新)?{thing}",
            rf"{_PLEASE}{_GIVE}{_COUNT}(?P<subject>[^，,。的][^，,。]*?)(?:的)?{thing}",
            rf"(?P<count>{_N})(?:个|條|条|种|句)(?P<subject>[^，,。]+?)的{thing}",
        ):
            patterns[pattern] = [_make(task)]
    return patterns


_ALL = "(?:它们?|这些|这个|全部|所有|都)?"
_PATTERNS: tuple[tuple[Callable[[re.Match[str]], Asked | None], re.Pattern[str]], ...] = tuple(
    (made, re.compile(rf"^{pattern}{_END}"))
    for made, pattern in (
        (
            lambda _found: Asked(Intent.SMALL_TALK, language="zh"),
            r"(?:(?:你好|您好|嗨|哈喽|早上好|早安|下午好|晚上好|晚安|谢谢|多谢|感谢|再见|拜拜|好的?|太好了|不错|很好|哈哈+|辛苦了|大家好|没事|明白了?|收到)(?:啊|呀|你|您|了|大家|riff)?[，,！!。~～]*)+",
        ),
        (
            _with_items(Intent.ALIKE),
            rf"(?:再|多)?(?:给我)?(?:来|要|想)?{_COUNT}(?:像|类似|跟|和)(?:于)?(?P<items>{_ITEMS})(?:那样|一样|差不多|类似)?(?:的)?(?:点子|名字|创意|想法|口号)?",
        ),
        (
            _with_items(Intent.MORE),
            rf"{_PLEASE}(?:(?:再|多)(?:给我|给我们)?(?:来|想|要|出|给|写)|再给我(?:们)?){_COUNT}(?:别的|其他的|新的)?(?:点子|名字|创意|想法|口号|主意)?",
        ),
        (
            _with_items(Intent.MORE),
            r"(?:还有(?:别的|其他的?|更多的?)?(?:点子|名字|创意|想法|口号|主意)?(?:吗|么|没有)?|更多(?:点子|名字|创意|想法)?|换一批|换几个|继续|再来(?:一批|一些|几个)|其他的呢)",
        ),
        (
            _with_items(Intent.MAKE, Task.COMBINE),
            rf"{_PLEASE}(?:把|将)?(?P<items>{_ITEMS})(?:结合|合并|融合|组合|合)(?:起来|在一起|成一个|一下|为一个)?",
        ),
        (
            _with_items(Intent.MAKE, Task.COMBINE),
            rf"{_PLEASE}(?:结合|合并|融合|组合)(?:一下)?(?P<items>{_ITEMS})",
        ),
        (
            _with_items(Intent.MAKE, Task.CRITIQUE),
            rf"{_PLEASE}(?:(?:点评|评价|批评)(?:一下)?(?P<items>{_ITEMS}))",
        ),
        (
            _with_items(Intent.MAKE, Task.CRITIQUE),
            rf"(?P<items>{_ITEMS})(?:有(?:什么|哪些)(?:问题|缺点|风险|不足))",
        ),
        (
            _with_items(Intent.MAKE, Task.IMPROVE),
            rf"{_PLEASE}(?:(?:改进|优化|完善|改善)(?:一下)?(?P<items>{_ITEMS}))",
        ),
        (
            _with_items(Intent.ABOUT),
            rf"{_PLEASE}(?:(?:详细|具体)?(?:说说|讲讲|说一下|讲一下|介绍一下|解释一下|展开说说|展开讲讲|展开)(?:一下)?(?P<items>{_ITEMS}))",
        ),
        (
            _with_items(Intent.ABOUT),
            rf"(?P<items>{_ITEMS})(?:能)?(?:详细|具体)(?:一点)?(?:说说|讲讲|说一下|讲一下|介绍一下|怎么做|怎么操作)",
        ),
        (
            _translate,
            rf"{_PLEASE}(?:把|将)?(?P<items>{_ITEMS})?{_ALL}(?:用|换成|翻译成|改成|翻成|译成)(?P<language>{CHINESE_LANGUAGE})(?:说|写|来写|表达|版)?",
        ),
        (
            _with_items(Intent.CHANGE),
            rf"{_PLEASE}(?:把|将|让)?(?P<items>{_ITEMS})(?:，|,)?(?:改|变|写|弄|做)?(?:得|成)?(?P<wish>{_WISH})",
        ),
        (_with_items(Intent.CHANGE), rf"{_PLEASE}(?:把)?{_ALL}(?:改|变|写|弄)?(?:得|成)?(?P<wish>{_MANNER})"),
        (
            _others,
            r"(?:关于(?P<subject>[^，,。]+?)[，,]?)?(?:别人|其他人|其他同事|同事们?)(?:都)?(?:得到|拿到|收到)(?:了|的)?(?:都)?(?:是)?(?:什么|哪些)(?:点子|创意|主意|想法|名字|口号)?",
        ),
        (
            _recall,
            r"(?:我们|咱们)?(?:之前|上次|以前|昨天|上周)(?:我们)?(?:关于|对|对于|说的|聊的|讨论的)(?P<subject>.+?)(?:我们)?(?:说|讨论|聊|决定|想)(?:了|过)?(?:什么|些什么|哪些)",
        ),
        (
            _recall,
            r"(?:你)?(?:还)?记得(?:我们)?(?:之前|上次)?(?:关于|对)(?P<subject>.+?)(?:说|讨论|聊|决定)(?:了|过|的)?(?:什么|些什么|内容)?",
        ),
        (
            _recommend,
            rf"{_PLEASE}(?:给我)?推荐(?:一下)?(?:(?P<count>{_N})|几|一些)?(?:个|本|部|首|款|家|种)?(?P<subject>[^，,。]+?)",
        ),
        (
            _make(Task.BRAINSTORM),
            rf"有(?:什么|没有|哪些)(?:好)?(?:的)?{_IDEAS}(?:可以|能|来|去)?(?P<subject>[^，,。]+?)",
        ),
    )
) + tuple(
    (made, re.compile(rf"^{pattern}{_END}")) for pattern, makers in _patterns().items() for made in makers
)


def read(words: str) -> Asked | None:
    """What the words ask for; None where that is not certain."""
    words = re.sub(r"\s+", "", words)
    for made, pattern in _PATTERNS:
        if (found := pattern.match(words)) and (asked := made(found)):
            return asked
    return None
