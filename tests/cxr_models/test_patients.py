"""Patients from file names: known data sets are recognised, what is no patient is doubted, siblings stay together."""

import pytest

from cxr_models.errors import DatasetRefused
from cxr_models.patients import NONE, parse, patients, propose

IMG = [f"{folder}/IMG_{place:04d}.jpeg" for place in range(31) for folder in ("NORMAL", "PNEUMONIA")]
MODALITY = [f"NORMAL/{('CR', 'DX')[place % 2]}_N{place:03d}.jpeg" for place in range(24)]
CLASSES = [f"{word.upper()}/{word}_{place:03d}.jpeg" for place in range(12) for word in ("normal", "pneumonia")]
PHONE = [f"IMG-202103{place % 6 + 1:02d}-WA{place:04d}.jpg" for place in range(60)]


@pytest.mark.parametrize(
    ("names", "siblings", "number"),
    [
        (["N/person7_virus_3.jpeg", "P/person7_bacteria_4.jpeg", "N/NORMAL2-IM-0007-0001.jpeg", "N/IM-0007-0001.jpeg"],
         "person7", 3),
        (["N/patient00001/study1/view1_frontal.jpg", "P/patient00001/study2/view1_frontal.jpg",
          "P/patient00002/study1/view1_frontal.jpg"], "patient00001", 2),
        (["00000013_000.png", "00000013_012.png", "00000014_000.png"], "00000013", 2),
        (["files/p10/p10000032/s50414267/a.dcm", "files/p10/p10000032/s5/b.dcm", "files/p10/p10000764/s5/c.dcm"],
         "p10000032", 2),
        (["sub-S03_ses-E1_cr.png", "sub-S03_ses-E2_cr.png", "sub-S04_ses-E1_cr.png"], "sub-S03", 2),
        (["Kind 12 (1).png", "Kind 12 (2).png", "Kind 13 (1).png"], "Kind 12", 2),
    ],
    ids=["Kermany", "CheXpert", "NIH", "MIMIC", "BIDS", "words"],
)  # fmt: skip
def test_names_of_known_data_sets_are_used_without_asking(names, siblings, number):
    best = propose(names)[0]
    assert best.sure and not best.doubt and best.patients == number
    assert patients(names, best.rule)[:2] == [siblings, siblings]
    assert patients(names, parse(str(best.rule))) == patients(names, best.rule)


@pytest.mark.parametrize(
    ("names", "doubt"),
    [
        (IMG, "All images would be of one patient, “IMG”"),
        (MODALITY, "contains no number"),
        (CLASSES, "contains no number"),
        (PHONE, "“IMG”"),
        ([f"NORMAL/2021_{place:04d}.png" for place in range(40)], "one patient, “2021”"),
        ([f"scan1_{place}.png" if place % 2 else f"scan2_{place}.png" for place in range(40)], "20 of 40 images"),
        ([f"20210{place % 9 + 1}03_{place}.png" for place in range(60)], "looks like a date"),
    ],
    ids=["camera", "modality", "class", "phone", "year", "two groups", "dates"],
)
def test_what_is_no_patient_is_proposed_with_the_reason_to_doubt_it(names, doubt):
    first, *rest = propose(names)
    assert doubt in first.doubt and not any(proposal.sure for proposal in (first, *rest))
    assert rest[-1].rule == NONE and rest[-1].patients == len(names)


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["N/p001_a.png", "P/p001_b.png", "N/p002_a.png"], ["p001", "p001", "p002"]),
        (["p001a.png", "p001b.png", "p002a.png"], ["p001", "p001", "p002"]),
        (["2021-0045-1.png", "2021-0045-2.png", "2021-0046-1.png"], ["2021-0045", "2021-0045", "2021-0046"]),
        (["NORMAL/0045/1.dcm", "NORMAL/0045/2.dcm", "PNEUMONIA/0046/1.dcm"], ["0045", "0045", "0046"]),
    ],
    ids=["underscore", "letter", "hyphens", "folder"],
)
def test_other_names_are_grouped_but_asked_about(names, found):
    best = propose(names)[0]
    assert not best.sure and not best.doubt
    assert patients(names, best.rule) == found


def test_names_that_hold_no_patient_leave_each_image_a_patient_named_by_its_path():
    names = ["NORMAL/1.jpeg", "PNEUMONIA/1.jpeg", "PNEUMONIA/2.jpeg"]
    assert [proposal.rule for proposal in propose(names)] == [NONE]
    assert patients(names, NONE) == names


def test_a_folder_of_a_class_and_a_name_without_a_match_are_no_patients():
    names = ["set.zip/NORMAL/1.png", "set.zip/NORMAL/0045/1.png", "a.png"]
    assert patients(names, parse("folder:1")) == [names[0], "0045", names[2]]
    assert patients(names, parse(r"(\d{4})")) == [names[0], "0045", names[2]]


@pytest.mark.parametrize("text", ["(", "", "folder:0("])
def test_a_rule_that_is_none_is_refused(text):
    with pytest.raises(DatasetRefused, match="rule for patients"):
        parse(text)


def test_no_images_give_one_proposal_and_no_error():
    assert [proposal.rule for proposal in propose([])] == [NONE]
