"""DICOM files made for the tests."""

import io

import numpy as np
from pydicom import Dataset, FileMetaDataset, dcmwrite, uid

from cxr_models import imaging

ROWS, COLUMNS = 60, 80
# One grey level of 255.
LEVEL = 1 / 255


def made(samples: np.ndarray, **elements) -> Dataset:
    """A radiograph of a child's chest with these samples; every element can be overruled, None leaves it out."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    said = {
        "SOPClassUID": uid.ComputedRadiographyImageStorage,
        "SOPInstanceUID": "1.2.3",
        "Modality": "CR",
        "PatientAge": "004Y",
        "BodyPartExamined": "CHEST",
        "ViewPosition": "AP",
        "SamplesPerPixel": 3 if samples.ndim == 3 else 1,
        "PhotometricInterpretation": "RGB" if samples.ndim == 3 else "MONOCHROME2",
        "Rows": samples.shape[0],
        "Columns": samples.shape[1],
        "BitsAllocated": samples.dtype.itemsize * 8,
        "BitsStored": samples.dtype.itemsize * 8,
        "PixelRepresentation": int(samples.dtype.kind == "i"),
        "PixelData": samples.tobytes(),
    }
    if samples.ndim == 3:
        said["PlanarConfiguration"] = 0
    said |= elements
    said.setdefault("HighBit", (said["BitsStored"] or 1) - 1)
    for name, value in said.items():
        if value is not None:
            setattr(dataset, name, value)
    return dataset


def saved(dataset: Dataset, **options) -> bytes:
    buffer = io.BytesIO()
    dcmwrite(buffer, dataset, **{"enforce_file_format": True, **options})
    return buffer.getvalue()


def seen(dataset: Dataset) -> np.ndarray:
    return imaging.decode(saved(dataset)).grey


def notes(dataset: Dataset) -> tuple[str, ...]:
    return imaging.decode(saved(dataset)).notes


def expect(found: np.ndarray, grey: np.ndarray, tolerance: float = LEVEL / 2) -> None:
    assert np.abs(found - grey / 255).max() <= tolerance
