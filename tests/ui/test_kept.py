"""What the server keeps: bounded, and what comes from an upload for its own visitor only."""

import ast
import tracemalloc

import pytest

from cxr_models import archive, batch
from cxr_models.paths import ROOT
from tests.cxr_models.test_archive import packed

# Parameters that hold something of an upload.
OF_AN_UPLOAD = {"data", "_data", "sha256", "_picture", "_reading", "_it"}
KEPT_AT_MOST = 2000
A_ROW = 30_000  # bytes: a thumbnail, a name, three logits


def cached_functions() -> list:
    found = []
    for path in sorted((*ROOT.glob("ui/*.py"), *ROOT.glob("pages/*.py"), *ROOT.glob("charts/*.py"))):
        for function in ast.walk(ast.parse(path.read_text())):
            for decorator in getattr(function, "decorator_list", []):
                if "st.cache_" in ast.unparse(decorator):
                    options = {it.arg: it.value.value for it in getattr(decorator, "keywords", [])}
                    named = {it.arg for it in function.args.args}
                    found.append(pytest.param(named, options, id=f"{path.stem}.{function.name}"))
    return found


@pytest.mark.parametrize(("named", "options"), cached_functions())
def test_every_cache_has_an_end_and_what_is_of_an_upload_is_its_own_visitor_s(named, options):
    assert options["max_entries"] <= KEPT_AT_MOST
    assert (options.get("scope") == "session") == bool(named & OF_AN_UPLOAD)


def test_a_batch_keeps_a_small_row_of_each_picture_and_nothing_else(samples):
    """Python's own memory while the files of an archive are read, the largest of them often."""
    data = max(samples.values(), key=len)
    sources = archive.sources([("k", "many.zip", lambda: packed({f"{number}.jpeg": data for number in range(9)}))])
    rows = [batch.read(number, source) for number, source in enumerate(sources[:2])]  # what is loaded once is loaded
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        rows += [batch.read(number, source) for number, source in enumerate(sources[2:])]
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(rows) == len(sources) == 9 and all(len(row.thumbnail) < A_ROW for row in rows)
    assert after - before < A_ROW * (len(rows) - 2) < len(data)
