"""What 500 pictures cost the server, and another visitor: benchmarks/many_pictures.csv.

    python -m benchmarks.many_pictures

The real app in a real browser. One visitor uploads a zip; the server's memory is looked at as the files are read. A
second visitor opens a sample, over and over: before, meanwhile and afterwards. How many times as long it takes
meanwhile holds where the seconds do not. Whoever has not read everything after `LONGEST` seconds gets the table of what
was read until then. Linux only; needs what the browser tests need.
"""

import argparse
import io
import math
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import pandas as pd
from PIL import Image
from playwright.sync_api import Browser, Page

from benchmarks.reading import processor
from cxr_models import zoo
from cxr_models.paths import ROOT, SAMPLES
from tests.browser.app_server import Server, browser, serving

TABLE = ROOT / "benchmarks" / "many_pictures.csv"
FILES = 500
LOOKED_AT = (50, 150, 300)  # files, and all of them
READINGS = 3  # of the second visitor: before the first one comes, between two looks at most, and after
LOOK_MS = 1000
LONGEST = 400
PATIENCE = 600_000
DONE = re.compile(r"(\d+) of \d+ files done")
MEGABYTE = 1_000_000
QUALITY = 93  # files of about the samples' size


def pack(count: int) -> bytes:
    """A zip of that many pictures, each another one: the samples at their full size, each copy a little darker."""
    pictures = [np.asarray(Image.open(path).convert("L")) for path in sorted(SAMPLES.glob("*.jpeg"))]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(count):
            copy = (pictures[number % len(pictures)] * (1 - number / (4 * count))).astype(np.uint8)
            buffer = io.BytesIO()
            Image.fromarray(copy).save(buffer, "JPEG", quality=QUALITY)
            archive.writestr(f"{number:03}.jpeg", buffer.getvalue())
    return packed.getvalue()


def peak(process: int) -> float:
    """The most memory that a process has held so far, in MB, as Linux counts it."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) * 1024 / MEGABYTE


@contextmanager
def visitor(opened: Browser, address: str) -> Iterator[Page]:
    """A visitor who has been to the app never before."""
    context = opened.new_context()
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(address)
    page.get_by_text("Or look at a sample").wait_for()
    try:
        yield page
    finally:
        context.close()


def seconds_of_a_reading(opened: Browser, address: str) -> float:
    """From a new visitor's click on a sample to the verdicts of all models."""
    with visitor(opened, address) as page:
        started = perf_counter()
        page.get_by_role("button", name="No. 1", exact=True).click()
        page.locator("figure").nth(len(zoo.COMPARED) - 1).wait_for()
        return perf_counter() - started


def measure(count: int, looked_at: Sequence[int]) -> pd.DataFrame:
    """A row for 0 `pictures`, before the upload, and for each of `looked_at`: the server's peak memory so far in MB;
    seconds since the upload; the median seconds of the second visitor's readings since the row before; how many times
    as long as alone that is. pictures: how many were done, fewer than looked for where `LONGEST` was over.
    """
    data = pack(count)
    print(f"{count} pictures, {len(data) / MEGABYTE:.0f} MB; the app is being started.", flush=True)
    rows = []
    with tempfile.NamedTemporaryFile(suffix=".zip") as packed, serving() as server, browser() as opened:
        packed.write(data)
        packed.flush()
        seconds_of_a_reading(opened, server.address)  # the networks are loaded
        alone = [seconds_of_a_reading(opened, server.address) for _ in range(READINGS)]
        rows.append({"pictures": 0, "peak_mb": peak(server.process)})
        with visitor(opened, server.address) as page:
            page.locator("input[type=file]").set_input_files(packed.name)
            started = perf_counter()
            for wanted in looked_at:
                rows.append(until(wanted, page, opened, server, started=started))
                print(f"{rows[-1]['pictures']} of {count} done, {rows[-1]['peak_mb']:.0f} MB at most.", flush=True)
                if rows[-1]["pictures"] < wanted:
                    break
        if rows[-1]["pictures"] == count:  # else the server may still be reading
            alone += [seconds_of_a_reading(opened, server.address) for _ in range(READINGS)]
    rows[0] |= {"readings": len(alone), "reading_seconds": median(alone)}
    table = pd.DataFrame(rows)
    table["times_alone"] = table["reading_seconds"] / median(alone)
    return table.assign(upload_mb=len(data) / MEGABYTE, processor=processor(), date=date.today().isoformat())


def until(wanted: int, page: Page, opened: Browser, server: Server, *, started: float) -> dict[str, float]:
    """Wait until that many files are done or `LONGEST` is over, while a second visitor reads; a row of the table."""
    meanwhile = []
    while (done := files_done(page)) < wanted and perf_counter() - started < LONGEST:
        if len(meanwhile) < READINGS:
            meanwhile.append(seconds_of_a_reading(opened, server.address))
            print(f"{done} done; a second visitor waited {meanwhile[-1]:.1f} s.", flush=True)
        page.wait_for_timeout(LOOK_MS)
    return {
        "pictures": done,
        "peak_mb": peak(server.process),
        "seconds": perf_counter() - started,
        "readings": len(meanwhile),
        "reading_seconds": median(meanwhile or [math.nan]),
    }


def files_done(page: Page) -> int:
    """How many files the visitor's page says are done."""
    told = page.get_by_text(DONE)
    told.wait_for()
    return int(DONE.search(told.inner_text())[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=FILES)
    parser.add_argument("--results", type=Path, default=TABLE)
    args = parser.parse_args()
    looked_at = [*(it for it in LOOKED_AT if it < args.files), args.files]
    table = measure(args.files, looked_at)
    print(table.to_string())
    table.to_csv(args.results, index=False, float_format="%.4g")


if __name__ == "__main__":
    main()
