"""The trade-offs, for stakeholders: what each model is worth, what it costs, whether they differ; a handout."""

import streamlit as st

from charts import pareto
from charts.style import LOOKS, TOGETHER
from cxr_models.evaluation import together, tradeoff
from ui import (
    candidate_table,
    candidates,
    comparison,
    frame,
    grouped,
    handouts,
    leaflet,
    performance,
    refusal,
    state,
    words,
)

frame.page("Compare")
st.markdown(
    "Networks of very different size read the same official test pictures, which chose no network and no shipped "
    "threshold. The interval in brackets is that of 95 %, from a bootstrap of patients."
)

point = state.current()
refusal.of_models(point.missing)

with refusal.stops_page():
    read_at = candidates.points(point)
    found = candidates.of(read_at)
    differences = candidates.differences(read_at)
    at_half = candidates.at_half(read_at)
    taken_away = leaflet.contents(
        point, read_at, found, prevalence=state.prevalence(), looks=LOOKS | {together.NAME: TOGETHER}
    )

handouts.offer(taken_away, "chest_x_ray_models_compared")
st.caption(
    f"All of this page at this operating point, with curves, counts and 1,000 children at a prevalence of "
    f"{words.plain_percent(state.prevalence())}, which is set on the page *Operating point*."
)

st.subheader("What each model is worth, and what it costs")
grouped.show(candidate_table.table(found), alt=candidate_table.takeaway(found))
st.caption(
    f"On the test pictures, at the current operating point. {words.AGREED} "
    f"{comparison.of_together(found, point.rule)} {comparison.machine(candidates.machine_speeds()[1])}"
)
with st.expander("What the rows mean", key="meanings"):
    st.markdown("\n".join(f"- {sentence}" for sentence in candidate_table.meanings()))

st.subheader("Do they differ by more than chance?")
st.markdown("\n".join(f"- {sentence}" for sentence in comparison.tests(differences)))
st.markdown(comparison.asking_all(candidates.asking_all(read_at, found)))
with st.expander("The numbers behind it", key="test_numbers"):
    grouped.show(comparison.tests_table(differences), alt="Paired tests of every two models, for each measure.")
    st.caption(comparison.COLUMNS)
st.caption(comparison.HOLM)

st.subheader("False alarms at the same sensitivity")
at_equal = candidates.equal_sensitivity(read_at)
st.markdown(comparison.equal_sensitivity_takeaway(at_equal))
grouped.show(comparison.equal_sensitivity_table(at_equal), alt=comparison.equal_sensitivity_takeaway(at_equal))
st.caption(comparison.TRANSFER)

st.subheader("Accuracy against cost")
for cell, cost in zip(st.columns(len(tradeoff.COSTS)), tradeoff.COSTS, strict=True):
    with cell:
        st.plotly_chart(
            pareto.figure(found, cost, tradeoff.front(found, cost)),
            key=cost,
            alt=comparison.cost_takeaway(found, cost),
            config=performance.STILL,
        )
        st.markdown(tradeoff.front_in_words(found, cost))
st.caption("Further up is better, further left is cheaper. The numbers are those of the table above.")

st.subheader("What speaks for each, and what against")
for title, said in comparison.characters(found, differences).items():
    st.markdown(f"- **{title}**. {said}")

st.subheader("At a score of .5, beside the brief's figures")
beside = comparison.beside_published(at_half)
grouped.show(beside, alt=comparison.beside_takeaway(beside))
st.caption("Accuracy, precision and F1 depend on how many of the test pictures show pneumonia.")
for sentence in comparison.about_published():
    st.markdown(f"- {sentence}")
