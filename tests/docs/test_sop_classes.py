"""The page of SOP classes is what the table of families prints."""

import make_sop_classes_page
from confrere.core.dicom.families import FAMILIES


def test_the_page_in_docs_is_what_the_table_prints() -> None:
    assert make_sop_classes_page.TARGET.read_text(encoding="utf-8") == make_sop_classes_page.page()


def test_every_class_of_the_table_is_on_the_page() -> None:
    page = make_sop_classes_page.page()
    assert [uid for uid in FAMILIES if f"| {uid} |" not in page] == []
