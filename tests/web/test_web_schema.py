"""Every address of the interface is asked what nobody thought of: no 5xx, nothing that is not described."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import HealthCheck, Phase, settings
from serving import TOKEN, serving

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import schemathesis
    from schemathesis.specs.openapi.checks import positive_data_acceptance

from darkhours.app.serve import make_site
from darkhours.web.run import settings_of
from darkhours.web.server import make_app

EXAMPLES = 12
"""Of each address: ours, all of them in a quarter of a minute; chance is fixed, so that a failure stays."""
# Not held: that whatever a schema allows is accepted. That a span ends after it begins, or that a text is
# a case, no schema can say; both are answered with 422 and a problem, which is described.
NOT_ASKED = ("/events",)
"""A stream that has no end; it has tests of its own."""


@schemathesis.serializer("application/toml")
def as_toml(ctx, value):
    """Send whatever text was made up."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")


def description():
    """Return what the interface says of itself."""
    app = make_app(make_site(None, None), settings_of("127.0.0.1", 8000))
    return {**app.openapi(), "paths": {k: v for k, v in app.openapi()["paths"].items() if k not in NOT_ASKED}}


schema = schemathesis.openapi.from_dict(description())


@pytest.fixture(scope="module")
def asked(site, tmp_path_factory):
    """The address of a site that may be written to."""
    with serving(site, cases=tmp_path_factory.mktemp("cases"), rate=1e6, burst=10**6) as base:
        yield base


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_answer_is_other_than_described(asked, case):
    response = case.call(base_url=asked, headers={"Authorization": f"Bearer {TOKEN}"})
    case.validate_response(response, excluded_checks=[positive_data_acceptance])
