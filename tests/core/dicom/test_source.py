"""A source gives its head at once and the rest when asked."""

from confrere.core.dicom.source import Source, source_of


def test_a_source_of_bytes_has_all_of_them_at_hand() -> None:
    source = source_of(b"abcdef")
    assert (source.head, source.size, source.read(2, 4)) == (b"abcdef", 6, b"cd")
    assert source.whole() is source


def test_the_whole_of_a_source_is_read_when_its_head_is_short() -> None:
    data = b"abcdef"
    source = Source(data[:2], len(data), lambda start, stop: data[start:stop])
    assert source.whole().head == data


def test_a_part_comes_from_the_head_where_it_lies_there_and_is_read_where_it_does_not() -> None:
    data, asked = b"abcdef", []

    def read(start: int, stop: int) -> bytes:
        asked.append((start, stop))
        return data[start:stop]

    source = Source(data[:3], len(data), read)
    assert (source.part(1, 3), source.part(2, 5)) == (b"bc", b"cde")
    assert asked == [(2, 5)]
