"""What the tests of the page Read an X-ray do with it."""


def text(page) -> str:
    return "\n".join(element.value for element in (*page.markdown, *page.caption))


def upload(page, *files):
    page.file_uploader(key="files").set_value([(*file, "image/jpeg") for file in files]).run()
    assert not page.exception
    return page
