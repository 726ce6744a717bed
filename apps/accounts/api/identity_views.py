"""HTTP entrances of linked log-ins. Linking needs a browser: it begins on the page `/account/ways-in`."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api.origin import origin_of
from apps.accounts.queries.identities import list_linked
from apps.accounts.services.unlink_identity import unlink_identity
from apps.core.permissions import caller


class LinkedLogInSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    provider = serializers.CharField(help_text="`clio`")
    region = serializers.CharField(help_text="of the provider, such as `us`")
    email = serializers.CharField(help_text="as the provider last stated it; may be empty")
    name = serializers.CharField()
    account_name = serializers.CharField(help_text="whose account the log-in belongs to there")
    linked_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True)


class IdentitiesView(APIView):
    @extend_schema(operation_id="my_identities", responses={200: LinkedLogInSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """List the log-ins elsewhere that open the person's account."""
        linked = list_linked(user_id=caller(request).user_id)
        return Response(LinkedLogInSerializer(linked, many=True).data)


class IdentityDetailView(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, identity_id: UUID) -> Response:
        """Take one away. Needs a step-up; refused for the only way to sign in."""
        who = caller(request)
        unlink_identity(
            user_id=who.user_id,
            session_id=who.session_id,
            public_id=identity_id,
            origin=origin_of(request),
            now=timezone.now(),
        )
        return Response(status=204)
