"""Words, how they are written and what stands between them."""

from confrere.core.words.tokens import cut


def test_words_carry_case_and_kind_and_the_gap_behind_them() -> None:
    tokens = cut("Mr RAMESH k. liver")
    assert tokens.words == ["Mr", "RAMESH", "k", "liver"]
    assert tokens.shapes == "TULL" and tokens.gap(2) == ". "


def test_words_run_together_are_cut_at_their_humps_and_measurements_are_not() -> None:
    assert cut("RameshKumar SUVmax").words == ["Ramesh", "Kumar", "SUVmax"]


def test_a_word_opens_a_sentence_after_a_full_stop_or_a_line() -> None:
    tokens = cut("Seen. Then\nlater on")
    assert [tokens.opens(at) for at in range(4)] == [True, True, True, False]
