"""What names of columns and answers in them usually mean, in common data sets and the main European languages.

>>> words("PatientID"), words("Patient No."), words("y_true2")
(('patient', 'id'), ('patient', 'no'), ('y', 'true', '2'))
>>> patient_rank("subject_id"), patient_rank("Patient Age"), patient_rank("score")
(1, 0, 0)
>>> meaning("Viral Pneumonia"), meaning("No Finding"), meaning("Infiltration|Pneumonia"), meaning("Effusion")
('pneumonia', 'none', 'pneumonia', '')
"""

import re
import unicodedata

PNEUMONIA, NONE = "pneumonia", "none"

_PATIENT = frozenset(
    "patient patients patientid patientin paciente pacientes paziente pazienti pacient pacjent pasient potilas "
    "subject subjectid participant participantid person personid child kind enfant nino mrn pid ptid nhs "
    "nhsnumber proband probandid".split()
)
_STUDY = frozenset("study studyid case caseid fall fallnummer fallnr accession accessionnumber encounter visit".split())
_CLINICAL = frozenset(
    "age alter edad eta idade leeftijd alder wiek jahre years sex gender geschlecht sexe sexo sesso geslacht "
    "weight gewicht poids peso height groesse taille size width bmi birth dob geburtsdatum geburt naissance "
    "nacimiento nascita position orientation view followup follow spacing pixel name vorname nachname comment "
    "kommentar".split()
)
_TIME = frozenset(
    "date datum fecha time zeit timestamp day month year jahr monat tag heure hora uhrzeit acquired".split()
)
_AGE = frozenset("age alter edad eta idade leeftijd alder wiek".split())
_BOOKKEEPING = frozenset(
    "threshold cutoff fold seed split number nr no row rowid index idx zeile ligne fila riga width height spacing "
    "followup follow sha256 md5 positive filesize".split()
)
_TRUTH = frozenset(
    "label labels truth target class klasse classe clase category gt groundtruth finding findings befund befunde "
    "hallazgo reperto diagnosis diagnose diagnostic diagnostico diagnosi diagnostik disease outcome reference "
    "referenz etiqueta etiquette wahrheit verite verita verdad gold goldstandard consensus ytrue".split()
)
_DISEASE = frozenset("pneumonia pneumonie neumonia polmonite lungenentzuendung longontsteking pneumopathie".split())
_SCORE = frozenset(
    "score scores prob proba probs probability probabilities logit logits pred preds predicted prediction predictions "
    "output confidence risk risiko risque riesgo rischio wahrscheinlichkeit probabilite probabilidad probabilita "
    "punteggio puntuacion punktzahl sigmoid softmax ypred yprob yscore yhat phat".split()
)
_FILE = frozenset(
    "file filename image images imageid imagename path pfad datei bild dateiname fichier archivo img".split()
)

_ILL = frozenset(
    "1 pneumonia pneumonie pneumonias neumonia polmonite lungenentzuendung longontsteking pneumopathie true yes y "
    "positive positiv positivo positif pos bacteria bacterial virus viral ja oui si sim vrai wahr verdadero vero "
    "bronchopneumonia present".split()
)
_WELL = frozenset(
    "0 normal normale normales false no n negative negativ negativo negatif neg healthy gesund sano sana sain "
    "sane none clear nein non nao nee faux falsch falso unauffaellig absent".split()
)
_NEGATED = frozenset("no non not without kein keine ohne sans sin senza pas sem geen".split())
_OF_NOTHING = _DISEASE | frozenset("finding findings befund hallazgos reperto disease anomaly abnormality".split())


def words(name: str) -> tuple[str, ...]:
    """A name in lower-case words without accents: at spaces, signs, humps and before digits."""
    plain = name.replace("ß", "ss")
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "Ae"), ("Ö", "Oe"), ("Ü", "Ue")):
        plain = unicodedata.normalize("NFC", plain).replace(umlaut, letters)
    plain = "".join(sign for sign in unicodedata.normalize("NFD", plain) if not unicodedata.combining(sign))
    humps = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", plain)
    return tuple(re.findall(r"[a-z]+|\d+", humps.lower()))


def _has(name: str, known: frozenset[str]) -> bool:
    """A word of the name, or two that follow each other, is known."""
    parts = words(name)
    return bool(known.intersection((*parts, *map("".join, zip(parts, parts[1:], strict=False)))))


def patient_rank(name: str) -> int:
    """1: names a patient; 2: may, as a study or a case; 3: may, as an identifier; 0: does not."""
    if _has(name, _CLINICAL | _TIME):
        return 0
    if _has(name, _PATIENT):
        return 1
    if _has(name, _STUDY):
        return 2
    return 3 if set(words(name)) & {"id", "ids", "code", "pseudonym", "identifier", "kennung"} else 0


def truth_rank(name: str) -> int:
    """1: names the truth; 2: names pneumonia, which may be the truth or a score; 0: does not."""
    if _has(name, _SCORE) and not _has(name, frozenset({"ytrue"})):
        return 0
    if _has(name, _TRUTH) or words(name) in (("y",), ("dx",)):
        return 1
    return 2 if _has(name, _DISEASE) else 0


def is_score(name: str) -> bool:
    return _has(name, _SCORE)


def is_age(name: str) -> bool:
    return _has(name, _AGE)


def is_time(name: str) -> bool:
    return _has(name, _TIME)


def is_bookkeeping(name: str) -> bool:
    """A fold, a threshold, a row number, the sex, the weight: never a score."""
    return not _has(name, _SCORE) and _has(name, _BOOKKEEPING | _CLINICAL - _AGE)


def is_file(name: str) -> bool:
    return _has(name, _FILE)


def meaning(value: str) -> str:
    """`PNEUMONIA` or `NONE` where the answer plainly says so, '' elsewhere. Of findings joined by a bar, a comma, a
    semicolon or a slash, one pneumonia is enough."""
    parts = [words(part) for part in re.split(r"[|,;/]", value) if words(part)]
    if any(_is_ill(part) for part in parts):
        return PNEUMONIA
    return NONE if parts and all(_is_well(part) for part in parts) else ""


def _is_ill(part: tuple[str, ...]) -> bool:
    return set(part) <= _ILL


def _is_well(part: tuple[str, ...]) -> bool:
    return set(part) <= _WELL or (part[0] in _NEGATED and set(part[1:]) <= _OF_NOTHING)
