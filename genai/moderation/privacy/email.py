"""E-mail addresses without the network: the public-suffix list comes from the package."""

from presidio_analyzer.predefined_recognizers import EmailRecognizer
from tldextract import TLDExtract


class OfflineEmailRecognizer(EmailRecognizer):  # type: ignore[misc]
    """Presidio's recogniser, which would fetch https://publicsuffix.org at its first address."""

    def __init__(self) -> None:
        super().__init__()
        self._suffixes = TLDExtract(suffix_list_urls=(), cache_dir=None)

    def validate_result(self, pattern_text: str) -> bool:
        return bool(self._suffixes(pattern_text).fqdn)
