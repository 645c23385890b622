"""The handout's letters: DejaVu Sans, which comes with matplotlib and holds –, ≥, ’, · and most alphabets, but no
Chinese, Japanese or Korean."""

from functools import cache
from pathlib import Path

import matplotlib
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "DejaVuSans", "DejaVuSans-Bold"


def unprintable(text: str) -> str:
    """The letters of a text that these fonts lack, each once, in their order."""
    register()
    known = pdfmetrics.getFont(REGULAR).face.charToGlyph
    return "".join(dict.fromkeys(letter for letter in text if ord(letter) not in known and not letter.isspace()))


@cache
def register() -> None:
    """Make the fonts known to reportlab; needed once before anything is drawn."""
    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    for name in (REGULAR, BOLD):
        pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
