"""Times as people write them, "tomorrow at 15:00" or "明天下午3点", read in a person's time zone.

A small grammar and no library: what is wanted is to find a phrase at the end of a topic without ever taking words of
the topic for one, in two languages. dateparser, the one that knows both, finds dates in "lids for 2030 cars", reads
less Chinese than this ("下周一", "明早九点" fail), and brings four packages.

A phrase has one time of the day, or a time from now, and at most one day. A time that has passed today is tomorrow's.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_HAN = "零〇一二两三四五六七八九十半"
_NUMBER = rf"(?:\d{{1,3}}|[{_HAN}]{{1,3}})"
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_WEEKDAY = r"(?P<weekday>mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday)?"

_CLOCKS = (
    re.compile(
        r"(?<![\d:.])(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s?(?P<half>[ap])\.?m\b\.?", re.IGNORECASE
    ),
    re.compile(
        r"(?:(?P<part>凌晨|早上|早|上午|中午|下午|傍晚|晚上|晚)的?)?"
        rf"(?P<hour>\d{{1,2}}|[{_HAN}]{{1,3}})[点點时時](?:钟|整)?(?:(?P<half>半)|(?P<minute>\d{{1,2}}|[{_HAN}]{{1,3}})分?)?"
    ),
    re.compile(
        r"(?:(?P<part>凌晨|早上|早|上午|中午|下午|傍晚|晚上|晚)的?)?(?<![\d:.])(?P<hour>\d{1,2})[:：](?P<minute>\d{2})(?![\d:])"
    ),
    re.compile(r"\b(?P<word>noon|midday|midnight)\b|(?P<han>正午)", re.IGNORECASE),
)
_FROM_NOW = (
    re.compile(r"\bin (?P<count>\d{1,3}|an?|half an) ?(?P<unit>min|minutes?|h|hours?|hrs?)\b", re.IGNORECASE),
    re.compile(rf"(?P<count>{_NUMBER})个?(?P<unit>分钟|分鐘|小时|小時|钟头)(?:之|以)?[后後]"),
)
_DATES = (
    (re.compile(r"\bday after tomorrow\b|后天|後天", re.IGNORECASE), 2),
    (re.compile(r"\btomorrow\b|明天|明日|明(?=上午|下午)", re.IGNORECASE), 1),
    (re.compile(r"\b(?:today|tonight)\b|今天|今日", re.IGNORECASE), 0),
)
_ON_DATE = (
    re.compile(r"\b(?P<year>20\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})\b"),
    re.compile(
        rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.? (?:of )?{_MONTH}\b(?: (?P<year>20\d\d)\b)?", re.IGNORECASE
    ),
    re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<year>20\d\d)\b)?", re.IGNORECASE),
    re.compile(r"(?:(?P<year>20\d\d)年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号號]"),
)
_ON_WEEKDAY = (
    re.compile(rf"\b(?P<next>next )?{_WEEKDAY}\b", re.IGNORECASE),
    re.compile(r"(?P<next>下)?(?:个|個)?(?:周|週|星期|礼拜|禮拜)(?P<weekday>[一二三四五六日天])"),
)
_SHORT = re.compile(r"(?P<day>[今明后後])(?P<part>[早晚])(?!上)")
_O_CLOCK = re.compile("[点點时時]")
_FILLING = re.compile(r"(?:\s|,|，|的|在|于|[(]|[)]|\b(?:at|on|the|o'?clock|this|coming)\b)*", re.IGNORECASE)
_LATER = {"下午": 12, "傍晚": 12, "晚上": 12, "晚": 12, "中午": 12}
_HAN_DAYS = "一二三四五六日"
_TAIL = re.compile(
    r"(?<!\s)\s++(?=at |on |in |next |tomorrow|today|tonight)|(?<=\S)(?=[今明后後下周週星礼禮凌早上中傍晚\d正在于]|\s)",
    re.IGNORECASE,
)
_LONGEST = 60


def moment_in(text: str, now: datetime) -> datetime | None:
    """The moment that the text names, in the time zone of `now`, which is aware; None where it is nothing else."""
    words = " ".join(text.split())
    for pattern in _FROM_NOW:
        if (found := pattern.search(words)) and _is_rest_filling(words, found):
            return now + timedelta(minutes=_minutes(found["count"], found["unit"]))
    return _at_a_time(words, now)


def split_off_moment(text: str) -> tuple[str, str]:
    """The text without the time of a day that it ends in, and that time; ("text", "") where it ends in none.

    "in 20 minutes" is left in it: that may be what it is about.
    """
    start = max(0, len(text) - _LONGEST)
    for found in _TAIL.finditer(text, start):
        phrase = " ".join(text[found.end() :].split())
        if found.start() and _at_a_time(phrase, datetime.now(UTC)):
            return text[: found.start()].rstrip(" ,，"), phrase
    return text, ""


def _at_a_time(words: str, now: datetime) -> datetime | None:
    words = _SHORT.sub(r"\g<day>天\g<part>上", words)
    for pattern in _CLOCKS:
        if (found := pattern.search(words)) is None:
            continue
        clock, rest = _clock(found), words[: found.start()] + " " + words[found.end() :]
        day = None if clock is None else _day(rest.strip(), now)
        if clock is None or day is None:
            return None
        moment = datetime.combine(day[0], clock, now.tzinfo)
        return moment + timedelta(days=1) if not day[1] and moment <= now else moment
    return None


def _is_rest_filling(words: str, found: re.Match[str]) -> bool:
    return all(_FILLING.fullmatch(part) for part in (words[: found.start()], words[found.end() :]))


def _minutes(count: str, unit: str) -> int:
    if count.lower() in {"half an", "半"}:
        return 30
    number = 1 if count.lower() in {"a", "an"} else _number(count)
    return number if unit.lower().startswith(("min", "分")) else number * 60


def _clock(found: re.Match[str]) -> time | None:
    """The time of the day; None for one that there is not."""
    given = found.groupdict()
    if given.get("word") or given.get("han"):
        return time(0) if (given.get("word") or "").lower() == "midnight" else time(12)
    hour, minute = _number(given["hour"]), _number(given.get("minute") or "0")
    half, part = (given.get("half") or "").lower(), given.get("part") or ""
    if half in {"a", "p"}:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    elif half:
        minute = 30
    if part in _LATER and hour < 12 and not (part == "中午" and hour == 11):
        hour += 12
    elif not part and 1 <= hour <= 6 and _O_CLOCK.search(found[0]):
        hour += 12  # nobody meets at three in the night without saying so
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(rest: str, now: datetime) -> tuple[date, bool] | None:
    """The day, and whether it was named; None where the words are something else."""
    for pattern, days in _DATES:
        if (found := pattern.search(rest)) and _is_rest_filling(rest, found):
            return now.date() + timedelta(days=days), True
    for pattern in _ON_DATE:
        if (found := pattern.search(rest)) and _is_rest_filling(rest, found):
            day = _date(found, now.date())
            return None if day is None else (day, True)
    for pattern in _ON_WEEKDAY:
        if (found := pattern.search(rest)) and _is_rest_filling(rest, found):
            return _weekday(found, now.date()), True
    return (now.date(), False) if _FILLING.fullmatch(rest) else None


def _date(found: re.Match[str], today: date) -> date | None:
    month = found["month"].lower()
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
    try:
        if found["year"]:
            return date(int(found["year"]), number, int(found["day"]))
        day = date(today.year, number, int(found["day"]))
        return day if day >= today else date(today.year + 1, number, int(found["day"]))
    except ValueError:
        return None


def _weekday(found: re.Match[str], today: date) -> date:
    """The next such day, never today; in Chinese "next" is that of next week."""
    name = found["weekday"].lower().replace("天", "日")
    if name in _HAN_DAYS:
        wanted = _HAN_DAYS.index(name)
        if found["next"]:
            return today + timedelta(days=7 - today.weekday() + wanted)
    else:
        wanted = _DAYS.index(name)
    return today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1)


def _number(text: str) -> int:
    """A number in digits or in Chinese up to 99."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    if ten:
        return (_DIGITS.get(tens, 1) * 10) + (_DIGITS.get(ones, 0) if ones else 0)
    return int("".join(str(_DIGITS.get(sign, 0)) for sign in text) or "0")
