"""Read first, then reveal: the reader's own call is asked before the models speak, so that they do not sway it.

Off until the reader switches it on. Calls are kept in the visitor's session, by the picture's hash, and so is of which
pictures the models may speak or have spoken: of those nobody is asked any more.
"""

from collections.abc import Mapping, Sequence

import streamlit as st

from cxr_models import zoo
from cxr_models.batch import Row
from cxr_models.verdict import Verdict, listed
from ui.picture import Given

CALLS = {"suspected": "Pneumonia suspected", "not": "No pneumonia suspected", "unsure": "Unsure"}


def switch() -> None:
    """Draw the switch."""
    st.toggle(
        "Read first, then reveal", key="read_first", persist_state="session",
        help="You are asked for your own call before the models' verdicts and maps are shown, and before a sample's "
        "label. Who sees a verdict first tends to follow it, also where it is wrong. Of a picture whose verdicts you "
        "have seen you are not asked.",
    )  # fmt: skip


def is_due(given: Given) -> bool:
    """Whether the models keep silent on this picture."""
    return is_on() and given.sha256 not in _revealed()


def ask(given: Given) -> None:
    """Draw the question."""
    st.markdown("**What do you see?** The models answer when you have.")
    with st.container(horizontal=True):
        for call, label in CALLS.items():
            st.button(label, key=f"call_{call}", on_click=_called, args=(given.sha256, call))


def show(given: Given, judged: Mapping[str, Verdict]) -> None:
    """Draw the reader's call beside the models', where one was asked for; from now on the models have spoken."""
    _revealed().add(given.sha256)
    if call := made(given):
        st.markdown(words(call, judged))


def made(given: Given) -> str | None:
    """The reader's call, a key of `CALLS`; None where none was asked for."""
    return _calls().get(given.sha256)


def words(call: str, judged: Mapping[str, Verdict]) -> str:
    """A call, a key of `CALLS`, beside the models' verdicts."""
    if call == "unsure":
        return "Your call: **unsure**."
    same = [zoo.spec(name).title for name, it in judged.items() if it.positive == (call == "suspected")]
    agree = f"{listed(same)} {'say' if len(same) > 1 else 'says'} the same" if same else "no model says the same"
    return f"Your call: **{CALLS[call].lower()}**; {agree}."


def covered(rows: Sequence[Row]) -> frozenset[str]:
    """Hashes of the pictures whose verdicts stay hidden in a table of these rows; of the others the models have spoken.
    A refused file has neither."""
    read = {row.sha256 for row in rows if not row.reason}
    hidden = frozenset(read - _revealed()) if is_on() else frozenset()
    _revealed().update(read - hidden)
    return hidden


def is_on() -> bool:
    """Whether the reader wants to call first."""
    return st.session_state.get("read_first", False)


def _calls() -> dict[str, str]:
    return st.session_state.setdefault("calls", {})


def _revealed() -> set[str]:
    """Hashes of the pictures that were called, or whose verdicts were on screen."""
    return st.session_state.setdefault("revealed", set())


def _called(sha256: str, call: str) -> None:
    _calls()[sha256] = call
    _revealed().add(sha256)
