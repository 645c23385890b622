"""The buttons that take a handout away, as a PDF and as a web page, and what the PDF cannot print."""

from functools import partial

import streamlit as st

from handout import contents, fonts, html, pdf
from handout.contents import Handout
from ui.words import literal


def offer(handout: Handout, name: str) -> None:
    """Draw both buttons; name: of the files, without an ending."""
    with st.container(horizontal=True):
        st.download_button(
            "Handout as PDF", partial(pdf.write, handout), f"{name}.pdf", "application/pdf",
            icon=":material/picture_as_pdf:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "Handout as a web page", partial(html.write, handout), f"{name}.html", "text/html",
            icon=":material/html:", on_click="ignore",
        )  # fmt: skip
    if lacking := fonts.unprintable("".join(contents.texts(handout))):
        st.warning(f"The PDF cannot print these letters: {literal(lacking)}. The web page prints them.",
                   icon=":material/translate:")  # fmt: skip
