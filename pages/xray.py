"""Upload or sample -> verdicts and heat maps of the three models."""

import streamlit as st

from cxr_models import zoo
from cxr_models.verdict import agreement
from ui import batch, cached, case_report, frame, own_call, picture, refusal, state, upload, verdicts, viewer

frame.page("Read an X-ray")
st.caption(
    "Made for frontal chest X-rays of children of one to five years, and learned from one medical centre. The models "
    "saw only normal chests and pneumonia: an effusion, a large heart, tuberculosis or a foreign body was never shown "
    "to them."
)
point = state.current()

upload.offer()
own_call.switch()
with st.container():  # always there: what comes and goes in it leaves the viewer its place, or the X-ray would blink
    read_on = batch.show(point)

given = picture.shown()
if given is None:
    st.info("Upload an X-ray, or choose a sample, to see what the three models say.", icon=":material/radiology:")
    read_on()
    st.stop()

verdicts.prepare(given, point, silent=own_call.is_due(given))
st.subheader("Reading")
st.markdown(picture.provenance(given, told=not own_call.is_due(given)))
with refusal.stops_page(first=read_on):
    opened = cached.open_picture(given.data)
    warnings = cached.warnings(given.sha256, given.data)
if opened.facts:
    st.caption(f"The file says: {' · '.join(opened.facts)}.")
for warning in warnings:
    st.warning(warning, icon=":material/warning:")

if own_call.is_due(given):
    viewer.show(opened, {}, {})
    own_call.ask(given)
    read_on()
    st.stop()

readings, refused = verdicts.readings(given, point)
judged = verdicts.judged(readings, point)
refusal.of_models(refused)

st.markdown(f"**{agreement({zoo.spec(name).title: verdict for name, verdict in judged.items()})}**")
own_call.show(given, judged)
viewer.show(opened, readings, judged)
places = verdicts.cards(judged, state.prevalence())
state.prevalence_dial()
if opened.trimmed:
    st.caption("Dark borders of this picture were cut off before the models looked; the maps cover the part they saw.")
st.caption(
    "A score is not a probability for your patient: it was fitted on pictures of which most showed pneumonia. "
    "Compare a score with its own model's threshold, never with another model's score. The interval of a probability "
    "shows how far it depends on which patients of one hospital it was fitted on. In another hospital it may be wrong. "
    f"No probability is shown when {verdicts.TOO_WIDE}."
)
verdicts.fill_in_stability(given, judged, places)
case_report.offer(given, opened, readings, judged, point)
read_on()
