"""What several tests of DICOM files need."""

import numpy as np
import pytest

from tests.cxr_models.dicom_files import COLUMNS, ROWS


@pytest.fixture(scope="module")
def grey() -> np.ndarray:
    """Levels 0 to 255, unlike itself turned or mirrored."""
    y, x = np.mgrid[0:ROWS, 0:COLUMNS]
    levels = (2 * x + y + 40 * (x > 50)).astype(np.float64)
    return ((levels - levels.min()) / np.ptp(levels) * 255).round().astype(np.int64)
