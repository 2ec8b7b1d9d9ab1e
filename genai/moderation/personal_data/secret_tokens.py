"""Keys, tokens and passwords.

A token of a vendor is told by the prefix and the length that its vendor documents, one of an unknown vendor by a prefix
before characters that no person chose; a password by the label before it. What only names a secret stays: a variable, a
call, a placeholder. So do hashes, UUIDs and base64, which have neither a prefix nor a label.
"""

import re
from collections.abc import Iterator

_WORD = re.compile(r"[^\s\"'`<>|,;(){}\[\]]{18,}+")
"""All tokens are long and unbroken, so that only long words are looked at closely."""
_CANDIDATE = re.compile(r"\d|[a-z][A-Z]|A[KS]IA")
_EMBEDDED = re.compile(r";base64,|^sha\d{3}[-:]|/(?:commit|tree|blob)/")

_VENDORS = re.compile(
    r"""(?<![A-Za-z0-9])(?:
        (?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16} | LTAI[A-Za-z0-9]{17,21} | AKID[A-Za-z0-9]{32}  # Amazon, Alibaba, Tencent
      | gh[pousr]_[A-Za-z0-9]{30,}+ | github_pat_\w{22,}+                           # GitHub
      | gl(?:pat|dt|rt|ptt|soat|cbt|imt|ft|agent|ffct)-[\w\-.]{20,}+                # GitLab
      | xox[abeoprs]-[\w\-]{10,}+ | xapp-\d-[\w\-]{10,}+ | xwfp-[\w\-]{10,}+        # Slack
      | AIza[\w\-]{35} | GOCSPX-[\w\-]{28} | ya29\.[\w\-]{20,}+                     # Google
      | sk-[\w\-]{20,}+ | gsk_[A-Za-z0-9]{40,}+ | pplx-[A-Za-z0-9]{40,}+            # OpenAI, Groq, Perplexity
      | xai-[A-Za-z0-9]{70,}+ | r8_[A-Za-z0-9]{37} | hf_[A-Za-z0-9]{30,}+           # xAI, Replicate, Hugging Face
      | [rs]k_(?:live|test)_[0-9A-Za-z]{16,}+ | whsec_[A-Za-z0-9+/=]{24,}+          # Stripe
      | sq0(?:atp|csp|idp)-[\w\-]{22,}+ | EAAAE[\w\-]{55,}+                         # Square
      | (?:AC|SK)[0-9a-f]{32} | SG\.[\w\-]{16,32}\.[\w\-]{16,64}                    # Twilio, SendGrid
      | key-[0-9a-f]{32} | [0-9a-f]{32}-us\d{1,2} | xkeysib-[0-9a-f]{64}            # Mailgun, Mailchimp, Brevo
      | \d{8,10}:A[A-Za-z0-9][\w\-]{33} | [MNO][\w\-]{23,27}\.[\w\-]{6}\.[\w\-]{27,40}  # Telegram, Discord
      | npm_[A-Za-z0-9]{36} | pypi-[\w\-]{50,}+ | rubygems_[0-9a-f]{48} | cio[A-Za-z0-9]{32}  # registries of packages
      | dckr_(?:pat|oat)_[\w\-]{20,}+ | do[opr]_v1_[0-9a-f]{64} | HRKU-[\w\-]{36,}+  # Docker, DigitalOcean, Heroku
      | v1\.0-[0-9a-f]{24}-[0-9a-f]{146} | (?:shp(?:at|ca|pa|ss)|shptka)_[0-9a-fA-F]{32}  # Cloudflare, Shopify
      | dapi[0-9a-f]{32} | gl(?:sa|c)_[\w\-+/=]{30,}+ | NR(?:AK|AA|JS|II|SP)-[\w\-]{19,}+  # Databricks, Grafana
      | sntry[su]_[\w\-=+/]{30,}+ | lin_(?:api|oauth)_[A-Za-z0-9]{40,}+             # Sentry, Linear
      | ntn_[A-Za-z0-9]{40,}+ | secret_[A-Za-z0-9]{43} | figd_[\w\-]{40,}+          # Notion, Figma
      | pat[A-Za-z0-9]{14}\.[0-9a-f]{64} | [0-2]/\d{14,17}:[0-9a-f]{32}             # Airtable, Asana
      | AT(?:ATT3|CTT3|BB|BT)[\w\-=]{28,}+ | PMAK-[0-9a-f]{24}-[0-9a-f]{34}         # Atlassian, Postman
      | hv[sbr]\.[\w\-]{24,}+ | [A-Za-z0-9]{14}\.atlasv1\.[\w\-]{60,70} | pul-[0-9a-f]{40}  # HashiCorp, Pulumi
      | [A-Za-z0-9_~.]{3}\dQ~[\w\-.~]{31,34} | AKCp[A-Za-z0-9]{60,}+                # Azure, Artifactory
      | dt0[a-z]\d\d\.[A-Z0-9]{24}\.[A-Z0-9]{64} | dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.\-]{40,}+  # Dynatrace, Doppler
      | fo1_[\w\-]{43} | pscale_(?:tkn|pw|oauth)_[\w\-=.]{32,}+ | sb[ps]_[0-9a-f]{40}  # Fly, PlanetScale, Supabase
      | nf[pcou]_[A-Za-z0-9]{36} | vc[pkra]_[A-Za-z0-9]{50,}+                       # Netlify, Vercel
      | EAA[A-Za-z0-9]{90,}+ | [ps]k\.eyJ[\w\-]{40,}+\.[\w\-]{20,}+                 # Facebook, Mapbox
      | EZ[AT]K[A-Za-z0-9]{54} | duffel_(?:test|live)_[\w\-=]{43} | CFPAT-[\w\-]{43}  # EasyPost, Duffel, Contentful
      | AGE-SECRET-KEY-1[A-Z0-9]{58} | ops_eyJ[\w\-]{100,}+                         # age, 1Password
      | (?:access|public|link)-(?:sandbox|development|production)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}  # Plaid
      | (?:pat-(?:na|eu|ap)\d|sdk|mob|api)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}  # HubSpot
      | tskey-(?:auth|api|client)-[\w\-]{20,}+ | sgp_[0-9a-f_]{40,}+ | bk(?:ua|at|aj)_[0-9a-f]{40}  # Tailscale
      | CCIP(?:AT|RJ)_[\w]{40,}+ | pnu_[a-z0-9]{36} | rdme_[a-z0-9]{70}             # CircleCI, Prefect, ReadMe
      | lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10} | tk-us-[\w\-]{48}                 # LangSmith, Scalingo
      | rzp_(?:live|test)_[A-Za-z0-9]{14} | oy2[a-z0-9]{43} | ABSK[A-Za-z0-9+/]{100,}+  # Razorpay, NuGet, Bedrock
      | webhook\.office\.com/webhookb2/[\w@/\-]{40,}+                     # Teams
      | AQVN[\w\-]{35,40} | t1\.[A-Z0-9a-z_\-]{40,}+                                # Yandex
      | hooks\.slack\.com/[\w/]{30,}+ | discord(?:app)?\.com/api/webhooks/\d{17,20}/[\w\-]{40,}+  # addresses to post to
      | sig=[A-Za-z0-9%]{40,}+                                                      # Azure's signatures of access
      | (?<![\w\-])eyJ[\w\-]{10,}+\.eyJ[\w\-]{10,}+\.[\w\-]{10,}+                   # JSON web token, RFC 7519
    )""",
    re.VERBOSE,
)
_PREFIXED = re.compile(
    r"(?<![A-Za-z0-9])[a-z][a-z0-9]{1,11}(?:[_-][a-z0-9]{1,9}){0,2}[_-](?P<body>[A-Za-z0-9]{24,}+)(?![\w\-])"
)
_SCHEMES = re.compile(r"\b(?:Bearer|Basic|SSWS)[^\S\n]{1,3}$", re.IGNORECASE)
_KEY_BLOCK = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----[\s\S]*?(?:-----END [A-Z ]*-----|\Z)")
_LOGIN = re.compile(r"(?<=://)[^\s/:@]{0,64}:(?P<password>[^\s/@]{1,128})(?=@)")


def secret_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where secrets stand; of a password only the word itself, of an open key block all that follows."""
    for word in _WORD.finditer(text):
        yield from _tokens(text, word)
    if "-----BEGIN " in text:
        yield from (match.span() for match in _KEY_BLOCK.finditer(text))
    if "://" in text:
        yield from _logins(text)
    lowered = text.lower()
    if len(lowered) != len(text):  # as of a capital I with a dot
        lowered = text
    if any(label in lowered for label in _LABELS):
        for match in _LABELLED.finditer(lowered):
            if _begins_word(text, match.start()):
                yield from _labelled(text, match)


def _logins(text: str) -> Iterator[tuple[int, int]]:
    """Names and passwords in the addresses of servers."""
    for match in _LOGIN.finditer(text):
        if not _names_secret(match["password"]) and match["password"].casefold() not in _EXAMPLES:
            yield match.span()


def _tokens(text: str, word: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The tokens in a long word; what is embedded as base64, or names a commit, holds none."""
    start, end = word.span()
    if not _CANDIDATE.search(text, start, end) or _EMBEDDED.search(word.group()):
        return
    for match in _VENDORS.finditer(text, start, end):
        yield match.span()
    if "://" not in word.group():
        for match in _PREFIXED.finditer(text, start, end):
            if _is_random(match["body"]):
                yield match.span()
    if _SCHEMES.search(text, max(0, start - 12), start) and not _names_secret(word.group()):
        yield start, end - len(word.group()) + len(word.group().rstrip(".,;:"))


_KINDS = re.compile(r"[a-z]+|[A-Z]+|\d+")


def _is_random(word: str) -> bool:
    """Whether no person chose the characters: they change between small, capital and digit all the time."""
    parts = _KINDS.findall(word)
    has_all = all(any(test(part) for part in parts) for test in (str.islower, str.isupper, str.isdigit))
    return has_all and len(parts) * 3 >= len(word)


# What stands behind a label, and is no name of a secret.

_LABELLED = re.compile(
    r"""(?:passwords?|passwd|pwd|passphrase|passcode|passwort
        | secret[_\s-]?access[_\s-]?key | (?:api|client|app|shared|webhook|signing)[_\s-]?(?:secret|password)
        | (?:api|app|access|secret|private|auth|account|encryption|signing|master|storage|bearer)[_\s-]?(?:key|token)
        | (?:key|token|secret|auth)(?=["']?[^\S\n]{0,3}[:=])
    )(?![^\W_])["'*`]{0,3}[^\S\n]{0,3}(?:[:=]{1,2}|is\b:?)[*]{0,2}[^\S\n]{0,3}(?P<value>[^\s]{5,200}+)""",
    re.VERBOSE,
)
_LABELS = ("pass", "pwd", "key", "secret", "token")
"""One of these is part of every label."""
_QUOTES = "\"'`*_("
_QUOTE = re.compile(r"[\"'`]")
_SIGN = re.compile(r"[\d!@#$%^&*]")
_REFERENCE = re.compile(
    r"""[$%<{\[(\\]|https?:|(?i:your|my|the|an?)[_-]|(?i:xxx|\*\*|\.\.\.|changeme|placeholder|redacted)
    |(?i:process\.env|os\.|env[.(]|getenv|self\.|this\.)|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*[(\[]
    |[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+\Z|[A-Z]+(?:_[A-Z\d]+)+\Z|\d+[-–][a-z]+\Z""",
    re.VERBOSE,
)
_EXAMPLES = frozenset(
    {
        "password",
        "pass",
        "passwd",
        "pwd",
        "pw",
        "secret",
        "token",
        "key",
        "example",
        "changeit",
        "postgres",
        "root",
    }
)
_VAGUE = ("key", "token", "secret=", "secret:", "secret ", "auth=", "auth:", "auth ")
"""How a label begins that is that of other things, too: what is behind it must look like no word."""
_HEX = re.compile(r"[\da-f]{32,}|[\dA-F]{32,}")
_LETTER_OR_CODE = re.compile(r"[^\W\d_]|\d{5}")
_SHORTEST_PASSWORD, _SHORTEST_KEY = 5, 12
"""Characters; a shorter word behind such a label tells of it."""


def _begins_word(text: str, start: int) -> bool:
    """Whether a word begins there, also within a name such as dbPassword, DB_PASSWORD or PGPASSWORD."""
    before = text[start - 1 : start]
    return not before.isalnum() or text[start].isupper()


def _labelled(text: str, match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The password or the key behind a label, without what quotes it."""
    start, end = match.span("value")
    while start < end and text[start] in _QUOTES:
        start += 1
    value = _QUOTE.split(text[start:end], maxsplit=1)[0].rstrip(".,;:*_)")
    shortest = _SHORTEST_PASSWORD if match.group().startswith(("pass", "pwd")) else _SHORTEST_KEY
    if len(value) < shortest or _names_secret(value):
        return
    if match.group().startswith(_VAGUE) and not (_is_random(value) or _HEX.fullmatch(value)):
        return
    if _SIGN.search(value) and _LETTER_OR_CODE.search(value):
        yield start, start + len(value)


def _names_secret(word: str) -> bool:
    """Whether a word only stands for a secret: a variable, a call, a placeholder, an address."""
    return bool(_REFERENCE.match(word))
