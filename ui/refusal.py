"""Refusals as sentences on the screen."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import streamlit as st

from cxr_models import zoo
from cxr_models.errors import Refusal, TableRefused

SCORES_COMMAND = "python -m train.score --data FOLDER"


@contextmanager
def stops_page(*, made_by: str = SCORES_COMMAND, first: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Show the sentence of a refusal raised inside, and end the page there.

    made_by: the command that makes the table that may be missing. first: what is still to be done before the end.
    """
    try:
        yield
    except TableRefused as refusal:
        st.warning(str(refusal), icon=":material/table_view:")
        st.markdown(f"No number is shown without that table. This command makes it: `{made_by}`")
        st.stop()
    except Refusal as refusal:
        st.warning(str(refusal), icon=":material/error:")
        first()
        st.stop()


def of_models(refused: Mapping[str, str]) -> None:
    """Name the models that give no answer, each with its sentence; end the page when none is left."""
    for name, sentence in refused.items():
        st.error(f"{zoo.spec(name).title} is left out. {sentence}", icon=":material/error:")
    if len(refused) == len(zoo.COMPARED):
        st.stop()
