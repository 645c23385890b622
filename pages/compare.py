"""The trade-offs: one table, one figure, one sentence a model."""

import streamlit as st

from charts import size
from ui import comparison, frame, performance, refusal, state

frame.page("Compare")
st.markdown(
    "Three networks of very different size read the same official test pictures, which no network and no threshold was "
    "chosen on. The interval in brackets is that of 95 %, from a bootstrap of patients."
)

point = state.current()
refusal.of_models(point.missing)

with refusal.stops_page():
    half = comparison.at_half(point.points)
    at_half = comparison.table(half)
    sentences = comparison.sentences(point.points)
    candidates = comparison.candidates(point.points)

st.subheader("At a score of .5")
st.dataframe(at_half, alt=f"Measures at a score of .5. {comparison.takeaway(half)}")
st.caption(
    "The table of the brief. The AUC is over all thresholds; the rest is where a score of at least .5 is positive."
)

st.subheader("At the current operating point")
st.dataframe(comparison.table(point.points), alt=f"Measures at the operating point {point.words}.")
st.caption(f"{point.words}. Accuracy, precision and F1 depend on how many of the test pictures show pneumonia.")

st.subheader("What one gets for the size")
st.plotly_chart(size.figure(candidates), alt=comparison.takeaway(point.points), config=performance.STILL)
for sentence in sentences.values():
    st.markdown(f"- {sentence}")
st.caption("Errors are counted at the current operating point.")
