"""What the handout of the compare page says: the page's own tables and sentences, and what a committee files."""

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from cxr_models import zoo
from cxr_models.evaluation import tradeoff
from cxr_models.evaluation.intervals import Interval
from cxr_models.evaluation.summary import Point
from cxr_models.evaluation.tradeoff import Candidate
from cxr_models.paths import BENCHMARKS, PUBLISHED, ROOT
from handout.contents import (
    Children,
    Costs,
    Handout,
    Matrices,
    Model,
    Points,
    Priced,
    RocCurves,
    Section,
    Table,
    Thousand,
    Words,
)
from ui import about, cached, candidate_table, comparison, frame, thousand, words
from ui import candidates as counted
from ui.state import OperatingPoint

TITLE = "Chest X-ray models compared"
TABLES = (cached.SCORES, cached.EXTERNAL, counted.BLACKOUT, BENCHMARKS, PUBLISHED)
CHOSEN = "Thresholds are chosen on stress-tested validation images, never on test images."
BY_HAND = "These thresholds were set by hand. If the test pictures were in view, the numbers here flatter."
LIMITS = (
    "Frontal chest X-rays of children of one to five years, from one medical centre. On other children, other machines "
    "or adults these numbers do not hold.",
    "The models saw normal chests and pneumonia, and nothing else. An effusion, a large heart, tuberculosis or a "
    "foreign body was never shown to them: real false alarms will be more.",
    "The official test pictures chose no network and no shipped threshold.",
    "A score is no probability for a patient. PPV, NPV and the counts per 1,000 depend on how common pneumonia is.",
)


class Look(Protocol):
    colour: str
    dash: str
    symbol: str


def contents(
    point: OperatingPoint,
    read_at: Mapping[str, Point],
    found: Mapping[str, Candidate],
    *,
    prevalence: float,
    looks: Mapping[str, Look],
) -> Handout:
    """The handout at an operating point and a prevalence. Raises TableRefused and CheckpointRefused."""
    differences = counted.differences(read_at)
    models = tuple(_model(name, it, read_at, looks[name]) for name, it in found.items())
    measures = candidate_table.table(found).rename(index=lambda row: row.replace("`", ""))
    machine = comparison.machine(counted.machine_speeds()[1])
    asking_all = comparison.asking_all(counted.asking_all(read_at, found))
    return Handout(
        title=TITLE,
        disclaimer=frame.DISCLAIMER,
        sections=(
            Section("Operating point", _operating_point(point, found)),
            Section(
                "What each model is worth, and what it costs",
                (Table("", measures, words.AGREED), *_words(machine), Points(tuple(candidate_table.meanings()))),
            ),
            Section("Curves and counts on the test pictures", (RocCurves(models), Matrices(models))),
            Section("Of 1,000 children", _children(found, prevalence)),
            Section(
                "Do they differ by more than chance?",
                (
                    Points(tuple(comparison.tests(differences))),
                    *_words(asking_all),
                    Table("", comparison.tests_table(differences), f"{comparison.COLUMNS} {comparison.HOLM}"),
                ),
            ),
            Section("False alarms at the same sensitivity", _equal_sensitivity(read_at)),
            Section(
                "Accuracy against cost", tuple(it for cost in _known(found) for it in _against(found, cost, looks))
            ),
            Section("What speaks for each, and what against", _characters(found, differences)),
            Section(
                "At a score of .5, beside the brief's figures",
                (
                    Table("", comparison.beside_published(counted.at_half(read_at))),
                    Points(tuple(comparison.about_published())),
                ),
            ),
            Section("Limits", (Points((*LIMITS, about.other_hospital().replace("`", ""))),)),
            Section("Licences", (Points(_licences(found)),)),
            Section("What the numbers come from", (Table("", _hashes()),)),
        ),
    )


def _operating_point(point: OperatingPoint, found: Mapping[str, Candidate]) -> tuple[Words, ...]:
    said = (
        f"{point.words}. A picture is called suspected when its score is at least the threshold.",
        BY_HAND if point.rule == "free" else CHOSEN,
        comparison.of_together(found, point.rule),
        *point.notes,
    )
    return tuple(Words(text) for text in said if text)


def _model(name: str, it: Candidate, read_at: Mapping[str, Point], look: Look) -> Model:
    return Model(
        title=it.title,
        colour=look.colour,
        dash=look.dash,
        roc=counted.roc(read_at, name),
        threshold=f"{it.threshold:.3f}",
        counts=it.counts,
        sensitivity=it.sensitivity,
        specificity=it.specificity,
    )


def _children(found: Mapping[str, Candidate], prevalence: float) -> tuple[Words | Children, ...]:
    of = thousand.counts({name: it.counts for name, it in found.items()}, prevalence)
    return (
        Words(
            f"At a prevalence of {words.plain_percent(prevalence)}, with the sensitivity and specificity of the test "
            f"pictures carried over. {thousand.INTERVALS} Children who are ill with something else were never in the "
            "data."
        ),
        Children(
            tuple(
                Thousand(
                    found[name].title, it, f"{thousand.sentence(it, _rates(found[name]))} {thousand.suspected(it)}"
                )
                for name, it in of.items()
            )
        ),
    )


def _rates(it: Candidate) -> dict[str, Interval]:
    return {"sensitivity": it.sensitivity, "specificity": it.specificity}


def _equal_sensitivity(read_at: Mapping[str, Point]) -> tuple[Words, Table]:
    found = counted.equal_sensitivity(read_at)
    table = comparison.equal_sensitivity_table(found)
    return Words(comparison.equal_sensitivity_takeaway(found)), Table("", table, comparison.TRANSFER)


def _characters(found: Mapping[str, Candidate], differences) -> tuple[Points]:
    return (Points(tuple(f"{title}. {said}" for title, said in comparison.characters(found, differences).items())),)


def _known(found: Mapping[str, Candidate]) -> list[str]:
    return [cost for cost in tradeoff.COSTS if tradeoff.front(found, cost)]


def _against(found: Mapping[str, Candidate], cost: str, looks: Mapping[str, Look]) -> tuple[Costs, Words]:
    """Accuracy against one cost as the screen draws it: the models of which it is known, and the front in words."""
    divisor, _ = tradeoff.UNITS[cost]
    models = {
        name: Priced(
            comparison.cost_words(it, cost), looks[name].colour, looks[name].symbol, it.cost(cost) / divisor, it.auc
        )
        for name, it in found.items()
        if it.cost(cost) is not None
    }
    front = tuple(models[name] for name in tradeoff.front(found, cost))
    return Costs(tradeoff.AXES[cost], tuple(models.values()), front), Words(tradeoff.front_in_words(found, cost))


def _licences(found: Mapping[str, Candidate]) -> tuple[str, ...]:
    models = (f"{zoo.spec(name).title}: {about.licence(name)}" for name in zoo.COMPARED if name in found)
    return ("Pictures: Kermany, Zhang and Goldbaum, Mendeley Data, CC BY 4.0", *models)


def _hashes() -> pd.DataFrame:
    """SHA-256 of every checkpoint file and table that is there."""
    files = [path for path in (*(zoo.spec(name).checkpoint for name in zoo.COMPARED), *TABLES) if path.is_file()]
    return pd.DataFrame(
        {"SHA-256 of the file": [counted.sha256(path) for path in files]},
        index=[str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name for path in files],
    )


def _words(text: str) -> tuple[Words, ...]:
    return (Words(text),) if text else ()
