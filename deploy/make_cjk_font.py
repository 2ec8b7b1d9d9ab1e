"""Makes the font that pictures of boards say Chinese in: a part of Noto Sans CJK (SIL Open Font License 1.1).

`python deploy/make_cjk_font.py /usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc`, where Debian's package
fonts-noto-cjk puts it. Takes the characters of GB 2312, those of Big5, JIS X 0208 and KS X 1001 that are used most,
kana, and the punctuation and full-width forms that go with them; without hints and without layout features, which
pictures do not use. The same input gives the same file.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTCollection, TTFont

FACE = "Noto Sans CJK SC"
NAMES = {
    1: "Riff Sans CJK",
    3: "Riff Sans CJK, part of Noto Sans CJK SC",
    4: "Riff Sans CJK",
    6: "RiffSansCJK-Regular",
}
"""Another name than that of the whole, so that a system which has both mixes up neither."""
TARGET = Path(__file__).parents[1] / "bot" / "board" / "fonts" / "RiffSansCJK.otf"
_SETS = {
    "gb2312": range(0xA1, 0xF8),
    "big5": range(0xA4, 0xC7),
    "euc_jp": range(0xB0, 0xD0),
    "euc_kr": range(0xB0, 0xC9),
}
"""Character sets, and the first bytes of their usual characters."""
_MOMENT = 0
"""Seconds that the file says it was made and changed at, so that it is the same each time."""


def characters() -> set[int]:
    """Code points of what people write in Chinese, Japanese and Korean."""
    chosen = {code for encoding, leads in _SETS.items() for code in _encoded(encoding, leads)}
    chosen |= {*range(0x3000, 0x3040), *range(0x3041, 0x3100), *range(0xFF01, 0xFF66), *range(0x2460, 0x2474)}
    return chosen | {*range(0x2010, 0x2028), 0x2030, 0x203B, 0x20AC}


def _encoded(encoding: str, leads: range) -> Iterator[int]:
    for lead in leads:
        for trail in range(0x40, 0xFF):
            try:
                text = bytes((lead, trail)).decode(encoding)
            except UnicodeDecodeError:
                continue
            if len(text) == 1:
                yield ord(text)


def make(source: Path, target: Path = TARGET) -> None:
    """Write the part of the Simplified Chinese face of `source`."""
    face = next(font for font in TTCollection(source, lazy=True).fonts if _family(font) == FACE)
    options = Options()
    options.hinting = options.glyph_names = options.notdef_outline = False
    options.layout_features, options.desubroutinize = [], False
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG", "DSIG"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(face)
    for number, name in NAMES.items():
        face["name"].setName(name, number, 3, 1, 0x409)
    face["head"].created = face["head"].modified = _MOMENT
    face.recalcTimestamp = False
    target.parent.mkdir(parents=True, exist_ok=True)
    face.save(target)


def _family(font: TTFont) -> str:
    return str(font["name"].getDebugName(1))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    make(parser.parse_args().source)
