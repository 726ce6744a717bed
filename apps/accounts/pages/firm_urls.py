"""Pages of a firm, where a person starts, and what everybody may read."""

from django.urls import path

from apps.accounts.pages import agreements, api_keys, copies, erasure, ownership, people, proof, start, trail

# What stands in the frame of every firm page.
FIRM_PAGES = {
    "people-page": "People",
    "api-keys-page": "API keys",
    "trail-page": "Trail",
    "copies-page": "Copies",
    "erasure-page": "Erasure",
    "agreements-page": "Terms",
}

urlpatterns = [
    path("", start.start_page, name="start"),
    path("firm/people", people.people_page, name="people-page"),
    path("firm/people/<int:membership_id>", people.member_page, name="member-page"),
    path("firm/ownership", ownership.ownership_page, name="ownership-page"),
    path("firm/api-keys", api_keys.api_keys_page, name="api-keys-page"),
    path("firm/audit", trail.trail_page, name="trail-page"),
    path("firm/copies", copies.copies_page, name="copies-page"),
    path("firm/copies/<int:export_id>", copies.copy_page, name="copy-page"),
    path("firm/erasure", erasure.erasure_page, name="erasure-page"),
    path("firm/terms", agreements.agreements_page, name="agreements-page"),
    path("erasures/<uuid:proof_id>", proof.proof_page, name="proof-page"),
    path("terms", agreements.terms_page, name="terms-page"),
    path("data-processing", agreements.data_processing_page, name="data-processing-page"),
]
