"""Where the models fail: disagreements, each model's misses and false alarms, what distillation lost or gained."""

import streamlit as st

from cxr_models import zoo
from ui import agreement, frame, gallery, ledger, mistakes, refusal, state, styles, trainings

frame.page("Mistakes")
st.markdown(
    "A model is judged by what it gets wrong. Every test picture is here, with what each model said of it at the "
    "current operating point. Open one to see its heat maps."
)

point = state.current()
refusal.of_models(point.missing)
for note in mistakes.restore():
    st.warning(note)

view = mistakes.control("view", "Look at", mistakes.VIEWS)

if view == "ledger":
    with refusal.stops_page():
        seen = ledger.seen()
        found, missing = ledger.comparisons(seen)
        by_seed = trainings.seed_by_seed()
    st.markdown(by_seed)
    for one in found:
        st.markdown(f"- {ledger.sentence(one)}")
    if missing:
        st.warning(missing, icon=":material/table_view:")
    if not found:
        st.stop()
    st.table(ledger.table(found, seen), border="horizontal", alt=ledger.takeaway(found))
    st.caption(
        "On the test pictures, every model at its own balanced threshold, so that the operating point in the sidebar "
        "changes nothing here. The student trained alone had the same pictures and as many epochs, and no teacher. "
        "These images show one pair of students; whether a teacher helps, the mean over the seeds says."
    )
    st.markdown("**What it saves**")
    st.table(ledger.costs(), border="horizontal", alt="Size and speed of the student and of its teacher.")
    against, fate = ledger.pick(found)
    st.subheader(ledger.FATE_WORDS[fate])
    gallery.show(seen, ledger.pictures(against, fate), state.shipped(), key=f"ledger_{against.title}_{fate}")
    st.stop()

split = mistakes.control("split", "Pictures of", mistakes.SPLITS)
with refusal.stops_page():
    seen = mistakes.judged(point, split)
styles.errors(seen)

if view == "disagreement":
    st.subheader(mistakes.VIEWS[view])
    st.caption(
        "A filled mark suspects pneumonia, an open one does not. Choose a count to see its pictures, first those "
        "on which the models lie farthest apart."
    )
    heading, rows = agreement.choose(seen)
    st.subheader(heading)
else:
    model = mistakes.control("model", "Model", {name: zoo.spec(name).title for name in point.thresholds})
    kind = mistakes.control("kind", "Kind", mistakes.KINDS)
    if kind in mistakes.OF_PNEUMONIAS:
        mistakes.control("subtype", "Published as", mistakes.SUBTYPES)
    st.subheader(f"{mistakes.KINDS[kind]}: {zoo.spec(model).title}")
    st.caption(mistakes.ORDERS[kind])
    rows = mistakes.of_kind(seen, mistakes.chosen())

mistakes.pictures(seen, rows, point, split)
