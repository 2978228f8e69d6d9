"""The page of profiles is what the tables and the policy say."""

import make_profiles_page


def test_the_page_of_profiles_is_what_its_generator_writes() -> None:
    assert make_profiles_page.TARGET.read_text("utf-8") == make_profiles_page.rendered()
