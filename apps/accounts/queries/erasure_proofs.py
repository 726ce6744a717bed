"""Proofs of finished erasures. The firm is gone, so whoever may see one is written on the proof itself."""

from collections.abc import Sequence
from uuid import UUID

from apps.accounts.errors import ProofNotFound
from apps.accounts.models import ErasureProof


def list_proofs(*, user_id: int) -> Sequence[ErasureProof]:
    """Return the proofs of the firms a person had erased or owned then, the latest first."""
    return list(ErasureProof.objects.filter(may_be_seen_by__contains=[user_id]).order_by("-pk"))


def get_proof(*, user_id: int, public_id: UUID) -> ErasureProof:
    """Return one of them. Raises ProofNotFound, for other people's too."""
    found = ErasureProof.objects.filter(public_id=public_id, may_be_seen_by__contains=[user_id]).first()
    if found is None:
        raise ProofNotFound
    return found
