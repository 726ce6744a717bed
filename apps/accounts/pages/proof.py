"""The proof of a finished erasure on a page, for whoever asked for it and the firm's owners of that day."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from apps.accounts.errors import ProofNotFound
from apps.accounts.pages.answer import answer_page
from apps.accounts.pages.visitor import signed_in_page
from apps.accounts.queries.erasure_proofs import get_proof
from apps.accounts.rules.proof_text import proof_text
from apps.core.permissions import Principal


@signed_in_page
@require_GET
def proof_page(request: HttpRequest, visitor: Principal, proof_id: UUID) -> HttpResponse:
    """Show what was erased when, how many records of each kind, and the digest of that."""
    try:
        proof = get_proof(user_id=visitor.user_id, public_id=proof_id)
    except ProofNotFound as error:
        said = {"title": error.title, "text": error.detail, "link": reverse("start"), "label": "Your firms"}
        return answer_page(request, "message", said, status=404)
    text = proof_text(
        firm_public_id=proof.firm_public_id,
        requested_at=proof.requested_at,
        erased_at=proof.erased_at,
        removed=proof.removed,
    )
    rows = [(subject.replace(".", ": ").replace("_", " "), count) for subject, count in sorted(proof.removed.items())]
    context = {"proof": proof, "rows": rows, "total": sum(proof.removed.values()), "text": text}
    return answer_page(request, "proof", context)
