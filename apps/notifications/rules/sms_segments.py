"""How long a text message is: what networks bill. Source: 3GPP TS 23.038 (GSM 7-bit default alphabet), read 2026."""

GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each of these is sent as an escape and a sign: two places.
GSM_EXTENDED = frozenset("^{}\\[~]|€\f")
_PLAIN = str.maketrans(
    {
        0x2018: "'",
        0x2019: "'",
        0x201C: '"',
        0x201D: '"',
        0x2013: "-",
        0x2014: "-",
        0x2011: "-",
        0x2022: "-",
        0x2026: "...",
        0xA0: " ",
    }
)


def to_plain_signs(text: str) -> str:
    """Replace typographic signs that would push the whole message into the short, costly encoding."""
    return text.translate(_PLAIN)


def count_segments(text: str) -> int:
    """Return how many segments a text message takes: 160 places alone or 153 each; 70 or 67 with signs outside GSM."""
    if all(sign in GSM_BASIC or sign in GSM_EXTENDED for sign in text):
        widths = [2 if sign in GSM_EXTENDED else 1 for sign in text]
        return 1 if sum(widths) <= 160 else _pack(widths, 153)
    widths = [2 if ord(sign) > 0xFFFF else 1 for sign in text]
    return 1 if sum(widths) <= 70 else _pack(widths, 67)


def _pack(widths: list[int], places: int) -> int:
    """A sign of two places is never cut in two."""
    segments, used = 1, 0
    for width in widths:
        if used + width > places:
            segments, used = segments + 1, 0
        used += width
    return segments
