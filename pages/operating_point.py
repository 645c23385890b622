"""The dial and what it does: on every split, on curves and matrices, and for 1,000 children."""

import streamlit as st

from charts import icons, matrix, net_benefit, precision_recall, roc
from charts.style import LOOKS
from cxr_models import zoo
from ui import (
    cached,
    counted,
    curve_table,
    frame,
    grouped,
    performance,
    refusal,
    state,
    thousand,
    to_mistakes,
    verdicts,
    words,
    zoom,
)

frame.page("Operating point")
st.markdown(
    "Where a model says “suspected” is a choice. A lower threshold finds more pneumonias and raises more false alarms. "
    "Change the operating point in the sidebar (on a phone behind » at the top): everything here moves, and so do the "
    "verdicts on *Read an X-ray*."
)

point = state.current()
refusal.of_models(point.missing)

split = st.segmented_control(
    "Pictures",
    list(performance.SPLITS),
    format_func=performance.SPLITS.get,
    default="test",
    required=True,
    key="split",
    help=f"Thresholds are chosen on {performance.CHOSEN_ON}; only the test set judges them fairly.",
    persist_state="session",
)
st.caption(performance.SPLIT_NOTES[split])

with refusal.stops_page(made_by=performance.SPLIT_COMMANDS[split]):
    counts = performance.counts(point, split)
    rates = performance.rates(point, split)
    curves = {name: cached.roc(name, split) for name in counts}

st.subheader("What the dial changed")
against = st.segmented_control(
    "Compared with",
    list(performance.AGAINST),
    format_func=performance.AGAINST.get,
    default="shipped",
    required=True,
    key="against",
    persist_state="session",
)
with refusal.stops_page(made_by=performance.SPLIT_COMMANDS[split]):
    for sentence in performance.changes(against, point, split):
        st.markdown(sentence)

st.subheader("On all pictures at once")
tables = list(performance.everywhere(point).items())
for start in range(0, len(tables), 2):
    for cell, (where, table) in zip(st.columns(2), tables[start : start + 2], strict=False):
        with cell:
            st.markdown(f"**{performance.SPLITS[where]}**")
            if isinstance(table, str):
                st.warning(table)
            else:
                st.table(table, hide_index=True, border="horizontal", alt=performance.everywhere_takeaway(point, where))
st.caption(
    f"In brackets the 95 % interval from a bootstrap of patients. {words.AGREED} A threshold is the median over such "
    f"bootstraps of {performance.CHOSEN_ON}, so the measure there can lie a little beside the target."
)
with refusal.stops_page():
    carried = performance.carried_over(point)
if carried:
    st.markdown(f"Against {performance.CHOSEN_ON}, where the thresholds were chosen:")
    st.markdown("\n".join(f"- {sentence}" for sentence in carried))
st.markdown(performance.at_one_wish(point, split))
if st.toggle("Test whether the models differ by more than chance", key="differ", persist_state="session"):
    with refusal.stops_page(made_by=performance.SPLIT_COMMANDS[split]):
        st.markdown("\n".join(f"- {sentence}" for sentence in performance.differences(point, split)))
    st.caption("Sensitivity among pneumonias, specificity among normals; p is corrected for the pairs compared (Holm).")

st.subheader("Curves")
corner = st.toggle(
    "Only the corner in which good models differ",
    key="corner",
    help="With a mouse you can also draw a box over a figure to see only that part. Both stay when the dial moves.",
    persist_state="session",
)
precisions = {}
left, right = st.columns(2)
with left:
    zoom.chart(
        roc.figure(curves, counts, performance.stretches(point, curves), rates, corner=corner, part=zoom.part("roc")),
        "roc",
        alt=performance.roc_takeaway(curves, counts),
    )
    st.caption(
        "ROC; draw a box with the mouse to zoom in. Each mark is the operating point, drawn where it was counted; its "
        "cross is the 95 % interval, the broad stretch of the curve what the interval of the threshold covers."
    )
with right:
    if split == performance.OTHER_HOSPITAL:
        st.info("No precision here: it would be that of this mix of adults and labels, and of nobody's patients.")
    else:
        precisions = {name: counted.precision_recall(name, split) for name in counts}
        zoom.chart(
            precision_recall.figure(precisions, counts, rates, corner=corner, part=zoom.part("precision_recall")),
            "precision_recall",
            alt=performance.precision_recall_takeaway(precisions, counts),
        )
        st.caption(
            "Precision-recall. This precision is that of the split, where most pictures show pneumonia; among your "
            "patients it is the PPV below."
        )
titles = {name: zoo.spec(name).title for name in curves}
with st.expander("The numbers behind the curves", key="curve_numbers"):
    thresholds = {name: it.value for name, it in point.thresholds.items()}
    grouped.show(
        curve_table.table(curves, precisions, counts, thresholds, titles), alt=curve_table.takeaway(curves, titles)
    )
    st.caption(curve_table.NOTE)

st.subheader("Confusion matrices")
clickable = to_mistakes.clickable(split)
for cell, (name, it) in zip(st.columns(len(counts)), counts.items(), strict=True):
    with cell:
        st.markdown(f"**{zoo.spec(name).title}** · threshold {point.thresholds[name].value:.3f}")
        cells = st.plotly_chart(
            matrix.figure(it, LOOKS[name], ink=frame.ink()),
            key=f"matrix_{name}",
            alt=performance.matrix_takeaway(zoo.spec(name).title, it),
            config=performance.STILL,
            on_select="rerun" if clickable else "ignore",
            selection_mode="points",
        )
        if clickable:
            to_mistakes.follow(cells.selection.point_indices, name, it, split)
        if to_mistakes.leads(split):
            for label, where in to_mistakes.links(name, it, split):
                st.page_link(to_mistakes.PAGE, label=label, icon=":material/search:", query_params=where)
st.caption(
    "Rows are what the pictures were published as, columns what the model says; percentages are of the row. "
    f"{'Click a cell, or follow a link below it, to look at its pictures.' if clickable else ''}"
)

st.subheader("Measures")
state.prevalence_dial()
prevalence = state.prevalence()
st.table(
    performance.measures(point, split, prevalence),
    border="horizontal",
    alt=performance.measures_takeaway(counts, split),
)
st.caption(
    "In brackets the 95 % interval from a bootstrap of patients, then the counts behind the value. PPV, NPV and the "
    f"probability are those at a prevalence of {words.plain_percent(prevalence)}. PPV and NPV follow from the "
    f"sensitivity and specificity counted here, the probability from {performance.CHOSEN_ON}. A dash: no probability, "
    f"or {verdicts.TOO_WIDE}."
)
with st.expander("If pictures were independent", key="independent"):
    st.table(
        performance.independent(point, split),
        border="horizontal",
        alt="The same measures with the intervals of Wilson and DeLong.",
    )
    st.caption(
        "Pictures of one child resemble each other, which these intervals ignore; so they are a little too short."
    )

if split == performance.OTHER_HOSPITAL:
    st.info("What follows is told for children; nothing is carried over from adults with text-mined labels.")
    st.stop()

st.subheader("Of 1,000 children like yours")
thousand_children = thousand.counts(counts, prevalence)
for cell, (name, of) in zip(st.columns(len(counts)), thousand_children.items(), strict=False):
    with cell:
        st.markdown(f"**{zoo.spec(name).title}**")
        st.plotly_chart(
            icons.figure(of),
            key=f"icons_{name}",
            alt=thousand.takeaway(zoo.spec(name).title, of, rates[name]),
            config=performance.STILL,
        )
        st.markdown(thousand.sentence(of, rates[name]))
        st.markdown(thousand.suspected(of))
st.caption(
    f"{thousand.INTERVALS} Children who are ill with something else were never in the data, so real false alarms will "
    "be more."
)

st.subheader("Is acting on it worth it?")
gains, bands = thousand.decision_curves(point, split, prevalence)
if not gains:
    st.info(verdicts.NO_LINE)
    st.stop()
useful = [thousand.useful(zoo.spec(name).title, gain, bands[name]) for name, gain in gains.items()]
st.plotly_chart(
    net_benefit.figure(gains, bands, prevalence=prevalence),
    key="net_benefit",
    alt=f"Decision curves. {' '.join(useful)}",
    config=performance.STILL,
)
st.markdown("\n".join(f"- {it}" for it in useful))
with st.expander("The numbers behind it", key="gain_numbers"):
    st.table(thousand.gains_table(gains, bands, titles), border="horizontal", alt=thousand.GAINS)
    st.caption(thousand.GAINS)
st.caption(
    f"{thousand.NET_BENEFIT} All at a prevalence of {words.plain_percent(prevalence)}, and at every threshold, not "
    "only that of the dial."
)
