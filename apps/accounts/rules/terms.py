"""The documents people and firms agree to, and which version of each is in force.

A new version is a new number here and a new text in templates/accounts/pages/documents/; from then on owners and admins
are asked again.
"""

from collections.abc import Iterable

TERMS, DATA_PROCESSING = "terms_of_service", "data_processing_agreement"
DOCUMENTS = {TERMS: "1.0", DATA_PROCESSING: "1.0"}
TITLES = {TERMS: "Terms of service", DATA_PROCESSING: "Data-processing agreement"}
# Where each can be read, by everybody.
PATHS = {TERMS: "/terms", DATA_PROCESSING: "/data-processing"}
IN_FORCE_SINCE = {TERMS: "2026-11-01", DATA_PROCESSING: "2026-11-01"}


def documents_owed(agreed: Iterable[str]) -> tuple[str, ...]:
    """Return the documents whose version in force is not among `agreed`, each written `terms_of_service 1.0`."""
    known = set(agreed)
    return tuple(document for document, version in DOCUMENTS.items() if f"{document} {version}" not in known)
