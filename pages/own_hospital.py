"""The reader's own pictures or table of scores: thresholds chosen on one half, judged on the other."""

from functools import partial

import streamlit as st

from charts import reliability, roc
from charts.style import looks
from handout import html, pdf
from ui import comparison, frame, own_hospital, own_leaflet, own_pictures, own_results, performance
from ui.words import literal

frame.page("Own hospital")
st.markdown(
    "A model must be checked on a hospital's own pictures before anybody trusts it there. Give a table of scores, of "
    "any model, or pictures to be read now. One half of the patients chooses the thresholds, the other half judges "
    "them. Nothing is kept."
)

way = st.segmented_control(
    "You give",
    list(own_hospital.WAYS),
    format_func=own_hospital.WAYS.get,
    default="table",
    required=True,
    key="own_give",
)
with own_hospital.asking():
    given = own_hospital.upload() if way == "table" else own_pictures.upload()
if given is None:
    st.info(own_hospital.EXPECTED[way], icon=":material/upload_file:")
    st.stop()

with st.expander(f"The table: {len(given.table)} rows"):
    st.dataframe(given.table.head(own_hospital.FIRST_ROWS), hide_index=True, alt="The first rows of the table.")
with own_hospital.asking():
    mapped = own_hospital.mapped(given)
if mapped is None:
    st.info("Say which column is what, and the analysis follows.", icon=":material/rule:")
    st.stop()
site, notes = mapped

rule = st.segmented_control(
    "Operating point", list(own_results.RULES), format_func=lambda it: own_results.RULES[it][0], default="balanced",
    required=True, key="own_rule", help="Chosen on one half of the patients, by the same rules as the shipped ones.",
)  # fmt: skip
with own_hospital.asking():
    found = own_results.found(own_results.key_of(given, site), rule, site)

st.subheader("What it says")
st.markdown(own_leaflet.counted(site))
for note in notes:
    st.caption(note)
if said := own_hospital.width_of_intervals(site):
    st.warning(said, icon=":material/width:")
leaflet = own_leaflet.contents(site, found, rule, notes=notes, looks=looks(found.titles))
with st.container(horizontal=True):
    st.download_button(
        "Handout as PDF", partial(pdf.write, leaflet), "own_hospital.pdf", "application/pdf",
        icon=":material/picture_as_pdf:", on_click="ignore",
    )  # fmt: skip
    st.download_button(
        "Handout as a web page", partial(html.write, leaflet), "own_hospital.html", "text/html",
        icon=":material/html:", on_click="ignore",
    )  # fmt: skip
st.table(own_results.table(found), border="horizontal", alt=own_results.takeaway(found))
st.caption(own_results.HALVES)
for note in own_results.threshold_notes(found):
    st.warning(literal(note))

st.subheader("ROC curves")
st.plotly_chart(
    roc.figure(found.curves, found.counts, own_results.stretches(found), found.measures, titles=found.titles),
    key="own_roc", alt=own_results.takeaway(found), config=performance.CHART,
)  # fmt: skip
st.caption("On the half that judges. Each mark is where its threshold was counted, the cross its 95 % intervals.")

if found.differences:
    st.subheader("Do they differ by more than chance?")
    st.markdown("\n".join(f"- {literal(sentence)}" for sentence in own_results.tests(found)))
    st.caption(comparison.HOLM)

if found.shipped:
    st.subheader("How far the shipped thresholds are off here")
    st.markdown("\n".join(f"- {sentence}" for sentence in own_results.shipped_sentences(found, site)))
    st.table(own_results.shipped_table(found), border="horizontal", alt="Shipped thresholds beside those chosen here.")

st.subheader("Does a score of .8 mean 80 %?")
if found.calibrations:
    st.plotly_chart(
        reliability.figure({key: curve for key, (curve, _) in found.calibrations.items()}, found.titles),
        key="own_calibration", alt="Share of pneumonias against the score.", config=performance.STILL,
    )  # fmt: skip
    st.table(own_results.calibration_table(found), border="horizontal", alt="Brier score, slope and intercept.")
    st.caption(
        "Over all pictures, at this table's mix. Below the line a score promises more pneumonias than there are; a "
        "slope below 1 says that the model is too sure."
    )
else:
    st.caption("No column lies between 0 and 1, so none can be read as a probability.")
