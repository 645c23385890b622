"""The dial and what it does: ROC, confusion matrices, measures, and what they mean for 1,000 children."""

import streamlit as st

from charts import matrix, roc
from cxr_models import zoo
from ui import cached, frame, performance, refusal, state, words

frame.page("Operating point")
st.markdown(
    "Where a model says “suspected” is a choice. A lower threshold finds more pneumonias and raises more false alarms. "
    "Change the operating point in the sidebar: everything here moves, and so do the verdicts on *Read an X-ray*."
)

point = state.current()
refusal.of_models(point.missing)

split = st.segmented_control(
    "Counted on",
    list(performance.SPLITS),
    format_func=performance.SPLITS.get,
    default="test",
    required=True,
    key="split",
    help="Thresholds are chosen on the stressed validation pictures; only the test pictures judge them fairly.",
    persist_state="session",
)
st.caption(performance.SPLIT_NOTES[split])

with refusal.stops_page():
    counts = performance.counts(point, split)
    curves = {name: cached.roc(name, split) for name in counts}

st.subheader("ROC curves")
st.plotly_chart(roc.figure(curves, counts), alt=performance.roc_takeaway(curves, counts), config=performance.CHART)
st.caption("Each mark is the operating point, drawn where it was counted.")

st.subheader("Confusion matrices")
for cell, (name, counted) in zip(st.columns(len(counts)), counts.items(), strict=True):
    with cell:
        st.markdown(f"**{zoo.spec(name).title}** · threshold {point.thresholds[name].value:.3f}")
        st.plotly_chart(
            matrix.figure(name, counted, ink=frame.ink()),
            key=f"matrix_{name}",
            alt=performance.matrix_takeaway(name, counted),
            config=performance.STILL,
        )

st.subheader("Measures")
prevalence = st.slider(
    "Prevalence: of 100 children like yours, how many have pneumonia?",
    0.01,
    0.8,
    0.1,
    step=0.01,
    format="percent",
    key="prevalence",
    help="PPV and NPV depend on it. It is never taken from the split, where most pictures show pneumonia.",
    persist_state="session",
)
with refusal.stops_page():
    table = performance.measures(point, split, prevalence)
st.dataframe(table, alt=performance.measures_takeaway(counts, split))
st.caption(
    "In brackets the 95 % interval from a bootstrap of patients, then the counts behind the value. PPV and NPV are "
    f"those at a prevalence of {words.plain_percent(prevalence)}, carried over from the sensitivity and specificity "
    "counted here."
)

st.subheader("Of 1,000 children")
for name, counted in counts.items():
    st.markdown(performance.per_thousand(name, counted, prevalence))
st.caption("Children who are ill with something else were never in the data, so real false alarms will be more.")
