"""The marks that a wrong decoding leaves in a text, whoever made it."""

from __future__ import annotations

import re

# A lead byte of UTF-8 and its followers, each read as a character of Windows-1252 or Latin-1.
_FOLLOWER = "[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_TWICE = re.compile(
    f"[\u00c2-\u00df]{_FOLLOWER}|[\u00e0-\u00ef]{_FOLLOWER}{{2}}|[\u00f0-\u00f4]{_FOLLOWER}{{3}}"
    # The same where the unprintable follower was lost on the way.
    '|â€[™œžś˜“”"]|ã[‚ƒ]|вЂ[™њќ“”]|â€\\s'
)
# UTF-8 as Shift_JIS, as GBK; replacement characters as EUC-JP and as GBK.
_JAPANESE_AS_SJIS = re.compile("[縺繧繝]")
_JAPANESE_AS_GBK = re.compile("[銇銈銉][\u4e00-\u9fff]")
_REPLACED_TWICE = re.compile("鐃緒申|锟斤拷|ï¿½")
# EUC-JP as Shift_JIS; Shift_JIS and EUC-JP as Windows-1252; ISO-2022-JP without its escapes.
_HALF_WIDTH = re.compile("[\uff61-\uff9f]")
_SJIS_AS_WESTERN = re.compile("[‚ƒ][\u0080-\u00ffŒœŠšŸŽž€‚ƒ„…†‡ˆ‰‹‘’“”•–—˜™›A-Za-z@]")
_EUC_AS_WESTERN = re.compile("[¤¥][\u00a1-\u00f6]")
_ESCAPES_LOST = re.compile(r"\$B(?:[!-~]{2}){2,}\(B")
_REFERENCES = re.compile(r"&(?:amp;)?#(?:\d{4,6}|x[0-9a-f]{3,5});", re.IGNORECASE)
_QUESTIONS = re.compile(r"\?{4,}")
# Each mark but those of _is_stripped holds one of these.
_SUSPECT = re.compile("[\u0080-\u00ff‚ƒв縺繧繝銇銈銉鐃锟\uff61-\uff9f\ufffd]")
_CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")


def is_damaged(text: str) -> bool:
    """Tell whether characters of a text were replaced because they could not be decoded."""
    return text.count("\ufffd") >= max(2, len(text) // 1_000)


def is_mojibake(text: str) -> bool:
    """Tell whether a text shows the marks of a wrong decoding, here or before us."""
    if text.isascii() or not _SUSPECT.search(text):
        return _is_stripped(text)
    size = max(1, len(text))
    few = max(2, size // 2_000)
    n_half_width = len(_HALF_WIDTH.findall(text))
    return (
        is_damaged(text)
        or bool(_REPLACED_TWICE.search(text))
        or len(_TWICE.findall(text)) >= few
        or len(_CONTROLS.findall(text)) >= max(3, few)
        or len(_JAPANESE_AS_SJIS.findall(text)) >= max(3, size // 100)
        or len(_JAPANESE_AS_GBK.findall(text)) >= max(3, size // 100)
        or (n_half_width >= 10 and n_half_width > 0.15 * size)
        or len(_SJIS_AS_WESTERN.findall(text)) >= max(5, size // 30)
        or len(_EUC_AS_WESTERN.findall(text)) >= max(5, size // 30)
        or _is_stripped(text)
    )


def _is_stripped(text: str) -> bool:
    """Tell whether what stands for characters is left of them: escapes, references, questions."""
    n_asked = sum(map(len, _QUESTIONS.findall(text))) if "????" in text else 0
    return (
        n_asked > 0.1 * max(20, len(text))
        or ("&" in text and len(_REFERENCES.findall(text)) >= 3)
        or ("$B" in text and len(_ESCAPES_LOST.findall(text)) >= 2)
    )
