"""Small answers of the shapes that services give, written by us; and what asks for them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

IODA_SIGNALS = {
    "type": "signals",
    "error": None,
    "data": [
        [
            {
                "entityType": "country",
                "entityCode": code,
                "entityName": name,
                "entityFqid": f"geo.provider.AS.{code}",
                "datasource": datasource,
                "subtype": "",
                "from": 1641340800,
                "until": 1641344400,
                "step": 600,
                "nativeStep": 600,
                "values": values,
            }
            for code, name, values in (
                ("KZ", "Kazakhstan", [100, None, 0, 7.5]),
                ("IR", "Iran", [5, 6, 7, 8]),
            )
        ]
        for datasource in ("bgp", "ping-slash24", "new-sensor")
    ],
}
IODA_EVENTS = {
    "type": "outages.events",
    "error": None,
    "data": [
        {
            "entity": {
                "code": "KZ",
                "name": "Kazakhstan",
                "type": "country",
                "attrs": {"fqid": "geo.netacuity.AS.KZ"},
            },
            "from": 1641380400,
            "until": 1641387600,
            "score": 12.5,
            "datasource": "bgp",
            "method": "median",
        }
    ],
}
OONI = {
    "v": 0,
    "dimension_count": 1,
    "result": [
        {
            "anomaly_count": anomaly,
            "confirmed_count": 10,
            "failure_count": 5,
            "ok_count": ok,
            "measurement_count": ok + anomaly + 15,
            "measurement_start_day": f"2022-01-05T{hour:02}:00:00Z",
        }
        for hour, ok, anomaly in ((0, 90, 0), (1, 40, 50), (3, 80, 10))
    ]
    + [
        {
            "anomaly_count": 0,
            "confirmed_count": 0,
            "failure_count": 0,
            "ok_count": 0,
            "measurement_count": 0,
            "measurement_start_day": "2022-01-05T04:00:00Z",
        }
    ],
}
RIPESTAT = {
    "data": {
        "resource": "kz",
        "resolution": "1h",
        "stats": [
            {
                "timeline": [
                    {"starttime": f"2022-01-05T{first}:00:00", "endtime": f"2022-01-05T{last}:00:00"}
                ],
                "v4_prefixes_ris": prefixes,
                "v6_prefixes_ris": 9,
                "asns_ris": networks,
                "asns_stats": 30,
            }
            for first, last, prefixes, networks in (
                ("00", "02", 800, 20),
                ("03", "03", -1, 0),
                ("05", "05", 7, 1),
            )
        ],
    }
}
ATLAS = {
    "count": 4,
    "next": None,
    "results": [
        {
            "id": number,
            "asn_v4": 9198,
            "country_code": "KZ",
            "last_connected": 1641380000 + number,
            "status": {"id": status, "name": "", "since": "2022-01-05T11:00:00Z"},
            "status_since": 1641380000,
        }
        for number, status in enumerate((1, 1, 2, 3))
    ],
}
RADAR = {
    "success": True,
    "errors": [],
    "result": {
        "meta": {"aggInterval": "ONE_HOUR"},
        "serie_0": {
            "timestamps": ["2022-01-05T00:00:00Z", "2022-01-05T01:00:00Z", "2022-01-05T03:00:00Z"],
            "values": ["0.5", None, "0"],
        },
    },
}
ANNOTATIONS = {
    "success": True,
    "errors": [],
    "result": {
        "annotations": [
            {
                "id": "1",
                "description": "Unrest",
                "startDate": "2022-01-05T11:00:00Z",
                "endDate": None,
                "locations": ["KZ"],
                "asns": [9198],
                "outage": {"outageCause": "GOVERNMENT_DIRECTED", "outageType": "NATIONWIDE"},
            }
        ]
    },
}
ANSWERS = {
    "ioda-api": IODA_SIGNALS,
    "ooni": OONI,
    "ripestat": RIPESTAT,
    "ripe-atlas": ATLAS,
    "cloudflare-radar": RADAR,
}
NOW = datetime(2022, 1, 5, 12, 3, tzinfo=UTC)


def encode(answer: object) -> bytes:
    return json.dumps(answer).encode()
