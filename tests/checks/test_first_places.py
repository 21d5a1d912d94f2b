"""The first places of names, kept in full and by digests."""

import random
from array import array
from hashlib import blake2b

import pytest

from reqlint.checks import first_places
from reqlint.checks.first_places import FirstPlaces


@pytest.mark.parametrize("most", [1, 2, 3, 7, 1000])
def test_the_first_place_of_every_name_is_exact(most: int) -> None:
    """Each name has its first place from the second time on, however many names are kept in full."""
    rng = random.Random(20261123)  # noqa: S311 - repeatable on purpose
    places, expected = FirstPlaces(most), dict[str, tuple[int, tuple[int, ...]]]()
    for document in range(400):
        name, place = f"name {rng.randrange(150)}", (3,) if rng.random() < 0.2 else ()
        assert places.find_or_add(name, document, place) == expected.get(name)
        expected.setdefault(name, (document, place))


def test_names_are_compacted_at_the_limit() -> None:
    """One name more than the limit turns those before it into digests, except names with a place."""
    places = FirstPlaces(3)
    for document, name in enumerate(["a", "b", "c"]):
        assert places.find_or_add(name, document, (9,) if name == "b" else ()) is None
    assert list(places.recent()) == [("a", (0, ())), ("b", (1, (9,))), ("c", (2, ()))]
    assert places.find_or_add("d", 3, ()) is None
    assert list(places.recent()) == [("b", (1, (9,))), ("d", (3, ()))]
    digests = sorted((*first_places._digest(name), document) for name, document in (("a", 0), ("c", 2)))
    assert places._older == [tuple(array("Q", column) for column in zip(*digests, strict=True))]
    assert [places.find_or_add(name, 7, ()) for name in "abcd"] == [(0, ()), (1, (9,)), (2, ()), (3, ())]
    assert len(places._older) == 1


@pytest.mark.parametrize(("compacts", "place"), [(False, ()), (True, (1,))])
def test_a_bounded_chunk_and_an_array_keep_every_name(compacts: bool, place: tuple[int, ...]) -> None:
    """Nothing is compacted where that is switched off, or where places show that all is in memory anyway."""
    places = FirstPlaces(2)
    assert places.compacts
    places.compacts = compacts
    for document in range(9):
        places.find_or_add(str(document), document, place)
    assert list(places.recent()) == [(str(document), (document, place)) for document in range(9)]


def test_names_found_elsewhere_are_added() -> None:
    """A name that is new gets the place it had elsewhere; a name that is known keeps its own."""
    places = FirstPlaces()
    places.find_or_add("a", 4, ())
    places.add({"a": (5, (1,)), "b": (6, (2,)), "c": (7, ())})
    assert list(places.recent()) == [("a", (4, ())), ("b", (6, (2,))), ("c", (7, ()))]


@pytest.mark.parametrize("most", [3, 30, 1000])
def test_later_places_are_added_as_one_by_one(most: int) -> None:
    """Names of chunk after chunk have the first places that they have if they are added one by one."""
    rng = random.Random(20261129)  # noqa: S311 - repeatable on purpose
    together, single = FirstPlaces(most), FirstPlaces(most)
    document, found = 0, 0
    for _ in range(20):
        chunk = FirstPlaces(most)
        chunk.compacts = False
        for _ in range(rng.randrange(9)):
            place = (1,) if rng.random() < 0.2 else ()
            chunk.find_or_add(f"name {rng.randrange(60)}", document, place)
            chunk.find_or_add("of the first line", 0, ())
            document += 1
        one_by_one = {name: single.find_or_add(name, *where) for name, where in chunk.recent()}
        known = {name: first for name, first in one_by_one.items() if first and first != dict(chunk.recent())[name]}
        assert together.add_later(chunk) == known
        assert sorted(together.recent()) == sorted(single.recent())
        found += len(known)
    assert found > 10


def test_a_digest_is_both_halves_of_128_bits() -> None:
    """The digest of a name is BLAKE2b of 16 bytes, also for a name that UTF-8 cannot hold."""
    for name in ("a", "é", "\ud800"):
        digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        assert first_places._digest(name) == (int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big"))


def test_names_that_share_half_a_digest_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Digests are the same only if both halves are, in whichever order they were sorted."""
    halves = {"a": (5, 1), "b": (5, 2), "c": (5, 3), "d": (4, 2), "e": (6, 2), "f": (5, 4), "g": (4, 1), "h": (9, 9)}
    monkeypatch.setattr(first_places, "_digest", halves.__getitem__)
    places = FirstPlaces(5)
    for document, name in enumerate("abcde"):
        places.find_or_add(name, document, ())
    assert places.find_or_add("f", 5, ()) is None
    assert len(places._older) == 1
    assert [places.find_or_add(name, 8, ()) for name in "abcdef"] == [(number, ()) for number in range(6)]
    assert [places.find_or_add(name, 9, ()) for name in "gh"] == [None, None]
    assert [places.find_or_add(name, 10, ()) for name in "gh"] == [(9, ()), (9, ())]


def test_a_second_generation_of_digests_is_searched_as_well() -> None:
    """Names of every compaction are found, with the place from before it."""
    places = FirstPlaces(2)
    for document in range(7):
        assert places.find_or_add(str(document), document, ()) is None
    assert len(places._older) == 3
    assert [places.find_or_add(str(document), 9, ()) for document in range(7)] == [(d, ()) for d in range(7)]


def test_as_many_names_as_a_batch_file_has_are_kept_in_full() -> None:
    """Without a limit of its own, 65,536 names are kept in full, more than the lines of a batch file that is taken."""
    places = FirstPlaces()
    for document in range(65_536):
        places.find_or_add(str(document), document, ())
    assert sum(1 for _ in places.recent()) == 65_536
    places.find_or_add("one more", 65_536, ())
    assert list(places.recent()) == [("one more", (65_536, ()))]
