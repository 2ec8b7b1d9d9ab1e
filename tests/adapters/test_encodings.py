"""Text files in the encodings that people have them in."""

import random

import pytest

from adapters.common.text_encoding import decoded

TEXTS = {
    "会议纪要：我们讨论了三个新产品的想法，决定下周试用可重复使用的咖啡杯。": ("gb18030", "gbk", "utf-16"),
    "新点子：共享雨伞": ("gb18030", "utf-8-sig"),
    "1. Coffee cup - 咖啡杯\n2. Umbrella - 雨伞\n": ("gb18030",),
    "會議記錄：我們討論了三個新產品的想法，決定下週試用可重複使用的咖啡杯。": ("big5",),
    "会議のメモ：新しい商品のアイデアを三つ話し合いました。": ("shift_jis", "euc_jp", "iso2022_jp"),
    "傘の貸し出し案": ("shift_jis",),
    "カフェのアイデア\n1. 傘\n2. コップ": ("shift_jis", "euc_jp"),
    "회의 기록: 새 상품에 대한 아이디어 세 가지를 이야기했고 다음 주에 다회용 컵을 시험합니다.": ("cp949",),
    "우산 빌려주기": ("cp949",),
    "Заметки со встречи: мы обсудили три идеи для новых чашек.": ("koi8_r", "cp1251", "iso8859_5", "cp866"),
    "Идеи для кафе": ("koi8_r", "cp1251"),
    "Σημειώσεις: συζητήσαμε τρεις ιδέες για νέα προϊόντα.": ("cp1253",),
    "Ιδέες για καφέ": ("cp1253",),
    "Notizen: Wir prüfen drei Ideen für größere Tassen.": ("cp1252", "latin_1", "utf-32"),
    "Café d'été : idées à évaluer, très près du marché": ("cp1252", "mac_roman"),
    "name;ville\nJosé;Orléans\n": ("cp1252",),
    "Reunión: ¿qué ideas? Señal, año": ("cp1252",),
    "Notatki: omówiliśmy trzy pomysły na kubki, głosujemy w piątek wieczorem.": ("cp1250", "iso8859_2"),
    "Toplantı notları: üç yeni ürün fikrini konuştuk, gelecek hafta deneyeceğiz.": ("cp1254",),
    "רעיונות לבית קפה: השאלת מטריות": ("cp1255",),
    "أفكار للمقهى: إعارة المظلات في كل الفروع": ("cp1256",),
    "ไอเดียสำหรับร้านกาแฟ ให้ยืมร่ม": ("cp874",),
    "plain words": ("ascii",),
    "": ("utf-8",),
}


@pytest.mark.parametrize(
    ("text", "encoding"), [(text, one) for text, known in TEXTS.items() for one in known]
)
def test_a_text_is_read_in_its_encoding(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        b"PK\x03\x04\x14\x00\x06\x00",
        b"\xff\xfea",
        "no mark".encode("utf-16-le"),
        random.Random(1).randbytes(2000),
    ],
)
def test_what_is_no_text_is_none(content: bytes) -> None:
    assert decoded(content) is None


def test_a_long_text_is_cut_between_characters_to_be_looked_at() -> None:
    text = "我们讨论了新的想法。" * 9_000 + "\n" + "x"
    assert decoded(text.encode("gb18030")) == text
