"""HTTP entrances of the documents people agree to, and of the proofs of finished erasures: of no firm."""

from uuid import UUID

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api import firm_serializers as serializers
from apps.accounts.api.agreed_field import AgreedVersionsSerializer
from apps.accounts.queries.agreements import list_agreements
from apps.accounts.queries.erasure_proofs import get_proof, list_proofs
from apps.accounts.rules.terms import DOCUMENTS, IN_FORCE_SINCE, PATHS, TITLES
from apps.accounts.services.agree_personally import agree_personally
from apps.core.client_address import client_ip
from apps.core.permissions import caller


class DocumentsView(APIView):
    @extend_schema(operation_id="terms", responses={200: serializers.DocumentSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """List the documents to agree to, with the version in force and where each is to be read."""
        rows = [
            {
                "document": document,
                "version": version,
                "title": TITLES[document],
                "in_force_since": IN_FORCE_SINCE[document],
                "address": f"{settings.PUBLIC_BASE_URL}{PATHS[document]}",
            }
            for document, version in DOCUMENTS.items()
        ]
        return Response(serializers.DocumentSerializer(rows, many=True).data)


class MyAgreementsView(APIView):
    @extend_schema(operation_id="my_agreements", responses={200: serializers.AgreementSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """List what the person agreed to, the latest first."""
        rows = list_agreements(user_id=caller(request).user_id)
        return Response(serializers.AgreementSerializer(rows, many=True).data)

    @extend_schema(operation_id="my_agreements_add", request=AgreedVersionsSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Agree to the versions in force; agreeing again changes nothing."""
        given = AgreedVersionsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        agree_personally(
            user_id=caller(request).user_id,
            versions=given.validated_data,
            ip=client_ip(request._request),
            now=timezone.now(),
        )
        return Response(status=204)


class ErasureProofsView(APIView):
    @extend_schema(operation_id="erasure_proofs", responses={200: serializers.ErasureProofSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """List the proofs of erasures of firms the person had erased or owned then."""
        return Response(
            serializers.ErasureProofSerializer(list_proofs(user_id=caller(request).user_id), many=True).data
        )


class ErasureProofView(APIView):
    @extend_schema(operation_id="erasure_proof", responses={200: serializers.ErasureProofSerializer})
    def get(self, request: Request, proof_id: UUID) -> Response:
        """Show one: what was erased when, how many records of each kind, and the digest of that."""
        proof = get_proof(user_id=caller(request).user_id, public_id=proof_id)
        return Response(serializers.ErasureProofSerializer(proof).data)
