"""Query serializers are shared by all requests, so they must keep no state."""

import pytest
from rest_framework.fields import empty
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from movie_recommendation_backend.http.validation import shared, validated_query
from movies import questions
from movies.question import Question
from users.lists.serializers import LibraryParameters, ListParameters
from users.recommendations.serializers import RecommendationParameters, StarterParameters

SERIALIZERS = [
    *[each.serializer for each in vars(questions).values() if isinstance(each, Question)],
    LibraryParameters,
    ListParameters,
    RecommendationParameters,
    StarterParameters,
]


def request(query: str):
    return APIView().initialize_request(APIRequestFactory().get(f"/?{query}"))


@pytest.mark.parametrize("accepts", SERIALIZERS)
def test_no_default_can_be_changed_by_a_request(accepts):
    for field in shared(accepts).fields.values():
        assert field.default is empty or isinstance(field.default, str | int | bool)


def test_the_values_of_one_request_do_not_reach_another():
    first = validated_query(ListParameters, request("genres=28,12&query=alien&page_size=5"))
    second = validated_query(ListParameters, request(""))
    assert first == {"sort": "-added_at", "page_size": 5, "genres": [12, 28], "query": "alien"}
    assert second == {"sort": "-added_at", "page_size": 20}
    first["genres"].append(99)
    assert validated_query(ListParameters, request("genres=28"))["genres"] == [28]
