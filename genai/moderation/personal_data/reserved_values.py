"""Values that are nobody's: reserved for documentation or films, private to every network, or published for all.

Names by RFC 2606, 6761, 6762 and 8375; addresses by the registries that Python's `ipaddress` follows (RFC 1918, 5737,
3849, ...); telephone numbers by the regulators named below. Numbers of test cards and example keys of documentation
are not among them: what looks like money or access stays hidden, and it is what operators try redaction with.
"""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_RESERVED_NAMES = re.compile(
    r"(?:\A|[.@])(?:example\.(?:com|net|org)|example|test|invalid|localhost|local|internal|home\.arpa)\Z"
)
_PLACEHOLDERS = re.compile(
    r"\A(?:git|your[\w.\-]{0,40}|(?:user|first|last)[_.\-]?name(?:[_.\-]?(?:first|last)[_.\-]?name)?)@"
)


def is_reserved_mail(address: str) -> bool:
    """Whether the domain of an e-mail address is reserved, or what stands before it is no name."""
    address = address.casefold()
    return bool(_RESERVED_NAMES.search(address) or _PLACEHOLDERS.match(address))


_ALLOCATED = IPv6Network("2000::/3")
"""All that IANA has given out for single hosts of the Internet (RFC 4291, 2.4)."""
_PUBLIC = frozenset(
    map(
        ip_address,
        (
            "8.8.8.8", "8.8.4.4", "2001:4860:4860::8888", "2001:4860:4860::8844",  # Google's resolvers
            "1.1.1.1", "1.0.0.1", "2606:4700:4700::1111", "2606:4700:4700::1001",  # Cloudflare's
            "9.9.9.9", "149.112.112.112", "2620:fe::fe", "2620:fe::9",  # Quad9's
            "208.67.222.222", "208.67.220.220",  # OpenDNS'
        ),
    )
)  # fmt: skip
_OUTLINE = 20
"""Four numbers up to this are a section or a version: one public address in thirty thousand is made of such."""


_OUTLINED = re.compile(
    r"""\b(?:sections?|sec|chapters?|clauses?|articles?|paragraphs?|rules?|steps?|figures?|fig|tables?|items?|points?
    |versions?|ver|v|releases?|builds?|firmware|drivers?|updates?|patch|oid|schema)\b[\s.:]*(?:no\.?|number)?\s?[v(]?$|§\s?$
    |[\w\-]/$""",
    re.IGNORECASE | re.VERBOSE,
)


def is_reserved_address(written: str, before: str = "") -> bool:
    """Whether no single host of the Internet has the address: private, local, documentation, a mask, a resolver.

    With `before`, the words before it, also whether it is the number of a section or of a version.
    """
    try:
        address = ip_address(written.partition("/")[0].partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped
        if inner is not None:
            return is_reserved_address(str(inner))
        is_short = written.count(":") < 3  # as in a name of C++
        return is_short or address not in _ALLOCATED or not address.is_global or address in _PUBLIC
    if not address.is_global or address.is_multicast or address in _PUBLIC or _is_outline(address):
        return True
    return bool(_OUTLINED.search(before))


def _is_outline(address: IPv4Address) -> bool:
    return max(address.packed) <= _OUTLINE or not any(address.packed[1:])


# Telephone numbers, by country code and national significant number. Each regulator says of its own that no person
# can have them.

_FICTIONAL = {
    # NANPA: 555 is no area, and all lines of exchange 555 were given back but 555-1212, directory assistance
    1: r"555\d{7}|\d{3}555\d{4}",
    # Ofcom: numbers for use in drama
    44: r"1632960\d{3}|11[3-8]4960\d{3}|1[2-6]14960\d{3}|1914980\d{3}|2079460\d{3}|289(?:6496|0180)\d{3}"
    r"|2920180\d{3}|7700900\d{3}|808157\d{4}|9098790\d{3}|3069990\d{3}",
    # ACMA: numbers for radio, television, film, books and advertisements
    61: r"[2378](?:5550|7010)\d{4}|491570(?:006|110|15[6-9]|313|737)|491571(?:266|491|804)|491572(?:549|665|983)"
    r"|491573(?:770|087)|491574(?:118|632)|491575(?:254|789)|491576(?:398|801)|491577(?:426|644)"
    r"|491578(?:957|148)|491579(?:212|760|455)",
    # Bundesnetzagentur: numbers for media productions, Mitteilung 148/2021
    49: r"(?:3023125|6990009|4066969|2214710|8999998)\d{3}|15228817386|15228895456|15254599371|17139200\d\d"
    r"|17299(?:25904|68532|73185|73186|80752)|1749(?:091317|464308)|17604069\d{4}",
    # ARCEP: numbers for audiovisual works
    33: r"(?:19900|26191|35301|46571|53649|63998)\d{4}",
    # PTS: numbers for books, film and television
    46: r"(?:3139006|4062804|8465004|9803192|7017406)\d\d",
    # ComReg: numbers for drama
    353: r"2091\d{5}",
}
_FICTION = {country: re.compile(numbers) for country, numbers in _FICTIONAL.items()}
_PUBLIC_LINE = re.compile(r"1?8(?:00|33|44|55|66|77|88)\d{7}|1?900\d{7}|1[38]00\d{6}")
"""North America's toll-free and paid lines, Australia's 1300 and 1800. Eleven digits in one may be a Chinese mobile."""
_TOLL_FREE = re.compile(r"0(?:800|808|120)\d{3,8}|0508\d{6}")
_SERVICE = re.compile(r"0(?:90[01]|180[1-9]|137[1-9])\d{5,7}|0(?:3[0347]\d|84[345]|87[0-3])\d{7}")
"""Elsewhere: of shared cost or paid, as far as the groups tell; unbroken they are areas of other countries."""
_PLACEHOLDER = re.compile(r"(?:0?123456[7-9]\d*|987654[23]\d*|(\d)\1+)")


def is_reserved_phone(digits: str, sizes: Sequence[int], *, is_international: bool) -> bool:
    """Whether a telephone number is for films, or a public line, or digits in the order of counting.

    `digits` begin with the country code where `is_international`; `sizes` are those of the groups as written.
    """
    if is_international:
        return _is_reserved_abroad(digits)
    if _PLACEHOLDER.fullmatch(digits) or (sizes != [11] and _PUBLIC_LINE.fullmatch(digits)):
        return True
    if len(digits) == 7 and digits.startswith("555"):
        return True
    if sizes[0] in (4, len(digits)) and _TOLL_FREE.fullmatch(digits):
        return True
    if sizes[0] == 4 and 2 not in sizes[1:] and _SERVICE.fullmatch(digits):
        return True
    if not digits.startswith("0"):
        return bool(_FICTION[1].fullmatch(digits.removeprefix("1") if len(digits) == 11 else digits))
    return any(
        numbers.fullmatch(digits[1:]) and (country not in _GROUPED or _GROUPED[country](sizes))
        for country, numbers in _FICTION.items()
        if country != 1
    )


_GROUPED = {
    61: lambda sizes: 2 not in sizes[1:],
    33: lambda sizes: max(sizes) in (2, 10),
}
"""Countries whose numbers for films could be somebody's elsewhere: told by how they are written."""


def _is_reserved_abroad(digits: str) -> bool:
    import phonenumbers
    from phonenumbers import PhoneNumberType as Kind

    try:
        number = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException:
        return False
    national = str(number.national_number)
    if _PLACEHOLDER.fullmatch(national):
        return True
    if (numbers := _FICTION.get(number.country_code or 0)) and numbers.fullmatch(national):
        return True
    kind = phonenumbers.number_type(number)
    return kind in (Kind.TOLL_FREE, Kind.PREMIUM_RATE, Kind.SHARED_COST, Kind.UAN)
