"""Keys, tokens and passwords, by the forms that their issuers document."""

import re
from collections.abc import Iterator

_TOKENS = re.compile(
    r"""(?<![A-Za-z0-9])(?:
        (?:AKIA|ASIA)[0-9A-Z]{16}                              # Amazon
      | gh[pousr]_[A-Za-z0-9]{30,}+ | github_pat_\w{22,}+      # GitHub
      | glpat-[\w\-]{20,}+                                     # GitLab
      | xox[abeoprs]-[\w\-]{10,}+ | xapp-\d-[\w\-]{10,}+       # Slack
      | AIza[\w\-]{35}                                         # Google
      | sk-[\w\-]{20,}+                                        # OpenAI, Anthropic
      | [rs]k_(?:live|test)_[0-9A-Za-z]{16,}+                  # Stripe
      | hf_[A-Za-z0-9]{30,}+ | npm_[A-Za-z0-9]{36} | pypi-[\w\-]{50,}+
      | SG\.[\w\-]{16,32}\.[\w\-]{16,64}                       # SendGrid
      | [MNO][\w\-]{23,27}\.[\w\-]{6}\.[\w\-]{27,40}           # Discord
      | eyJ[\w\-]{10,}+\.eyJ[\w\-]{10,}+\.[\w\-]{10,}+         # JSON web token, RFC 7519
    )""",
    re.VERBOSE,
)
_KEY_BLOCK = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]*-----|\Z)")
_LOGIN = re.compile(r"(?<=://)[^\s/:@]{0,64}:[^\s/@]{1,128}(?=@)")
_LABELLED = re.compile(
    r"""\b(?:password|passwd|pwd|passphrase|passcode|(?:api|access|secret|private|auth)[_\s-]?(?:key|token)|api_?secret)
    \b["']?(?:\s*[:=]\s*|\s+is:?\s+)["']?(?P<value>(?=\S*[\d!@#$%^&*])[^\s"']{5,200})""",
    re.IGNORECASE | re.VERBOSE,
)


def secret_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where secrets stand; of a password only the word itself, of an open key block all that follows."""
    for pattern in (_TOKENS, _KEY_BLOCK, _LOGIN):
        yield from (match.span() for match in pattern.finditer(text))
    for match in _LABELLED.finditer(text):
        start, end = match.span("value")
        yield start, end - (text[end - 1] in ".,;")
