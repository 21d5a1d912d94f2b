"""Measured profiles agree with their server: the committed verdicts are compared with reqlint's."""

from functools import cache
from pathlib import Path

import pytest

from benchmarks.oracles import results
from benchmarks.oracles.asking import Outcome
from benchmarks.oracles.comparing import Comparison, compare
from benchmarks.oracles.known import known_of
from benchmarks.oracles.servers import SERVERS as SERVERS_ASKED
from benchmarks.oracles.verdicts import read, servers_with_verdicts
from benchmarks.oracles.votes import VOTERS, listed, votes
from reqlint import Severity, check
from reqlint.knowledge.catalog import shipped

ROOT = Path(__file__).parents[2]
SERVERS = servers_with_verdicts()
committed = cache(read)


@cache
def compared(server: str) -> Comparison:
    """Return how the profile of a server compares with its committed verdicts."""
    return compare(server, committed(server).made, committed(server).verdicts, SERVERS_ASKED[server].counts)


def test_every_profile_that_says_it_was_measured_has_verdicts() -> None:
    """And names the version and the flags with which the server was asked."""
    measured = {name: shipped().profile(name).measured for name in shipped().profile_names}
    assert [name for name, server in measured.items() if server] == SERVERS
    for name, server in measured.items():
        if server:
            asked = committed(name).asked
            assert (server.server, server.version, server.flags) == (name, asked["version"], asked["flags"])


@pytest.mark.parametrize("server", SERVERS)
def test_a_measured_profile_agrees_with_its_server(server: str) -> None:
    """
    In at least 99 of 100 mutations, and each disagreement is on a list, which may only shrink.

    Where the documents of an API say otherwise than the library that was asked, the profile follows the documents.
    """
    comparison, known = compared(server), known_of(server)
    left, documented = (
        [case for cases in of.values() for case in cases] for of in (known.disagreements, known.documented)
    )
    assert len(left) <= (comparison.compared - len(documented)) / 100
    assert sorted(each.mutation.case for each in comparison.disagreements) == sorted(left + documented)


@pytest.mark.parametrize("server", SERVERS)
def test_a_request_that_the_server_answers_has_no_error(server: str) -> None:
    """Of those that the mutations start from, which most are answered."""
    answered = [
        request
        for request, verdict in zip(committed(server).bases, committed(server).of_bases, strict=True)
        if verdict.outcome is Outcome.ACCEPTED
    ]
    assert len(answered) > len(committed(server).bases) / 2
    for request in answered:
        assert [str(each) for each in check(request, server) if each.severity is Severity.ERROR] == []


@pytest.mark.parametrize("server", SERVERS)
def test_every_measured_claim_names_a_case_that_shows_it(server: str) -> None:
    """The server refused that request, or answered it where the claim says so, and the rule has a finding in it."""
    verdicts = dict(zip((each.case for each in committed(server).made), committed(server).verdicts, strict=True))
    requests = {each.case: each.request for each in committed(server).made}
    claims = {
        rule: claim
        for rule, entries in (shipped().profile(server).evidence or {}).items()
        for claim in entries
        if claim.status == "measured" and claim.profile == server
    }
    assert claims
    for rule, claim in claims.items():
        case = claim.case or ""
        wanted = Outcome.REFUSED if claim.effect == "refused" else Outcome.ACCEPTED
        assert verdicts[case].outcome is wanted, rule
        assert rule in {each.rule for each in check(requests[case], server)}, (rule, case)


def test_the_documentation_lists_every_measured_profile() -> None:
    """With the version and the flags of its server."""
    rows = [line for line in (ROOT / "docs" / "probe.md").read_text("utf-8").splitlines() if line.startswith("| `")]
    assert [row.split("`")[1] for row in rows] == SERVERS
    for row, name in zip(rows, SERVERS, strict=True):
        server = shipped().profile(name).measured
        assert server is not None
        assert server.version in row
        assert f"`{server.flags}`" in row


def test_votes_that_are_left_are_on_a_list() -> None:
    """Which may only shrink: at least three servers refuse each of them, and profile openai finds no error."""
    found = votes({name: committed(name) for name in VOTERS})
    assert sorted(each.mutation.case for each in found) == sorted(case for cases in listed().values() for case in cases)


def test_the_page_of_results_is_current() -> None:
    """`python benchmarks/oracles/run.py results` writes it."""
    assert results.PAGE.read_text("utf-8") == results.page(compared)
