"""What a DICOM file says of its study, and what of it is refused before it is unpacked."""

import numpy as np
import pytest
from pydicom import Dataset, uid
from pydicom.encaps import encapsulate, get_frame
from pydicom.pixels import compress

from cxr_models import imaging
from cxr_models.errors import PictureRefused
from cxr_models.imaging import dicom, limits, study
from tests.cxr_models.dicom_files import COLUMNS, ROWS, expect, made, notes, saved

SAID = {
    "CT": ({"Modality": "CT"}, "its modality is CT (computed tomography)"),
    "three frames": ({"NumberOfFrames": 3}, "holds 3 pictures"),
    "no pixels": ({"PixelData": None}, "pixel data are missing"),
    "empty pixels": ({"PixelData": b""}, "pixel data are missing"),
    "no rows": ({"Rows": None}, "how high"),
    "no photometric": ({"PhotometricInterpretation": None}, "black or white"),
    "strange colours": ({"PhotometricInterpretation": "CMYK"}, "colours in a way"),
    "too few pixels": ({"Rows": 61}, "damaged"),
    "too large": ({"Rows": 30000, "Columns": 30000}, "too large"),
    "too small": ({"Rows": 8}, "too small"),
    "no bits": ({"BitsStored": None, "HighBit": None}, "how many bits of a value"),
    "no sign": ({"PixelRepresentation": None}, "have a sign"),
    "no samples": ({"SamplesPerPixel": None}, "how many values a pixel"),
    "bits that are none": ({"BitsAllocated": 13}, "damaged"),
    "zero bits": ({"BitsStored": 0, "HighBit": 0}, "how many bits"),
    "more bits than there is room for": ({"BitsStored": 12, "HighBit": 11}, "how many bits"),
    "grey said, three samples said": ({"SamplesPerPixel": 3}, "whether it is in colours"),
    "colours said, one sample said": ({"PhotometricInterpretation": "RGB"}, "whether it is in colours"),
    "a report": ({"Modality": "SR", "PixelData": None}, "its modality is SR (structured report)"),
    "CT by its class": ({"Modality": None, "SOPClassUID": uid.CTImageStorage}, "its modality is CT"),
    "MR by its class": ({"Modality": "CR", "SOPClassUID": uid.MRImageStorage}, "its modality is MR"),
    "colours called grey": ({"PixelData": bytes(3 * ROWS * COLUMNS)}, "another size"),
}


@pytest.mark.parametrize("case", SAID)
def test_what_cannot_be_read_rightly_is_refused(grey, case):
    elements, words = SAID[case]
    data = saved(made(grey.astype(np.uint8), **elements))
    with pytest.raises(PictureRefused) as refusal:
        imaging.decode(data)
    assert words in str(refusal.value)


ODD = {
    "modality": ({"Modality": "OT"}, study.OTHER_MODALITY),
    "hand": ({"BodyPartExamined": "HAND"}, study.OTHER_BODY_PART),
    "spine": ({"BodyPartExamined": "THORACIC SPINE"}, study.OTHER_BODY_PART),
    "chest and abdomen": ({"BodyPartExamined": "CHESTABDOMEN"}, study.OTHER_BODY_PART),
    "lateral": ({"ViewPosition": "LL"}, study.LATERAL),
    "lateral by orientation, frontal by view": ({"PatientOrientation": ["P", "F"]}, study.LATERAL),
    "lateral by orientation": ({"ViewPosition": None, "PatientOrientation": ["A", "F"]}, study.LATERAL),
    "oblique": ({"ViewPosition": "RAO"}, study.LATERAL),
    "two views": ({"ViewPosition": "AP LAT"}, study.LATERAL),
    "flat pixels": ({"PixelAspectRatio": [1, 2]}, study.STRETCHED),
    "high pixels": ({"PixelSpacing": [0.2, 0.1]}, study.STRETCHED),
    "flat pixels of the detector": ({"ImagerPixelSpacing": [0.1, 0.2]}, study.STRETCHED),
    "mirrored": ({"PatientOrientation": ["R", "F"]}, study.TURNED),
    "upside down": ({"PatientOrientation": ["R", "H"]}, study.TURNED),
    "adult": ({"PatientAge": "067Y"}, study.AGE.format(age="67 years old")),
    "six": ({"PatientAge": "006Y"}, study.AGE.format(age="6 years old")),
    "under one year": ({"PatientAge": "000Y"}, study.AGE.format(age="less than a year old")),
    "baby": ({"PatientAge": "011M"}, study.AGE.format(age="11 months old")),
    "new-born": ({"PatientAge": "003D"}, study.AGE.format(age="less than a month old")),
    "burned in": ({"BurnedInAnnotation": "YES"}, study.BURNED_IN),
    "for processing": ({"PresentationIntentType": "FOR PROCESSING"}, study.RAW),
    "for processing by class": ({"SOPClassUID": study.FOR_PROCESSING}, study.RAW),
}


@pytest.mark.parametrize("case", ODD)
def test_what_the_file_says_of_the_study_is_told(grey, case):
    elements, sentence = ODD[case]
    assert notes(made(grey.astype(np.uint8), **elements)) == (sentence,)


USUAL = [
    {}, {"Modality": "DX", "ViewPosition": "PA", "PatientOrientation": ["L", "F"]}, {"BodyPartExamined": "THORAX"},
    {"BodyPartExamined": None, "ViewPosition": None, "PatientAge": None, "Modality": None}, {"PatientAge": "005Y"},
    {"PatientAge": "012M"}, {"PatientAge": "unknown"}, {"BurnedInAnnotation": "NO"}, {"ViewPosition": "PA ERECT"},
    {"PixelAspectRatio": [1, 1], "PixelSpacing": [0.139, 0.1390001]}, {"PixelSpacing": [0, 0.1]}, {"PixelSpacing": 0.1},
    {"PatientOrientation": ["X", "Y"]},
]  # fmt: skip


@pytest.mark.parametrize("elements", USUAL, ids=str)
def test_a_usual_file_is_told_nothing_of(grey, elements):
    assert notes(made(grey.astype(np.uint8), **elements)) == ()


def test_a_chest_with_an_accent_is_a_chest(grey):
    region = Dataset()
    region.CodeMeaning = "Tórax"
    assert notes(made(grey.astype(np.uint8), BodyPartExamined=None, AnatomicRegionSequence=[region])) == ()


def test_facts_are_words_of_ours(grey):
    picture = imaging.decode(saved(made(grey.astype(np.uint8), BodyPartExamined="DOE JANE", ViewPosition="DOE JANE")))
    assert picture.facts == ("DICOM, computed radiography", "view not said", "4 years old")
    assert "DOE" not in " ".join(picture.notes)


@pytest.mark.parametrize("view", ["PA ERECT", "ERECT PA"])
def test_a_view_with_a_word_more_is_that_view(grey, view):
    assert imaging.decode(saved(made(grey.astype(np.uint8), ViewPosition=view))).facts[1] == "PA view"


def test_a_deflated_bomb_is_refused_before_it_is_inflated(grey, monkeypatch):
    monkeypatch.setattr(limits, "MAX_BYTES", 50_000)
    dataset = made(grey.astype(np.uint8), PixelData=bytes(200_000))
    dataset.file_meta.TransferSyntaxUID = uid.DeflatedExplicitVRLittleEndian
    data = saved(dataset)
    assert len(data) < 50_000
    with pytest.raises(PictureRefused, match="too large"):
        imaging.decode(data)


def test_a_deflated_file_without_its_end_is_refused(grey):
    dataset = made(np.random.default_rng(0).integers(0, 255, (ROWS, COLUMNS)).astype(np.uint8))
    dataset.file_meta.TransferSyntaxUID = uid.DeflatedExplicitVRLittleEndian
    with pytest.raises(PictureRefused, match="damaged"):
        imaging.decode(saved(dataset)[:-200])


@pytest.mark.parametrize("stored", [8, 10])
@pytest.mark.parametrize("packed", [False, True])
def test_fewer_bits_than_the_picture_has_are_refused(grey, stored, packed):
    dataset = made((grey * 4095 // 255).astype(np.uint16), BitsStored=12)
    if packed:
        compress(dataset, uid.RLELossless, generate_instance_uid=False)
    dataset.BitsStored, dataset.HighBit = stored, stored - 1
    with pytest.raises(PictureRefused, match="how many bits"):
        imaging.decode(saved(dataset))


def test_an_overlay_in_the_unused_bits_is_cleared_away(grey):
    stored = (grey * 4095 // 255).astype(np.uint16)
    stored[20:40, 30:60] |= 0x1000
    expect(imaging.decode(saved(made(stored, BitsStored=12))).grey, grey)


@pytest.mark.parametrize("syntax", [uid.JPEGLSLossless, uid.JPEG2000Lossless], ids=lambda it: it.name)
def test_a_codestream_of_more_bits_than_there_is_room_for_is_refused(grey, syntax):
    dataset = made((grey * 4095 // 255).astype(np.uint16), BitsStored=12)
    compress(dataset, syntax, generate_instance_uid=False)
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit = 7
    with pytest.raises(PictureRefused, match="how many bits"):
        imaging.decode(saved(dataset))


def test_a_frame_of_another_compression_than_said_is_refused(grey):
    dataset = made((grey * 4095 // 255).astype(np.uint16), BitsStored=12)
    compress(dataset, uid.JPEG2000Lossless, generate_instance_uid=False)
    dataset.file_meta.TransferSyntaxUID = uid.JPEGBaseline8Bit
    with pytest.raises(PictureRefused, match="how its picture is compressed"):
        imaging.decode(saved(dataset))


def test_a_file_cut_in_a_compressed_picture_is_called_damaged(grey):
    dataset = made(grey.astype(np.uint8))
    compress(dataset, uid.JPEGLSLossless, generate_instance_uid=False)
    whole = saved(dataset)
    with pytest.raises(PictureRefused, match="its end is missing"):
        imaging.decode(whole[:-200])


@pytest.mark.parametrize("syntax", [uid.JPEGLSLossless, uid.JPEGLSNearLossless], ids=lambda it: it.name)
def test_a_frame_without_its_end_is_not_unpacked(grey, syntax, monkeypatch):
    """The decoder would take seconds for each tenth of a million pixels."""
    dataset = made(grey.astype(np.uint8))
    compress(dataset, syntax, generate_instance_uid=False)
    frame = get_frame(dataset.PixelData, 0, number_of_frames=1)
    dataset.PixelData = encapsulate([frame[: len(frame) // 2]])
    dataset["PixelData"].is_undefined_length = True
    monkeypatch.setattr(dicom, "get_decoder", lambda syntax: Never())
    with pytest.raises(PictureRefused, match="the end of its picture is missing"):
        imaging.decode(saved(dataset))


class Never:
    def as_array(self, *_, **__):
        raise AssertionError("It was unpacked.")


@pytest.mark.parametrize("syntax", [uid.JPEGLSLossless, uid.JPEG2000Lossless], ids=lambda it: it.name)
def test_a_codestream_of_another_size_than_the_header_is_not_unpacked(grey, syntax, monkeypatch):
    dataset = made(np.tile(grey, (2, 2)).astype(np.uint8))
    compress(dataset, syntax, generate_instance_uid=False)
    dataset.Rows, dataset.Columns = ROWS, COLUMNS
    monkeypatch.setattr(dicom, "get_decoder", lambda syntax: Never())
    with pytest.raises(PictureRefused, match="another size"):
        imaging.decode(saved(dataset))


def test_runs_that_are_too_long_are_not_unpacked(grey):
    dataset = made(grey.astype(np.uint8))
    dataset.file_meta.TransferSyntaxUID = uid.RLELossless
    header = np.array([1, 64, *[0] * 14], "<u4").tobytes()
    dataset.PixelData = encapsulate([header + b"\x81\x00" * 50_000])
    dataset["PixelData"].is_undefined_length = True
    with pytest.raises(PictureRefused, match="another size"):
        imaging.decode(saved(dataset))


def test_a_header_without_end_is_refused(grey, monkeypatch):
    monkeypatch.setattr(dicom, "MAX_ELEMENTS", 10)
    with pytest.raises(PictureRefused, match="entries"):
        imaging.decode(saved(made(grey.astype(np.uint8))))


@pytest.mark.parametrize(
    "syntax", [uid.JPEGBaseline8Bit, uid.JPEGLossless, uid.JPEGLosslessSV1, uid.HTJ2K, uid.MPEG2MPML]
)
def test_rubbish_for_a_frame_is_refused(grey, syntax):
    dataset = made(grey.astype(np.uint8))
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.PixelData = encapsulate([bytes(range(256)) * 4])
    dataset["PixelData"].is_undefined_length = True
    with pytest.raises(PictureRefused):
        imaging.decode(saved(dataset))
