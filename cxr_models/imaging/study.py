"""What a DICOM file says of the study: what is refused, what is worth a warning, what is told. Values out of the file
are never quoted: people write names into the oddest places, so every word shown is one of these tables'."""

import re
import unicodedata

from pydicom import Dataset, uid

from cxr_models.errors import NotAnXray

RADIOGRAPHS = {
    "CR": "computed radiography",
    "DX": "digital radiography",
    "RG": "radiographic film",
    "XR": "radiography",
}
OTHER_MODALITIES = {
    "MR": "magnetic resonance",
    "CT": "computed tomography",
    "US": "ultrasound",
    "NM": "nuclear medicine",
    "PT": "positron emission tomography",
    "MG": "mammography",
    "XA": "angiography",
    "RF": "fluoroscopy",
    "ES": "endoscopy",
    "OP": "eye photography",
    "OPT": "eye tomography",
    "XC": "photography",
    "GM": "microscopy",
    "SM": "slide microscopy",
    "ECG": "electrocardiography",
    "BMD": "bone densitometry",
    "IO": "dental radiography",
    "PX": "dental panorama",
    "SEG": "segmentation",
    "RTDOSE": "radiotherapy dose",
    "RTIMAGE": "radiotherapy image",
    "RTPLAN": "radiotherapy plan",
    "RTSTRUCT": "radiotherapy structures",
    "IVUS": "ultrasound inside a vessel",
    "OCT": "optical tomography",
    "SR": "structured report",
    "PR": "presentation of another picture",
    "KO": "selection of other pictures",
    "DOC": "document",
    "AU": "sound",
    "REG": "registration",
}
# A file that does not say its modality, or another one, says by its class what it is.
OTHER_CLASSES = {
    uid.CTImageStorage: "CT",
    uid.EnhancedCTImageStorage: "CT",
    uid.MRImageStorage: "MR",
    uid.EnhancedMRImageStorage: "MR",
    uid.UltrasoundImageStorage: "US",
    uid.UltrasoundMultiFrameImageStorage: "US",
    uid.NuclearMedicineImageStorage: "NM",
    uid.PositronEmissionTomographyImageStorage: "PT",
    uid.DigitalMammographyXRayImageStorageForPresentation: "MG",
    uid.XRayAngiographicImageStorage: "XA",
    uid.XRayRadiofluoroscopicImageStorage: "RF",
    uid.DigitalIntraOralXRayImageStorageForPresentation: "IO",
    uid.VLEndoscopicImageStorage: "ES",
    uid.VLPhotographicImageStorage: "XC",
}
CHEST_WORDS = ("CHEST", "THORA", "TORAX", "LUNG", "PULM", "RIB")
MORE_THAN_CHEST = ("SPINE", "ABD", "PELVIS", "NECK", "HEAD")
FRONTAL = {"PA": "PA view", "AP": "AP view"}
NOT_FRONTAL = ("LL", "RL", "LAT", "OBL", "LLD", "RLD", "LLO", "RLO", "LAO", "RAO", "LPO", "RPO")
FOR_PROCESSING = "1.2.840.10008.5.1.4.1.1.1.1.1"  # Digital X-Ray Image Storage - For Processing
YEARS = (1, 6)  # from the first birthday to the day before the sixth
AGE_STRING = re.compile(r"(\d{1,3})([YMWD])")
SQUARE = 0.01  # as much as a pixel's width and height may differ
PER_YEAR = {"Y": 1, "M": 12, "W": 52.18, "D": 365.25}

OTHER_MODALITY = "The file does not say that it is a radiograph; the models saw radiographs of the chest only."
OTHER_BODY_PART = (
    "The file says that another or a larger part of the body than the chest was taken; the models saw chests only."
)
LATERAL = "The file says that this is not a frontal view; the models saw frontal views only."
TURNED = "The file says that the picture lies turned or mirrored; the models saw upright pictures only."
AGE = "The file says that the patient is {age}; the models learned from children of one to five years."
BURNED_IN = "The file says that text is burned into the picture; it can sway the models, and it may name the patient."
STRETCHED = (
    "The file says that its pixels are not square, so the chest on screen is wider or narrower than it was. "
    "The models see no difference."
)
RAW = "The file holds raw detector data, not meant to be looked at; dark and light may be swapped."

# The only elements that are read for this; none of them names a person, a place or a day.
KEYWORDS = (
    "SOPClassUID",
    "Modality",
    "BodyPartExamined",
    "AnatomicRegionSequence",
    "ViewPosition",
    "ViewCodeSequence",
    "PatientOrientation",
    "PatientAge",
    "BurnedInAnnotation",
    "PresentationIntentType",
    "PixelAspectRatio",
    "PixelSpacing",
    "ImagerPixelSpacing",
)


def check(dataset: Dataset) -> None:
    """Raise NotAnXray for a modality of `OTHER_MODALITIES`, said as such or by the class of the file, and for the list
    of a CD."""
    if _text(dataset, "SOPClassUID") == uid.MediaStorageDirectoryStorage:
        raise NotAnXray("This is the list of a CD (DICOMDIR), not an X-ray. The X-rays are in the files beside it.")
    for code in (_text(dataset, "Modality"), OTHER_CLASSES.get(_text(dataset, "SOPClassUID"), "")):
        if words := OTHER_MODALITIES.get(code):
            raise NotAnXray(
                f"This is no chest radiograph: its modality is {code} ({words}). A frontal chest X-ray is needed."
            )


def notes(dataset: Dataset) -> tuple[str, ...]:
    """Sentences on what should make a reader careful; empty when the file says nothing odd."""
    modality, age = _text(dataset, "Modality"), age_years(dataset)
    found = {
        OTHER_MODALITY: bool(modality) and modality not in RADIOGRAPHS,
        OTHER_BODY_PART: _other_body_part(dataset),
        LATERAL: _not_frontal(dataset),
        TURNED: _turned(dataset),
        AGE.format(age=_age_words(dataset)): age is not None and not YEARS[0] <= age < YEARS[1],
        BURNED_IN: _text(dataset, "BurnedInAnnotation") in ("YES", "Y"),
        STRETCHED: not _square(dataset),
        RAW: _text(dataset, "PresentationIntentType") == "FOR PROCESSING"
        or _text(dataset, "SOPClassUID") == FOR_PROCESSING,
    }
    return tuple(sentence for sentence, said in found.items() if said)


def facts(dataset: Dataset) -> tuple[str, ...]:
    """A few words each: kind of picture, view, age; what the file does not say is left out."""
    return (
        f"DICOM, {RADIOGRAPHS.get(_text(dataset, 'Modality'), 'kind of picture not said')}",
        "not frontal" if _not_frontal(dataset) else _frontal(dataset) or "view not said",
        _age_words(dataset) or "age not said",
    )


def age_years(dataset: Dataset) -> float | None:
    """The patient's age as the file says it, in years; None when it does not, or not as the standard writes it."""
    match = AGE_STRING.fullmatch(_text(dataset, "PatientAge"))
    return int(match[1]) / PER_YEAR[match[2]] if match else None


def _age_words(dataset: Dataset) -> str:
    """In the unit that the file uses; '' where it says no age."""
    match = AGE_STRING.fullmatch(_text(dataset, "PatientAge"))
    if not match:
        return ""
    age = age_years(dataset)
    if match[2] == "Y" and age < 2:
        return "1 year old" if age else "less than a year old"
    if age >= 2:
        return f"{int(age)} years old"
    months = int(age * 12 + 0.01)
    return f"{months} month{'s' * (months != 1)} old" if months else "less than a month old"


def _other_body_part(dataset: Dataset) -> bool:
    said = _text(dataset, "BodyPartExamined") or _meaning(dataset, "AnatomicRegionSequence")
    chest, more = (any(word in said for word in words) for words in (CHEST_WORDS, MORE_THAN_CHEST))
    return bool(said) and (more or not chest)


def _not_frontal(dataset: Dataset) -> bool:
    if _orientation(dataset)[0][:1] in ("A", "P"):  # the patient's front or back is at the right
        return True
    meaning = _meaning(dataset, "ViewCodeSequence")
    return not _frontal(dataset) and (
        any(word.startswith(NOT_FRONTAL) for word in _view(dataset))
        or meaning.startswith(("LAT", "LEFT LAT", "RIGHT LAT"))
        or "OBLIQ" in meaning
    )


def _frontal(dataset: Dataset) -> str:
    """The frontal view that the file says, 'PA ERECT' as well as 'PA'; '' for another one or none."""
    view = _view(dataset)
    if any(word.startswith(NOT_FRONTAL) for word in view):
        return ""
    return next((FRONTAL[word] for word in view if word in FRONTAL), "")


def _view(dataset: Dataset) -> list[str]:
    return _text(dataset, "ViewPosition").split()


def _square(dataset: Dataset) -> bool:
    """Whether pixels are as high as they are wide, by the first element that tells."""
    for name in ("PixelAspectRatio", "PixelSpacing", "ImagerPixelSpacing"):
        try:
            high, wide = (float(it) for it in dataset.get(name) or ())
        except (TypeError, ValueError):
            continue
        if high > 0 and wide > 0:
            return abs(high / wide - 1) <= SQUARE
    return True


def _turned(dataset: Dataset) -> bool:
    """A frontal picture has the patient's left on its right and the feet below."""
    row, column = _orientation(dataset)
    return bool(row and column) and not _not_frontal(dataset) and (row[0], column[0]) != ("L", "F")


def _orientation(dataset: Dataset) -> tuple[str, str]:
    said = [str(part).strip().upper() for part in dataset.get("PatientOrientation") or ()]
    known = len(said) == 2 and all(part and set(part) <= set("LRAPHF") for part in said)
    return (said[0], said[1]) if known else ("", "")


def _meaning(dataset: Dataset, name: str) -> str:
    items = dataset.get(name)
    return _plain(items[0].get("CodeMeaning", "")) if items else ""


def _text(dataset: Dataset, name: str) -> str:
    found = dataset.get(name)
    return "" if found is None else _plain(found)


def _plain(said: object) -> str:
    """In capitals, without accents: Tórax is TORAX."""
    letters = unicodedata.normalize("NFKD", str(said).strip().upper())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
