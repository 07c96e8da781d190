"""What most full feeds see: thresholds, sessions that vanish, addresses that are counted once."""

from __future__ import annotations

import gzip
import random
from datetime import date
from ipaddress import ip_network

import numpy as np
import pytest
import visibility_by_bgpdump as slow
from mrt_rows import join
from mrt_writer import message, path, peer_index, prefix, reach, rib, session, state, unreach, update_body

from darkhours.model.errors import InputError
from darkhours.sources.mrt.ground import DatedFile, Ground
from darkhours.sources.mrt.locations import read_locations
from darkhours.sources.mrt.visibility import Rule, Watch

PEERS = [(f"192.0.2.{number}", 64500 + number) for number in range(1, 5)]
START = 1_600_000_200  # begins a bin of five minutes
ANY = Rule(full=(0, 0))
PLACES = """10.0.0.0,10.0.255.255,KZ,KZ-75
10.1.0.0,10.1.0.127,KZ,
10.1.0.128,10.1.255.255,RU,RU-MOW
2001:db8::,2001:db8:ffff:ffff:ffff:ffff:ffff:ffff,KZ,KZ-71
"""


def say(peer, new=(), gone=(), minute=0, origin=65001, **of):
    """Return an update of a peer, so many minutes after the start."""
    told = [prefix(net) for net in (*gone, *new)]
    body = update_body(told[: len(gone)], path([PEERS[peer][1], origin]), told[len(gone) :])
    return session(message(body), peer=PEERS[peer], time=START + int(minute * 60), **of)


def say6(peer, new=(), gone=(), minute=0, origin=65001):
    """Return an update of IPv6."""
    attributes = path([PEERS[peer][1], origin])
    attributes += reach([prefix(net) for net in new]) if new else b""
    attributes += unreach([prefix(net) for net in gone]) if gone else b""
    return session(message(update_body([], attributes)), peer=PEERS[peer], time=START + int(minute * 60))


def down(peer, minute):
    return state(6, 1, peer=PEERS[peer], time=START + int(minute * 60))


@pytest.fixture
def see(tmp_path):
    """Return a function that gives, for every bin, the entities and their values."""

    def run(*files, rule=ANY, places=None, networks=None, signal="slash24"):
        names = []
        for at, records in enumerate(files):
            names.append(tmp_path / f"{at}.mrt")
            names[-1].write_bytes(join(records))
        tables = []
        for name, text in (("places", places), ("networks", networks)):
            (tmp_path / name).write_text(text or "")
            tables.append([] if text is None else [DatedFile(tmp_path / name)])
        watch = Watch(rule, Ground(*tables))
        views = list(watch.views(names, lambda *_: None))
        family = 1 if signal in {"slash48", "prefix6"} else 0
        told = []
        for view in views:
            values = (view.prefixes if signal.startswith("prefix") else view.equivalents)[family]
            pairs = zip(watch.names(), values.tolist(), strict=False)
            told.append({name: value for name, value in pairs if value and not np.isnan(value)})
        return told, views

    return run


@pytest.mark.parametrize(
    ("n_peers", "of", "visible"),
    [
        pytest.param(1, 1, True, id="the-only-one"),
        pytest.param(1, 2, False, id="exactly-half"),
        pytest.param(2, 3, True, id="two-of-three"),
        pytest.param(2, 4, False, id="two-of-four"),
        pytest.param(3, 4, True, id="three-of-four"),
    ],
)
def test_a_prefix_is_visible_if_more_than_half_of_the_full_feeds_have_it(see, n_peers, of, visible):
    others = [say(peer, ["11.0.0.0/8"], origin=65009) for peer in range(of)]
    told, views = see([*others, *(say(peer, ["10.0.0.0/16"]) for peer in range(n_peers))])
    assert views[0].full == (of, 0)
    assert told[0].get("asn:65001", 0) == (256 if visible else 0)


@pytest.mark.parametrize(
    ("limit", "full"), [pytest.param(2, 0, id="as-many"), pytest.param(1, 1, id="one-more")]
)
def test_a_full_feed_has_more_prefixes_than_the_limit(see, limit, full):
    _, views = see([say(0, ["10.0.0.0/16", "10.1.0.0/16"])], rule=Rule(full=(limit, 0)))
    assert views[0].full == (full, 0)


def test_a_peer_that_vanishes_is_coverage_and_no_withdrawal(see):
    both = [say(peer, ["10.0.0.0/16"]) for peer in (0, 1, 2)]
    told, views = see([*both, down(0, 6), down(1, 7), say(2, ["10.2.0.0/16"], minute=8)])
    assert [view.full[0] for view in views] == [3, 1]
    assert [each["asn:65001"] for each in told] == [256, 512]


def test_a_bin_without_a_full_feed_is_not_measured(see):
    _, views = see([say(0, ["10.0.0.0/16"]), down(0, 6), say(0, ["10.0.0.0/16"], minute=11)])
    assert [view.full[0] for view in views] == [1, 0, 1]
    assert [float(view.equivalents[0, 0]) for view in views][::2] == [256, 256]
    assert np.isnan(views[1].equivalents[0, 0])


def test_fewer_full_feeds_than_the_least_are_not_measured(see):
    _, views = see([say(0, ["10.0.0.0/16"])], rule=Rule(full=(0, 0), least_peers=2))
    assert np.isnan(views[0].equivalents).all()


def test_a_bin_in_which_the_collector_wrote_nothing_is_not_measured(see):
    _, views = see([say(0, ["10.0.0.0/16"]), say(0, ["10.0.0.0/16"], minute=15)])
    assert [view.heard for view in views] == [True, False, False, True]
    assert [bool(np.isnan(view.equivalents[0, 0])) for view in views] == [False, True, True, False]


def test_a_silence_of_more_than_a_day_is_left_out(see):
    _, views = see([say(0, ["10.0.0.0/16"]), say(0, ["10.0.0.0/16"], minute=10_000_000)])
    assert [view.start_s for view in views] == [START, START + 600_000_000]


def test_what_comes_late_counts_where_it_comes_and_is_said(tmp_path):
    file, said = tmp_path / "late.mrt", []
    late = say(0, ["10.1.0.0/16"], minute=1)
    file.write_bytes(say(0, ["10.0.0.0/16"]) + say(0, ["10.0.0.0/16"], minute=6) + late)
    watch = Watch(ANY)
    views = list(watch.views([file], lambda _, told: said.extend(told)))
    assert [view.prefixes[0].tolist() for view in views] == [[1], [2]]
    assert said == ["1 element(s) came late and count in the bin in which they came"]


def test_a_withdrawal_makes_it_zero(see):
    told, _ = see(
        [say(0, ["10.0.0.0/16", "11.0.0.0/8"]), say(0, [], ["10.0.0.0/16"], minute=5)], signal="prefix4"
    )
    assert [each["asn:65001"] for each in told] == [2, 1]


def test_the_state_at_the_end_of_a_bin_counts_and_its_first_instant_belongs_to_it(see):
    told, views = see(
        [say(0, ["10.0.0.0/16"]), say(0, ["10.1.0.0/16"], minute=4.99), say(0, ["10.2.0.0/16"], minute=5)]
    )
    assert [view.start_s for view in views] == [START, START + 300]
    assert [each["asn:65001"] for each in told] == [512, 768]


@pytest.mark.parametrize(
    ("nets", "slash24s"),
    [
        pytest.param(["10.0.0.0/16", "10.0.0.0/24", "10.0.255.0/24"], 256, id="inside"),
        pytest.param(["10.0.0.0/25"], 0.5, id="longer-than-a-slash24"),
        pytest.param(["10.0.0.0/25", "10.0.0.128/25"], 1, id="two-halves"),
        pytest.param(["10.0.0.0/8", "10.0.0.0/16", "10.0.0.0/24"], 65536, id="three-deep"),
        pytest.param(["0.0.0.0/0", "10.0.0.0/24"], 1, id="default-does-not-count"),
        pytest.param(["10.0.0.0/7", "10.0.0.0/24"], 1, id="shorter-than-the-shortest"),
    ],
)
def test_an_address_counts_once(see, nets, slash24s):
    told, _ = see([say(0, nets)])
    assert told[0]["asn:65001"] == slash24s


def test_an_address_counts_once_for_each_network_that_announces_it(see):
    told, _ = see([say(0, ["10.0.0.0/16"]), say(0, ["10.0.1.0/24"], origin=65002)], places=PLACES)
    assert told[0]["asn:65001"] == 256
    assert told[0]["asn:65002"] == told[0]["asn:65002@KZ"] == told[0]["asn:65002@KZ-75"] == 1
    assert told[0]["country:KZ"] == told[0]["region:KZ-75"] == 256


def test_places_share_a_prefix_by_its_addresses(see):
    told, _ = see([say(0, ["10.1.0.0/24", "10.1.1.0/24"])], places=PLACES)
    assert told[0] == {
        "country:KZ": 0.5, "country:RU": 1.5, "region:RU-MOW": 1.5, "asn:65001": 2, "asn:65001@KZ": 0.5,
        "asn:65001@RU": 1.5, "asn:65001@RU-MOW": 1.5,
    }  # fmt: skip


def test_ipv6_is_counted_in_slash48s(see):
    told, views = see([say6(0, ["2001:db8::/32", "2001:db8:1::/48"])], places=PLACES, signal="slash48")
    assert views[0].full == (0, 1)
    assert told[0]["country:KZ"] == told[0]["asn:65001"] == 65536
    told, _ = see([say6(0, ["2001:db8::/32"]), say6(0, [], ["2001:db8::/32"], 5)], signal="prefix6")
    assert told[1] == {}


def test_two_networks_of_one_prefix_need_their_own_majorities(see):
    told, _ = see([say(peer, ["10.0.0.0/16"], origin=65001 + (peer > 1)) for peer in range(4)], places=PLACES)
    assert told[0] == {"country:KZ": 256, "region:KZ-75": 256}
    told, _ = see([say(peer, ["10.0.0.0/16"], origin=65001 + (peer > 2)) for peer in range(4)])
    assert told[0] == {"asn:65001": 256}


def test_by_file_networks_are_those_that_hold_the_addresses_whoever_announces_them(see):
    records = [say(peer, ["10.0.0.0/16"], origin=65001 + peer) for peer in range(4)]
    told, _ = see(records, places=PLACES, networks="10.0.0.0\t17\t9198\n10.0.128.0\t24\t9198_21299\n")
    assert told[0] == {
        "country:KZ": 256, "region:KZ-75": 256, "asn:9198": 129, "asn:9198@KZ": 129, "asn:9198@KZ-75": 129,
        "asn:21299": 1, "asn:21299@KZ": 1, "asn:21299@KZ-75": 1,
    }  # fmt: skip


def test_a_hijack_moves_the_origin_and_not_the_file(see):
    records = [say(0, ["10.0.0.0/16"]), say(0, ["10.0.0.0/16"], minute=5, origin=64666)]
    assert [list(each) for each in see(records)[0]] == [["asn:65001"], ["asn:64666"]]
    told, _ = see(records, networks="10.0.0.0\t16\t65001\n")
    assert told == [{"asn:65001": 256}, {"asn:65001": 256}]


def test_by_file_ipv6_is_counted_in_slash48s_too(see):
    networks = "2001:db8::\t33\t65001\n2001:db8:8000::\t33\t65002\n"
    told, _ = see([say6(0, ["2001:db8::/32"])], networks=networks, signal="slash48")
    assert told[0] == {"asn:65001": 32768, "asn:65002": 32768}


def test_a_new_announcement_of_a_peer_replaces_its_old_one(see):
    told, _ = see([say(0, ["10.0.0.0/16"]), say(0, ["10.0.0.0/16"], minute=5, origin=65002)])
    assert told == [{"asn:65001": 256}, {"asn:65002": 256}]


def test_what_the_collector_sent_itself_does_not_count(see):
    told, _ = see([say(0, ["10.0.0.0/16"]), say(0, ["11.0.0.0/16"], subtype=7)])
    assert told == [{"asn:65001": 256}]


def test_of_several_paths_the_last_withdrawal_counts(see):
    def paths(new, gone, minute):
        told = [
            [prefix(f"10.{net}.0.0/16", number) for net in range(40) for number in ids] for ids in (gone, new)
        ]
        body = update_body(told[0], path([64501, 65001]), told[1])
        return session(message(body), subtype=9, peer=PEERS[0], time=START + 60 * minute)

    records = [paths([1, 2, 2**32 - 1], [], 0), paths([], [1, 2, 77], 5), paths([], [2**32 - 1], 10)]
    told, _ = see([say(0, ["172.16.0.0/16"]), *records], signal="prefix4")
    assert [each["asn:65001"] for each in told] == [41, 41, 1]
    told, _ = see([say(0, ["172.16.0.0/16"]), records[0], down(0, 5), paths([2], [], 6), paths([], [2], 11)])
    assert [len(each) for each in told] == [1, 1, 0]


def test_a_table_counts_whole_and_replaces_what_was_known(see):
    def table(minute, *entries):
        time = START + 60 * minute
        records = [
            rib(net, [(peer, path([64501, 65001])) for peer in peers], time=time) for net, peers in entries
        ]
        return [peer_index(PEERS, time), *records]

    told, views = see(
        table(0, ("10.0.0.0/16", (0, 1)), ("10.1.0.0/16", (0, 1))),
        [say(0, [], ["10.1.0.0/16"], minute=1), say(1, ["10.9.0.0/16"], minute=6)],
        table(10, ("10.0.0.0/16", (0, 1))),
    )
    assert [each["asn:65001"] for each in told] == [256, 256, 256]
    assert [view.full[0] for view in views] == [2, 2, 2]


def test_delegations_count_from_their_day(tmp_path):
    file = tmp_path / "delegated-ripencc"
    file.write_text(
        "2|ripencc|20200913|3|19830705|20200912|+0000\nripencc|*|ipv4|*|2|summary\n"
        "ripencc|KZ|ipv4|10.0.0.0|256|20100101|allocated\nripencc|RU|ipv4|10.0.1.0|256|20200914|allocated\n"
        "ripencc|KZ|ipv6|2001:db8::|32|20100101|assigned\nripencc|KZ|asn|9198|1|20000101|allocated\n"
        "ripencc||ipv4|10.0.2.0|256||available\n"
    )
    numbers = {"": 0}
    places, (form,) = read_locations([file], date(2020, 9, 13), numbers)
    assert (form, list(numbers)) == ("delegations", ["", "country:KZ"])
    assert places.spans.begin.tolist() == [10 << 56, 0x20010DB8 << 32]
    assert places.spans.end.tolist() == [(10 << 56) + (1 << 40) - 1, (0x20010DB8 << 32) + (1 << 32) - 1]
    read_locations([file], date(2020, 9, 14), numbers)
    assert list(numbers) == ["", "country:KZ", "country:RU"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("10.0.0.0,10.0.0.255\n", "places.csv:1: expected first,last,country", id="two-cells"),
        pytest.param(
            "10.0.0.0,10.0.0.255,KZ\nx,y,KZ\n", "places.csv:2: expected an address", id="no-address"
        ),
        pytest.param("10.0.1.0,10.0.0.255,KZ\n", "expected an interval", id="backwards"),
        pytest.param("10.0.0.0,2001:db8::,KZ\n", "expected an interval", id="two-families"),
        pytest.param("10.0.0.0,10.0.0.255,Kazakhstan\n", "expected a code of a country", id="name"),
        pytest.param("r|KZ|ipv4|10.0.0.0|many|20100101|allocated\n", "expected how many", id="delegation"),
    ],
)
def test_a_line_of_places_that_cannot_be_read_is_named(tmp_path, text, said):
    file = tmp_path / "places.csv"
    file.write_text(text)
    with pytest.raises(InputError) as error:
        read_locations([file], date(2020, 9, 13), {"": 0})
    assert said in str(error.value)


def test_places_may_be_numbers_packed_headed_and_inside_each_other(tmp_path):
    file = tmp_path / "places.csv.gz"
    text = f"first,last,cc\n{10 << 24},{(10 << 24) + 255},KZ\n{(10 << 24) + 16},{(10 << 24) + 31},RU\n"
    file.write_bytes(gzip.compress(text.encode()))
    places, (form,) = read_locations([file], date(2020, 9, 13), {"": 0})
    ends = zip(places.spans.begin >> np.uint64(32), places.spans.end >> np.uint64(32), strict=True)
    assert [(int(low) & 255, int(high) & 255) for low, high in ends] == [(0, 15), (16, 31), (32, 255)]
    assert (form, places.country[places.spans.code].tolist()) == ("intervals", [1, 2, 1])


NETS = sorted(
    {
        str(ip_network(f"10.{a}.{b}.0/{bits}", strict=False))
        for a in (0, 1)
        for b in (0, 64, 128)
        for bits in (16, 17, 18, 24, 25)
    }
)


NETWORKS = "10.0.0.0\t17\t65001\n10.0.64.0\t24\t65002_65003\n10.0.65.0\t24\t0\n10.0.128.0\t18\t65002\n"
OWNED = {64: (65002, 65003), 65: ()}


def owners_of(number):
    """Return the networks of a /24 of 10.0.0.0/16, as the file above has it."""
    default = (65001,) if number < 128 else (65002,) if number < 192 else ()
    return OWNED.get(number, default)


@pytest.mark.parametrize("seed", range(20))
def test_chance_is_counted_as_by_the_slow_program(see, tmp_path, seed):
    dice, minute, records, lines = random.Random(seed), 0.0, [], []
    for _ in range(150):
        minute += dice.choice((0, 0, 0, 0.2, 1, 7))
        peer, origin, net = dice.randrange(4), dice.choice((65001, 65002)), dice.choice(NETS)
        head = ["BGP4MP", str(START + int(minute * 60))]
        who = [PEERS[peer][0], str(PEERS[peer][1])]
        kind = dice.choices("AWS", (6, 3, 0.3))[0]
        if kind == "A":
            records.append(say(peer, [net], minute=minute, origin=origin))
        else:
            records.append(say(peer, [], [net], minute) if kind == "W" else down(peer, minute))
        rest = {"A": [net, f"{who[1]} {origin}"], "W": [net], "S": ["6", "1"]}[kind]
        lines.append([*head, "STATE" if kind == "S" else kind, *who, *rest])
    (tmp_path / "slow.csv").write_text(PLACES)
    for signal in ("slash24", "prefix4"):
        for networks in (None, NETWORKS):
            told, views = see(records, places=PLACES, networks=networks, signal=signal)
            heard = {view.start_s for view in views if view.heard}
            assert told == list(_slowly(lines, signal, tmp_path / "slow.csv", heard, networks))


def _slowly(lines, signal, places, heard, networks):
    table, located = slow.Table(), slow.read_places(str(places))
    owners = None if networks is None else slow.Places()
    for number in range(256 if networks else 0):
        for asn in owners_of(number):  # one interval for each /24 and owner
            low = (10 << 24) + (number << 8)
            owners.rows[4].append((low, low + 255, f"asn:{asn}", ""))
            owners.ends[4].append(low + 255)
    kinds = {"country", "region", "asn", "asn-country", "asn-region"}
    first, last = int(lines[0][1]) // 300, int(lines[-1][1]) // 300
    for now in range(first, last + 1):
        for fields in lines:
            if int(fields[1]) // 300 == now:
                table.take(fields)
        values = slow.view(table, signal, 0, located, kinds, networks=owners) if now * 300 in heard else None
        yield {} if values is None else {name: value for name, value in values.items() if value}
