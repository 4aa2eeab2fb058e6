"""The JSON of answers, compared with that of DRF's renderer."""

import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from rest_framework.exceptions import ErrorDetail
from rest_framework.renderers import JSONRenderer as RestFrameworkRenderer

from movie_recommendation_backend.http.renderers import JSONRenderer

NOON = datetime(2026, 11, 28, 12, 0, 0, 123456)


@pytest.mark.parametrize(
    "value",
    [
        {"a": [1, 2.5, -0.0, 1e300, True, None, "é", "\u2028", "\x00"]},
        {1: 2, None: 3, 2.5: 5},
        {True: 4, False: 5},
        {ErrorDetail("key", "code"): ErrorDetail("text", "code")},
        [2**63, -(2**63), 2**70],
        [NOON.replace(tzinfo=UTC), NOON.replace(tzinfo=UTC, microsecond=0), NOON],
        [NOON.replace(tzinfo=timezone(timedelta(hours=5)))],
        [date(1999, 3, 31), time(12, 30), timedelta(seconds=90)],
        [Decimal("1.10"), UUID(int=1), b"bytes"],
        {},
        [],
        "",
    ],
)
def test_values_are_those_of_rest_framework(value):
    ours, theirs = JSONRenderer().render(value), RestFrameworkRenderer().render(value)
    assert json.loads(ours) == json.loads(theirs)


def test_no_data_is_no_body():
    assert JSONRenderer().render(None) == b""


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_json_does_not_have_is_null(value):
    assert JSONRenderer().render([value]) == b"[null]"
