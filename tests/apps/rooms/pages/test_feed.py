"""The feed: one's own rooms, newest first."""


def test_the_feed_shows_the_cases_of_ones_rooms_and_no_others(cast, posted_case, sign_in):
    for url in ("/", "/feed/cards"):
        assert "Level of obstruction?" in sign_in(cast.bob).get(url).content.decode()
        assert "Level of obstruction?" not in sign_in(cast.charlie).get(url).content.decode()


def test_a_card_has_key_image_chips_badge_author_and_count(cast, posted_case, sign_in):
    page = sign_in(cast.bob).get("/feed/cards").content.decode()
    for part in ("/rendered?viewport=320,320", ">CT<", ">Head<", "DICOM", "Dr Alice", "Neuroradiology"):
        assert part in page


def test_an_empty_feed_says_how_to_begin(cast, sign_in):
    assert "Nothing here yet." in sign_in(cast.charlie).get("/").content.decode()


def test_a_draft_stands_on_top_of_the_feed_with_what_to_do(cast, draft_case, sign_in):
    page = sign_in(cast.alice).get("/").content.decode()
    assert "1 study is ready" in page
    assert "Write the question" in page
