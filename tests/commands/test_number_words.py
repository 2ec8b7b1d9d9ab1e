"""Numbers in words, where a count is read, and nowhere else."""

import pytest

from bot.core.commands import command_named, numbers_in, parse
from bot.core.commands.number_words import number_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        ("05", 5),
        ("٥", 5),
        ("five", 5),
        ("Ten", 10),
        ("twenty-one", 21),
        ("ninety nine", 99),
        ("a dozen", 12),
        ("五", 5),
        ("两", 2),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("四十二", 42),
        ("一百零五", 105),
        ("", None),
        ("百百", None),
        ("fivety", None),
        ("五五", None),
        ("12345678", None),
    ],
)
def test_a_number_is_read_in_digits_and_words(text: str, number: int | None) -> None:
    assert number_in(text) == number


@pytest.mark.parametrize(
    ("typed", "count", "topic"),
    [
        ("5 cups", 5, "cups"),
        ("five cups", 5, "cups"),
        ("Ten ideas for cups", 10, "cups"),
        ("a dozen names for a cat", 12, "a cat"),
        ("one idea for a cup", 1, "a cup"),
        ("五个点子 杯子", 5, "杯子"),
        ("十个主意：杯子", 10, "杯子"),
        ("三个茶馆", 3, "茶馆"),
        ("3个茶馆", 3, "茶馆"),
        ("cups --count five", 5, "cups"),
        ("cups --count 五", 5, "cups"),
        ("one pot meals", None, "one pot meals"),
        ("zero waste kitchens", None, "zero waste kitchens"),
        ("dozen eggs", None, "dozen eggs"),
        ("a hundred years", None, "a hundred years"),
        ("twenty one pilots", None, "twenty one pilots"),
        ("two-sided markets", None, "two-sided markets"),
        ("tennis", None, "tennis"),
        ("2030 cars", None, "2030 cars"),
        ("三明治", None, "三明治"),
        ("百货商店", None, "百货商店"),
        ("一个咖啡馆", None, "一个咖啡馆"),
        ('"5 day trips"', None, "5 day trips"),
        ("5", None, "5"),
    ],
)
def test_a_count_before_the_topic_is_told_from_a_number_in_it(
    typed: str, count: int | None, topic: str
) -> None:
    asked = parse(command_named("brainstorm"), typed)
    assert (asked.number("count"), asked.text("topic")) == (count, topic)


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("1 3", (1, 3)),
        ("#2 and four", (2, 4)),
        ("三 和 五", (3, 5)),
        ("1, 1", (1,)),
        ("ideas 2 + 3", (2, 3)),
        ("a pot", ()),
        ("1 pot", ()),
    ],
)
def test_numbers_of_ideas(typed: str, numbers: tuple[int, ...]) -> None:
    assert numbers_in(typed) == numbers


@pytest.mark.parametrize(
    ("command", "typed", "name", "number"),
    [
        ("session", "extend ten", "minutes", 10),
        ("session", "improve #two", "idea", 2),
        ("session", "start lids --votes five --daily nine", "votes", 5),
        ("session", 'start "lids" twenty', "minutes", 20),
        ("session", "start lids --daily 09:00", "daily", 9),
        ("session", "start lids --daily 0", "daily", 0),
        ("profile", "delete three", "number", 3),
        ("copy", "a shop --variants two", "variants", 2),
        ("name", "a shop --characters twelve", "characters", 12),
        ("recommend", "three", "count", 3),
    ],
)
def test_every_number_of_a_command_may_be_a_word(command: str, typed: str, name: str, number: int) -> None:
    assert parse(command_named(command), typed).number(name) == number
