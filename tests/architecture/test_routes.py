"""Every address is in the permission table; what callers then meet is proved in test_access_matrix.py."""

from django.urls import get_resolver, path
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.checks import find_faults, list_routes
from apps.core.permissions import table


def _routes() -> set[str]:
    return {name or path for name, path in list_routes(get_resolver().url_patterns)}


def test_every_address_has_a_row_and_every_row_an_address():
    assert set(table.routes()) == _routes()


def test_every_handler_has_a_row_and_every_row_a_handler():
    assert find_faults(get_resolver().url_patterns) == []


class _View(APIView):
    def get(self, request):
        return Response()

    def post(self, request):
        return Response()


def test_a_route_without_a_row_is_a_fault():
    assert find_faults([path("new", _View.as_view(), name="new")]) == ["new (new) has no row in the permission table."]


def test_a_handler_without_a_row_is_a_fault():
    patterns = [path("mine", _View.as_view(), name="my-sessions")]

    assert find_faults(patterns) == [
        "mine (my-sessions) takes ['GET', 'POST'], its row in the permission table names ['GET']."
    ]
