"""`python -m bot.language [LOCALE ...]`: brings the catalogues up to date; a new LOCALE gets one."""

import sys

from bot.language.extraction import catalogues, update


def main(locales: list[str]) -> int:
    """0 where everything is translated, else 1 after saying what is not."""
    is_whole = True
    for locale in locales or list(catalogues()):
        missing = update(locale)
        is_whole &= not missing
        for message in missing:
            sys.stderr.write(f"{locale}: not translated, or with other fields: {message}\n")
    return 0 if is_whole else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
