"""Personal data that Presidio knows the form and the check digits of.

Each recogniser is asked directly, without Presidio's engine: no language model is needed to tell an address
from its form. https://microsoft.github.io/presidio/supported_entities/
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from genai.moderation.personal_data.digit_runs import announced
from genai.moderation.personal_data.reserved_values import is_reserved_address, is_reserved_mail

Spans = Callable[[str], Iterator[tuple[int, int]]]

MINIMUM_SCORE = 0.35
"""Presidio's scores below this are guesses."""

_BEFORE = 24
"""Characters before a value in which a word says that it is something else."""
_FEWEST_DIGITS = 4

_SELF_EVIDENT = (
    "UkNinoRecognizer",
    "EsNifRecognizer",
    "EsNieRecognizer",
    "ItFiscalCodeRecognizer",
    "FiPersonalIdentityCodeRecognizer",
)
"""National identity numbers whose letters and check digits leave no doubt."""

_ANNOUNCED = {
    "NhsRecognizer": r"\bnhs\b",
    "PlPeselRecognizer": r"\bpesel\b",
    "InAadhaarRecognizer": r"\baadhaar\b",
    "InPanRecognizer": r"\bpan\b",
    "AuTfnRecognizer": r"\btfn\b|tax\s+file",
    "AuMedicareRecognizer": r"\bmedicare\b",
    "CaSinRecognizer": r"\bsin\b|social\s+insurance",
    "SgFinRecognizer": r"\b(?:fin|nric)\b",
    "KrRrnRecognizer": r"\brrn\b|resident\s+registration",
    "TrNationalIdRecognizer": r"\bt\.?c\.?\s|kimlik",
    "UsPassportRecognizer": r"\bpassport\b",
    "UsItinRecognizer": r"\bitin\b|taxpayer",
    "DeTaxIdRecognizer": r"steuer|\btax\s+id",
}
"""Numbers that could be any number, and the words that say they are not."""


@dataclass(frozen=True, slots=True)
class PresidioRecogniser:
    """Asks one Presidio recogniser about texts that `hint` says are worth it."""

    recognizer: Any
    hint: re.Pattern[str]
    announced_by: re.Pattern[str] | None = None
    is_reserved: Callable[[str, str], bool] = lambda _value, _before: False
    """Whether a value, after the words before it, is nobody's."""

    def __call__(self, text: str) -> Iterator[tuple[int, int]]:
        if not self.hint.search(text):
            return
        for result in self.recognizer.analyze(text, self.recognizer.supported_entities):
            known = self.announced_by is None or announced(text, result.start, self.announced_by)
            if known and (result.score >= MINIMUM_SCORE or self._has_digits(text, result)):
                before = text[max(0, result.start - _BEFORE) : result.start]
                if not self.is_reserved(text[result.start : result.end], before):
                    yield result.start, result.end

    def _has_digits(self, text: str, result: Any) -> bool:
        """Whether what words announce has the digits of a number: "pan" also begins other words."""
        digits = sum(char.isdigit() for char in text[result.start : result.end])
        return self.announced_by is not None and digits >= _FEWEST_DIGITS


def email_spans() -> Spans:
    """E-mail addresses whose domain ends in a public suffix, by the list inside the package."""
    from presidio_analyzer.predefined_recognizers import EmailRecognizer
    from tldextract import TLDExtract

    suffixes = TLDExtract(suffix_list_urls=(), cache_dir=None)

    class OfflineEmailRecognizer(EmailRecognizer):  # type: ignore[misc]
        """Presidio's own would fetch https://publicsuffix.org at its first address."""

        def validate_result(self, pattern_text: str) -> bool:
            found = suffixes(pattern_text)
            return bool(found.fqdn) or "." in found.suffix  # as gov.ua is, and has addresses

    return PresidioRecogniser(
        OfflineEmailRecognizer(),
        re.compile("@"),
        is_reserved=lambda address, _before: is_reserved_mail(address),
    )


def address_spans() -> Spans:
    """IPv4 and IPv6 addresses."""
    from presidio_analyzer.predefined_recognizers import IpRecognizer

    hint = re.compile(r"\d\.\d{1,3}\.\d|[0-9a-fA-F]:[0-9a-fA-F:]*:")
    return PresidioRecogniser(IpRecognizer(), hint, is_reserved=is_reserved_address)


def bitcoin_spans() -> Spans:
    """Bitcoin addresses with a right checksum."""
    from presidio_analyzer.predefined_recognizers import CryptoRecognizer

    return PresidioRecogniser(CryptoRecognizer(), re.compile(r"(?:bc1|[13])[a-zA-Z0-9]{25}"))


def national_id_spans() -> Spans:
    """National identity numbers; those that are digits only where words announce them."""
    from presidio_analyzer import predefined_recognizers as known

    has_letters = re.compile(r"\d[A-Za-z]|[A-Za-z]\d|\d{6}[-+A]\d")
    recognisers = [PresidioRecogniser(getattr(known, name)(), has_letters) for name in _SELF_EVIDENT]
    for name, words in _ANNOUNCED.items():
        pattern = re.compile(words, re.IGNORECASE)
        recognisers.append(PresidioRecogniser(getattr(known, name)(), pattern, pattern))
    return partial(_all, recognisers)


def _all(recognisers: list[PresidioRecogniser], text: str) -> Iterator[tuple[int, int]]:
    for recogniser in recognisers:
        yield from recogniser(text)
