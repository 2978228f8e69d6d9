"""The lists of words are what their makers write, and the made posts are told by their own spans."""

import sys

import pytest

import make_name_shapes
import make_ordinary_words
from made_posts import SCRIPTS, made


def test_the_table_of_shapes_is_what_its_maker_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["make_name_shapes.py", "--check"])
    assert make_name_shapes.main() == 0


def test_ordinary_words_are_small_and_sorted() -> None:
    lines = make_ordinary_words.TARGET.read_text("utf-8").splitlines()
    assert lines[0] + "\n" == make_ordinary_words.HEAD
    assert lines[1:] == sorted(set(lines[1:])) and all(line.islower() for line in lines[1:])


def test_only_words_in_small_letters_are_taken_from_a_dictionary(tmp_path) -> None:
    for name in make_ordinary_words.DICTIONARIES:
        (tmp_path / name).write_text("liver\nRamesh\nit's\n")
    assert make_ordinary_words.of_dictionaries(tmp_path) == {"liver"}


def test_made_posts_come_in_ten_scripts_and_the_same_for_the_same_seed() -> None:
    posts = list(made(3, 40))
    assert {post.script for post in posts} == set(SCRIPTS) and len(SCRIPTS) == 10
    assert posts == list(made(3, 40)) != list(made(4, 40))
    assert all(post.spans and post.text[post.spans[0][0] : post.spans[0][1]].strip() for post in posts)
