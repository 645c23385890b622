"""Intended use, data, limits, how scores come about, licences, model cards."""

import streamlit as st

from cxr_models import zoo
from ui import about, frame, heat_map

frame.page("About")

st.subheader("Intended use")
st.markdown(
    """
- For people who judge, compare or teach such models: clinicians, committees, engineers. Not for decisions on patients.
- Frontal chest X-rays of children of one to five years. What the models are worth on mostly
  adults of another hospital stands under Limits; newborns and lateral views were never tried.
- The question asked is one: pneumonia or a normal chest. Other findings are not looked for, and were never shown.
- A picture that you upload stays in this server's memory until you leave; it is not stored and not sent anywhere.
"""
)

st.subheader("Data")
st.markdown(
    "Kermany, Zhang and Goldbaum, *Labeled Optical Coherence Tomography (OCT) and Chest X-Ray Images for "
    "Classification*, Mendeley Data, licence CC BY 4.0; one medical centre, Guangzhou. The published set has 5,856 "
    "pictures (the brief that commissioned this work counted 5,187). The official test split is kept; validation is "
    "cut from the rest by patient number."
)
splits = about.split_counts()
if splits.empty:
    st.warning("The table of splits is missing. This command makes it: `python -m train.splits --data FOLDER`")
else:
    st.table(
        splits,
        border="horizontal",
        alt="Pictures in the training, validation and test split, by what they were published as.",
    )

st.subheader("Limits")
if not splits.empty:
    st.markdown(
        f"- {about.shared_patients()} patient numbers occur both in the test pictures and in the others, never with "
        "the same kind of pneumonia. Whether they are the same children cannot be told from the names.\n"
        f"- {about.duplicates()} pictures are exact copies of another one; no copy lies in another split or has "
        "another label."
    )
st.markdown(
    f"""
- One medical centre, one way of framing. Normal and pneumonia pictures differ in size and proportions, so a network can
  learn the workflow instead of the disease. Training changes framing at random to make that hard, and the stressed
  validation pictures measure what is left of it.
- {about.other_hospital()}
- The pictures for training were squashed to 224 × 224 pixels and saved as JPEG; yours goes through the same squash.
- Children who were ill without pneumonia are not in the data. Real specificity will be lower.
- {heat_map.caption()}
"""
)

st.subheader("How a score and a threshold come about")
st.markdown(
    """
- Each network gives one number, the logit. Divided by the network's temperature, which was fitted on the validation
  pictures, and squeezed between 0 and 1, it is the *score*. It is no probability for your patient: that depends on how
  common pneumonia is among your patients.
- A *probability* comes from a logistic regression on the stress-tested validation images, carried over to the
  prevalence that you set. It is shown only if its 95 % interval is at most 30 percentage points wide.
- A picture is called *suspected* when its score is at least the threshold.
- Thresholds are chosen on the stress-tested validation images, each as the median over 10,000
  bootstraps of patients. A score between their 5th and 95th percentile is *too close to call*. No threshold is chosen
  on test images.
"""
)

st.subheader("Licences")
st.markdown(
    f"""
- Pictures: CC BY 4.0, the source named above.
- ResNet-50 checkpoint: {about.licence("resnet50")}
- Custom CNN checkpoint: {about.licence("base_cnn")}
- Distilled student checkpoint: {about.licence("student")}
"""
)

st.subheader("Model cards and data card")
for name, title in {**{name: spec.title for name, spec in zoo.SPECS.items()}, "data": "The data"}.items():
    with st.expander(title):
        st.markdown(about.card(name))
