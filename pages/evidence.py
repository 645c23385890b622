"""What the numbers are worth: other pictures, another hospital, shortcuts, changes, chance, looks at the test."""

import streamlit as st

from charts import dots, lines, reliability
from ui import evidence, frame, performance, properties, recalibration, refusal, shortcuts, state, styles, trainings

frame.page("Evidence")
st.markdown(
    "A number from one hospital's pictures says little by itself. Here is what was tried to find out what the numbers "
    "are worth, each as one picture and one sentence. Where something was not tried yet, its command is named."
)

point = state.current()
refusal.of_models(point.missing)

with evidence.section(
    "From validation to another hospital",
    f"{refusal.SCORES_COMMAND} && python -m train.nih --data ADULTS",
    "The same models at the same thresholds, on pictures that are further and further from the training. The other "
    "hospital's patients are mostly adults, and a program read their labels out of reports.",
):
    steps = evidence.journey(point)
    measure = st.segmented_control(
        "Measure", list(steps), format_func=evidence.MEASURES.get, default="auc", required=True, key="evidence_measure"
    )
    found = steps[measure]
    evidence.show(
        dots.figure(
            found.series, found.titles, axis=evidence.MEASURES[measure], reference=0.5 if measure == "auc" else None
        ),
        "journey",
        found.sentence,
        found.table,
    )
    recalibration.show(point)

with evidence.section(
    "Does a score of .8 mean 80\xa0%?",
    refusal.SCORES_COMMAND,
    "Calibration: pictures of like score are put together, and the pneumonias among them counted. The share of "
    "pneumonias is another one on each kind of pictures; that alone moves the intercept.",
):
    split = st.segmented_control(
        "Pictures", list(performance.SPLITS), format_func=performance.SPLITS.get, default="test", required=True,
        key="evidence_split",
    )  # fmt: skip
    curves, table, sentence = evidence.reliability(point, split)
    evidence.show(reliability.figure(curves, evidence.TITLES), "calibration", sentence, table)

with evidence.section(
    "Shortcut meter: a baseline without medicine",
    shortcuts.COMMANDS["shortcut"],
    "Normal and pneumonia pictures of this data differ in proportions, sharpness and exposure. How far does that alone "
    "tell them apart?",
):
    found = shortcuts.baseline()
    evidence.show(
        dots.figure(found.series, found.titles, axis="AUC", reference=0.5, reference_words="coin toss"),
        "baseline",
        found.sentence,
        found.table,
    )

    found = shortcuts.correlations("stressed")
    evidence.show(
        dots.figure(found.series, found.titles, axis="Rank correlation within classes", reference=0.0),
        "correlations",
        found.sentence,
        found.table,
    )

with evidence.section(
    "Acquisition styles",
    styles.COMMAND,
    "Groups of images that are alike in exposure, sharpness, borders and burned-in text. They were found on the "
    "training images without labels.",
):
    series, table, sentence = styles.by_class()
    evidence.show(dots.figure(series, styles.SPLITS, axis="Share with pneumonia"), "styles", sentence, table)

with evidence.section(
    "What else could tell the classes apart",
    properties.COMMAND,
    "Validation images only. Each image takes one property from a random image of the other class. If the AUC falls, "
    "the model reads that property as disease, or the swap itself disturbs it.",
):
    table, sentence = properties.swapped()
    st.markdown(sentence)
    st.table(table, border="horizontal", alt=sentence)

with evidence.section(
    "With the chest blacked out",
    shortcuts.COMMANDS["blackout"],
    "The test pictures with the chest black, and with all but the chest black. A model that reads the chest alone "
    "should fall to .5 on the first.",
):
    found = shortcuts.blackout()
    evidence.show(
        dots.figure(found.series, found.titles, axis="AUC", reference=0.5, reference_words="coin toss"),
        "blackout",
        found.sentence,
        found.table,
    )

with evidence.section(
    "Changed pictures",
    shortcuts.COMMANDS["robustness"],
    "A part of the test pictures, changed in up to three grades; grade 0 is unchanged. The band is the 95 % interval.",
):
    measure = st.segmented_control(
        "Measure", list(evidence.MEASURES), format_func=evidence.MEASURES.get, default="auc", required=True,
        key="changed_measure",
    )  # fmt: skip
    panels, table, sentence = shortcuts.robustness(point, measure)
    drawn = lines.figure(panels, evidence.TITLES, x="grade", y=evidence.MEASURES[measure])
    evidence.show(drawn, "robustness", sentence, table)

with evidence.section(
    "Bacterial and viral pneumonia", refusal.SCORES_COMMAND, "Sensitivity by kind, on the test pictures."
):
    found = evidence.subtypes(point)
    evidence.show(dots.figure(found.series, found.titles, axis="Sensitivity"), "subtypes", found.sentence, found.table)

with evidence.section(
    "Do heat maps show what a score depends on?",
    shortcuts.COMMANDS["heat_maps"],
    "The hottest tenth of a map is removed from the X-ray, or alone kept of it, and compared with the same shape "
    "elsewhere in the chest. What is removed is filled in three ways.",
):
    found = shortcuts.maps()
    for key, axis in (
        ("inside", "Share of the evidence inside the chest"),
        ("deletion", "Further fall of the logit, removed"),
        ("insertion", "Higher logit, alone kept"),
    ):
        evidence.show(
            dots.figure(found[key].series, found[key].titles, axis=axis, reference=None if key == "inside" else 0.0),
            f"maps_{key}",
            found[key].sentence,
            found[key].table,
        )

with evidence.section(
    "What becomes of pictures that are no chest X-ray",
    shortcuts.COMMANDS["plausibility"],
    "Before a model looks, a check refuses a picture, warns of it, or lets it pass. In brackets how many were tried.",
):
    found = shortcuts.plausibility()
    evidence.show(
        dots.figure(found.series, found.titles, axis="Share of the pictures"),
        "plausibility",
        found.sentence,
        found.table,
    )

with evidence.section(
    "Learning curves",
    trainings.COMMANDS["history"],
    "AUC by epoch on plain and stressed validation. The reference teacher reads no upload; the student's "
    "model card names its teacher.",
):
    panels, table, sentence = trainings.learning()
    evidence.show(lines.figure(panels, trainings.CURVES, x="epoch", y="AUC"), "learning", sentence, table)

with evidence.section(
    "Chance in training", "python -m train.seeds --data FOLDER", "The same recipe with another seed."
):
    found = evidence.seeds()
    evidence.show(
        dots.figure(found.series, found.titles, axis="AUC, test pictures"), "seeds", found.sentence, found.table
    )

for title, meaning, read, key in (
    ("What each part of the recipe does", "One thing is changed at a time.", trainings.ablations, "ablations"),
    (
        "What a teacher adds",
        "Students of one size, taught by different networks or by none.",
        trainings.distillation,
        "distillation",
    ),
):
    with evidence.section(title, trainings.COMMANDS[key], meaning):
        series, table, sentence = read()
        evidence.show(dots.figure(series, trainings.CURVES, axis="AUC"), key, sentence, table)

with evidence.section(
    "Who looked at the test pictures",
    "make score evidence DATA=FOLDER",
    "A split that is looked at often stops being a test.",
):
    table, sentence = evidence.scorings()
    st.markdown(sentence)
    st.dataframe(table, hide_index=True, alt=sentence)
