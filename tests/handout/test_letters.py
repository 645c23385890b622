"""One check of the letters that the PDF cannot print, wherever in a handout they stand."""

import pandas as pd
import pytest

from handout import contents, fonts
from handout.contents import Handout, Points, Section, Table, Words

PLAIN = pd.DataFrame({"score Ž": ["0.5"]}, index=["Sensitivity ≥"])


@pytest.mark.parametrize(
    "block",
    [
        Words("肺"),
        Points(("a", "肺")),
        Table("肺", PLAIN),
        Table("", PLAIN, "肺"),
        Table("", PLAIN.rename(columns=lambda name: "score 肺")),
        Table("", PLAIN.rename(index=lambda name: "肺")),
        Table("", PLAIN.replace("0.5", "肺")),
        Table("", pd.concat({"肺": PLAIN})),
    ],
)
def test_a_letter_that_cannot_be_printed_is_found_in_every_part(block):
    handout = Handout("A title", "Research use.", (Section("A heading", (Words("Ünïcödé"), block)),))
    assert fonts.unprintable("".join(contents.texts(handout))) == "肺"


def test_a_handout_that_can_be_printed_lacks_nothing():
    handout = Handout("A title", "Research use.", (Section("Ж", (Table("ß–≥’·−", PLAIN),)),))
    assert fonts.unprintable("".join(contents.texts(handout))) == ""
