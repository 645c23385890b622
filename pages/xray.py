"""Upload or sample -> verdicts and heat maps of the three models."""

import streamlit as st

from cxr_models import zoo
from cxr_models.verdict import agreement
from ui import cached, frame, picture, refusal, state, verdicts, viewer

frame.page("Read an X-ray")
st.caption(
    "Made for frontal chest X-rays of children of one to five years, and learned from one medical centre. The models "
    "saw only normal chests and pneumonia: an effusion, a large heart, tuberculosis or a foreign body was never shown "
    "to them."
)
point = state.current()

picture.offer()

uploads = picture.uploads()
if len(uploads) > 1:
    st.subheader("Your files")
    st.dataframe(
        verdicts.table(uploads, point),
        hide_index=True,
        alt=f"{len(uploads)} files with the verdict and score of each model; refused files with their reason.",
    )
    picture.choose()

given = picture.shown()
if given is None:
    st.info("Upload an X-ray, or choose a sample, to see what the three models say.", icon=":material/radiology:")
    st.stop()

st.subheader("Reading")
st.markdown(picture.provenance(given))
with refusal.stops_page():
    opened = cached.open_picture(given.data)
    warnings = cached.warnings(given.sha256, given.data)
for warning in warnings:
    st.warning(warning, icon=":material/warning:")

readings, refused = verdicts.readings(given, point)
judged = verdicts.judged(readings, point)
refusal.of_models(refused)

st.markdown(f"**{agreement({zoo.spec(name).title: verdict for name, verdict in judged.items()})}**")
viewer.show(opened, readings, judged)
for column, (name, verdict) in zip(st.columns(len(judged)), judged.items(), strict=True):
    with column:
        verdicts.card(name, verdict)
if opened.trimmed:
    st.caption("Dark borders of this picture were cut off before the models looked; the maps cover the part they saw.")
st.caption(
    "A score is not a probability for your patient: it was fitted on pictures of which most showed pneumonia. "
    "Compare a score with its own model's threshold, never with another model's score."
)
