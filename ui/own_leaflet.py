"""The handout of the page of the own hospital: the page's own tables and sentences, to file or to send."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from cxr_models.evaluation.decision import Band, DecisionCurve
from cxr_models.evaluation.site import Site
from handout.contents import Children, Handout, Matrices, Model, Points, RocCurves, Section, Table, Thousand, Words
from ui import comparison, frame, own_results, thousand, words
from ui.own_results import RULES, Found
from ui.words import literal

TITLE = "Models checked on X-rays of one site"
LIMITS = (
    "The truth is the one in the table. It was not checked.",
    "The X-rays were selected. On other X-rays of the same site the results may differ.",
    "PPV and NPV hold at this table's prevalence, not among patients who come in.",
    "A threshold chosen on one site's X-rays holds for that site, its equipment and that time.",
)


class Look(Protocol):
    colour: str
    dash: str


def contents(
    it: Site,
    found: Found,
    rule: str,
    gains: Mapping[str, DecisionCurve],
    bands: Mapping[str, Band],
    *,
    prevalence: float,
    notes: Sequence[str],
    looks: Mapping[str, Look],
) -> Handout:
    """The handout of a site at a rule and a prevalence; gains, bands: the decision curves at that prevalence; notes:
    rows left out and warnings."""
    models = tuple(_model(key, found, looks[key]) for key in found.titles)
    tests = own_results.tests(found)
    sections = [
        Section("What was used", (Points((used(it), *_narrow(it, found), *notes)),)),
        Section(f"Measures: {RULES[rule][0].lower()}", (Table("", own_results.table(found), own_results.HALVES),)),
        Section("Curves and counts on the second half", (RocCurves(models), Matrices(models))),
        Section("Of 1,000 children", _children(found, prevalence)),
        Section(
            f"Is acting on it worth it? At a prevalence of {words.plain_percent(prevalence)}",
            (
                Points(tuple(own_results.useful(gains, bands, found))),
                Table("", thousand.gains_table(gains, bands, found.titles), thousand.GAINS),
                Words(own_results.HOW_LIKELY),
            ),
        ),
    ]
    if tests:
        sections.append(Section("Do they differ by more than chance?", (Points(tuple(tests)), Words(comparison.HOLM))))
    if found.shipped:
        sections.append(
            Section(
                "Default thresholds on this data",
                (
                    Points(tuple(own_results.shipped_sentences(found))),
                    Table("", own_results.shipped_table(found)),
                ),
            )
        )
    if found.calibrations:
        table = Table("", own_results.calibration_table(found), own_results.OVER_ALL)
        sections.append(Section("Calibration", (table,)))
    return Handout(TITLE, frame.DISCLAIMER, (*sections, Section("Limits", (Points(LIMITS),))))


def used(it: Site, left_out: Sequence[str] = ()) -> str:
    """What was used and what was left out, in a line."""
    patients = len(set(it.patient))
    whose = ", each of another patient" if patients == it.label.size else f" of {patients} patients"
    return (
        f"Used: {it.label.size} X-rays{whose}, {it.ill} with and {it.well} without pneumonia. "
        f"{int((~it.judged).sum())} of them choose the thresholds, {int(it.judged.sum())} judge them."
        f"{f' Left out: {literal(chr(32).join(left_out))}' if left_out else ''}"
    )


def _narrow(it: Site, found: Found) -> tuple[str, ...]:
    said = own_results.width_of_intervals(it, found)
    return (said,) if said else ()


def _children(found: Found, prevalence: float) -> tuple[Words, Children]:
    of = thousand.counts(found.counts, prevalence)
    return (
        Words(
            f"At a prevalence of {words.plain_percent(prevalence)}, with the sensitivity and specificity of the half "
            f"that judges carried over. {thousand.INTERVALS}"
        ),
        Children(
            tuple(
                Thousand(
                    found.titles[key], it, f"{thousand.sentence(it, found.measures[key])} {thousand.suspected(it)}"
                )
                for key, it in of.items()
            )
        ),
    )


def _model(key: str, found: Found, look: Look) -> Model:
    return Model(
        title=found.titles[key],
        colour=look.colour,
        dash=look.dash,
        roc=found.curves[key],
        threshold=found.threshold_text(key, found.thresholds[key].value),
        counts=found.counts[key],
        sensitivity=found.measures[key]["sensitivity"],
        specificity=found.measures[key]["specificity"],
    )
