"""The pages of the rule packs are what the packs say, and each warns that it is no legal advice."""

import re

import make_rules_pages
from confrere.core.rules import shipped_packs


def test_the_pages_of_the_packs_are_what_their_generator_writes() -> None:
    pages = make_rules_pages.rendered()
    assert {one.name for one in make_rules_pages.FOLDER.glob("*.md")} == set(pages)
    for name, text in pages.items():
        assert (make_rules_pages.FOLDER / name).read_text("utf-8") == text, name


def test_each_page_warns_and_shows_each_rule_with_source_and_standing() -> None:
    pages = make_rules_pages.rendered()
    for pack in shipped_packs():
        page = pages[f"{pack.id}.md"]
        assert re.search(r"\*\*Not legal advice, checked on 20\d\d-\d\d-\d\d\.\*\*", page)
        assert "- Stands: " in page
        for rule in pack.rules:
            part = page.split(f"\n## {rule.id.partition('/')[2]}\n")[1].split("\n## ")[0]
            assert rule.says in part
            assert "- Source: " in part
            assert ("unverified reading" in part.split("| says")[0]) is (rule.evidence in "GI")


def test_a_page_that_belongs_to_no_pack_is_told(tmp_path, monkeypatch) -> None:
    """The seeded failure of the check."""
    monkeypatch.setattr(make_rules_pages, "FOLDER", tmp_path)
    monkeypatch.setattr("sys.argv", ["make_rules_pages.py"])
    assert make_rules_pages.main() == 0
    monkeypatch.setattr("sys.argv", ["make_rules_pages.py", "--check"])
    assert make_rules_pages.main() == 0
    (tmp_path / "lost.md").write_text("of nobody")
    assert make_rules_pages.main() == 1
    (tmp_path / "lost.md").unlink()
    (tmp_path / "dpdp.md").write_text("altered")
    assert make_rules_pages.main() == 1
