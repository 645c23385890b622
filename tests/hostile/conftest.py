import tarfile
from pathlib import Path

import pytest

from tests.hostile.cases import ARCHIVE


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of hostile inputs, unpacked."""
    folder = tmp_path_factory.mktemp("hostile")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    return folder
