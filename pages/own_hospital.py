"""The reader's own X-rays or table of scores: thresholds chosen on one half of the patients, judged on the other."""

from itertools import cycle

import streamlit as st

from charts import icons, matrix, net_benefit, precision_recall, reliability, roc
from charts.style import looks
from ui import (
    comparison,
    curve_table,
    frame,
    grouped,
    handouts,
    own_hospital,
    own_leaflet,
    own_pictures,
    own_results,
    own_roles,
    performance,
    state,
    thousand,
    words,
    zoom,
)
from ui.words import literal

frame.page("Own hospital")
st.markdown(
    "Check models on your own X-rays before anybody relies on them. Half of your patients choose the thresholds, the "
    "other half judge them. Your data stay in this server's memory until you reload the page."
)

way = st.segmented_control(
    "You give", list(own_hospital.WAYS), format_func=own_hospital.WAYS.get, default="table", required=True,
    key="own_give", persist_state="session",
)  # fmt: skip
notes: tuple[str, ...] = ()
with own_hospital.asking():
    given = own_hospital.upload() if way == "table" else own_pictures.upload()
    if given is None:
        st.info(own_hospital.EXPECTED[way], icon=":material/upload_file:")
        st.stop()
    if way == "table":
        roles, note = own_roles.choose(given)
        if not own_hospital.analyse(given.key, roles):
            st.stop()
    else:
        rule = own_pictures.choose_patients(given)
        note = own_roles.of_images(rule)
        if not own_hospital.analyse(given.key, rule, "Read and analyse"):
            st.stop()
        given, roles, notes = own_pictures.read(given, rule)
    prepared = own_hospital.prepared(given.key, roles, given.table)
site = prepared.site
notes = (*notes, *given.table.notes, *prepared.left_out, *([note] if note else []))

st.subheader("Results")
st.markdown(own_leaflet.used(site, prepared.left_out))
if note:
    st.caption(note)
for warning in prepared.warnings:
    st.warning(literal(warning), icon=":material/warning:")
rule = st.segmented_control(
    "Rule for this table's thresholds", list(own_results.RULES), format_func=lambda it: own_results.RULES[it][0],
    default="balanced", required=True, key="own_rule", persist_state="session",
    help="Chosen on one half of the patients, by the same rules as the default thresholds. The operating point in the "
    "sidebar changes nothing on this page.",
)  # fmt: skip
with own_hospital.asking():
    key = own_results.key_of(given, site)
    found = own_results.found(key, rule, site, shipped=own_results.stamps())
if said := own_results.width_of_intervals(site, found):
    st.warning(said, icon=":material/width:")
look, prevalence = looks(found.titles), state.prevalence()
gains, bands = own_results.decision_curves(key, prevalence, site)
leaflet = own_leaflet.contents(
    site, found, rule, gains, bands, prevalence=prevalence, notes=(*prepared.warnings, *notes), looks=look
)
handouts.offer(leaflet, "own_hospital")
st.table(own_results.table(found), border="horizontal", alt=own_results.takeaway(found))
st.caption(own_results.HALVES)
for note in own_results.threshold_notes(found):
    st.warning(literal(note))

st.subheader("Curves")
left, right = st.columns(2)
with left:
    zoom.chart(
        roc.figure(
            found.curves, found.counts, own_results.stretches(found), found.measures, part=zoom.part("own_roc"),
            titles=found.titles,
        ),
        "own_roc", alt=own_results.takeaway(found), config=performance.STILL,
    )  # fmt: skip
    st.caption(
        "ROC curve on the second half of the patients. Marks show the thresholds with 95 % CI. Draw a box with the "
        "mouse to zoom in."
    )
with right:
    zoom.chart(
        precision_recall.figure(
            found.precisions, found.counts, found.measures, part=zoom.part("own_precision_recall"), titles=found.titles
        ),
        "own_precision_recall",
        alt=performance.precision_recall_takeaway(found.precisions, found.counts, found.titles),
        config=performance.STILL,
    )
    st.caption(
        "Precision-recall curve on the same half, at your table's prevalence. Among children who come in, precision is "
        "the PPV at their prevalence."
    )
with st.expander("The numbers behind the curves", key="own_curve_numbers"):
    thresholds = {key: it.value for key, it in found.thresholds.items()}
    grouped.show(
        curve_table.table(found.curves, found.precisions, found.counts, thresholds, found.titles, found.threshold_text),
        alt=curve_table.takeaway(found.curves, found.titles),
    )
    st.caption(curve_table.NOTE)

st.subheader("Confusion matrices")
for cell, (name, it) in zip(cycle(st.columns(2)), found.counts.items(), strict=False):
    with cell:
        threshold = found.threshold_text(name, found.thresholds[name].value)
        st.markdown(f"**{literal(found.titles[name])}** · threshold {threshold}")
        st.plotly_chart(
            matrix.figure(it, look[name], ink=frame.ink()),
            key=f"own_matrix_{name}",
            alt=performance.matrix_takeaway(found.titles[name], it),
            config=performance.STILL,
        )
st.caption("Thresholds chosen on the first half, counted on the second. Rows show the truth, columns the verdict.")

st.subheader("Of 1,000 children like yours")
state.prevalence_dial()
for cell, (name, of) in zip(cycle(st.columns(2)), thousand.counts(found.counts, prevalence).items(), strict=False):
    with cell:
        st.markdown(f"**{literal(found.titles[name])}**")
        st.plotly_chart(
            icons.figure(of),
            key=f"own_icons_{name}",
            alt=thousand.takeaway(found.titles[name], of, found.measures[name]),
            config=performance.STILL,
        )
        st.markdown(f"{thousand.sentence(of, found.measures[name])} {thousand.suspected(of)}")
st.caption(
    f"{thousand.INTERVALS} With the sensitivity and specificity of the second half. Children with another illness "
    "count only if your table holds them."
)

st.subheader("Is acting on it worth it?")
useful = own_results.useful(gains, bands, found)
st.plotly_chart(
    net_benefit.figure(gains, bands, prevalence=prevalence, titles=found.titles),
    key="own_net_benefit", alt=f"Decision curves. {' '.join(useful)}", config=performance.STILL,
)  # fmt: skip
st.markdown("\n".join(f"- {literal(it)}" for it in useful))
with st.expander("The numbers behind it", key="own_gain_numbers"):
    st.table(thousand.gains_table(gains, bands, found.titles), border="horizontal", alt=thousand.GAINS)
    st.caption(thousand.GAINS)
st.caption(f"{thousand.NET_BENEFIT} At a prevalence of {words.plain_percent(prevalence)}. {own_results.HOW_LIKELY}")

if found.differences:
    st.subheader("Do they differ by more than chance?")
    st.markdown("\n".join(f"- {literal(sentence)}" for sentence in own_results.tests(found)))
    st.caption(comparison.HOLM)

if found.shipped:
    st.subheader("Default thresholds on this data")
    st.markdown("\n".join(f"- {literal(sentence)}" for sentence in own_results.shipped_sentences(found)))
    st.table(own_results.shipped_table(found), border="horizontal", alt="Default thresholds beside those chosen here.")

st.subheader("Does a score of .8 mean 80\xa0%?")
if found.calibrations:
    st.plotly_chart(
        reliability.figure({key: curve for key, (curve, _) in found.calibrations.items()}, found.titles),
        key="own_calibration", alt=own_results.calibration_takeaway(found), config=performance.STILL,
    )  # fmt: skip
    st.markdown(literal(own_results.calibration_takeaway(found)))
    st.table(own_results.calibration_table(found), border="horizontal", alt="Brier score, slope and intercept.")
    st.caption(f"{own_results.OVER_ALL} Points below the diagonal: the model overestimates risk.")
else:
    st.caption("No column lies between 0 and 1, so none can be read as a probability.")
