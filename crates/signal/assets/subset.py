#!/usr/bin/env python3
"""Cuts the label's fonts out of Noto, bold: the characters below and what shaping makes of them.

    apt-get install fonts-noto-core fonts-noto-cjk    # Debian 12: 20201225-1, 1:20220127+repack1-1
    python3 -m venv v && v/bin/pip install fonttools==4.68.0 && v/bin/python subset.py
"""

from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

NOTO = Path("/usr/share/fonts")
HERE = Path(__file__).parent

# The languages of the European Union, Ukrainian, Turkish and Russian; digits and marks that labels use.
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x386, 0x3CF), *range(0x400, 0x460), 0x490, 0x491]
LATIN += [ord(c) for c in "ȘșȚț–—‘’“”„•…€©™"]

# Arabic and Persian letters, digits, the vowel marks; Devanagari as Hindi and Marathi write it.
ARABIC = [*range(0x20, 0x30), 0x60C, 0x61B, 0x61F, *range(0x621, 0x63B), *range(0x640, 0x653), *range(0x660, 0x66A)]
ARABIC += [ord(c) for c in "پچژکگی۰۱۲۳۴۵۶۷۸۹"] + [0x200C, 0x200D]
DEVANAGARI = [*range(0x20, 0x30), *range(0x901, 0x94E), 0x950, *range(0x958, 0x970), 0x200C, 0x200D]

# Words that labels are made of, in Chinese, Japanese and Korean; all kana.
EAST_ASIAN = (
    "人工智能生成合成内容图片图像由本制作标识疑似作品画像作成使用編集加工修改虚拟非真实照片影像绘画辅助模型创建的了"
    "圖內標識擬創繪輔虛實機器學習写真絵描動文字音声・ー「」、。：（）"
    "인공지능생성합성된만든이미지제작사진그림입니다로의한를용하여콘텐츠가상편집물음영작품표시및과으은는을와에서들어해되었습수정변조실제아님딥페크알림본모델"
)
EAST_ASIAN = [ord(c) for c in EAST_ASIAN] + [*range(0x3041, 0x3097), *range(0x30A1, 0x30FB)]

FONTS = {
    "latin.ttf": ("truetype/noto/NotoSans-Bold.ttf", -1, LATIN, ["kern", "mark", "mkmk", "ccmp"]),
    "arabic.ttf": ("truetype/noto/NotoSansArabic-Bold.ttf", -1, ARABIC, ["*"]),
    "devanagari.ttf": ("truetype/noto/NotoSansDevanagari-Bold.ttf", -1, DEVANAGARI, ["*"]),
    "east-asian.otf": ("opentype/noto/NotoSansCJK-Bold.ttc", 2, EAST_ASIAN, []),
}

for name, (source, number, characters, features) in FONTS.items():
    font = TTFont(NOTO / source, fontNumber=number, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    options.desubroutinize = False
    options.name_IDs = [0, 1, 2, 5, 13, 14]
    options.notdef_outline = True
    options.drop_tables += ["DSIG", "STAT", "MVAR", "VORG", "vhea", "vmtx"]
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.save(HERE / name)
    print(name, (HERE / name).stat().st_size, "bytes,", len(font.getGlyphOrder()), "glyphs")
