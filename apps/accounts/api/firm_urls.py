"""Addresses of a firm's settings, people, keys and trail below /api/v1/."""

from django.urls import path

from apps.accounts.api import (
    agreement_views,
    firm_views,
    key_views,
    ownership_views,
    people_views,
    privacy_views,
    target_views,
)

_FIRM = "firms/<uuid:firm_id>"

urlpatterns = [
    path(_FIRM, firm_views.FirmDetailView.as_view(), name="firm"),
    path(f"{_FIRM}/terms", firm_views.TermsView.as_view(), name="firm-terms"),
    path(f"{_FIRM}/onboarding", firm_views.OnboardingView.as_view(), name="firm-onboarding"),
    path(f"{_FIRM}/audit", firm_views.AuditTrailView.as_view(), name="firm-audit"),
    path(f"{_FIRM}/audit/export", firm_views.AuditExportView.as_view(), name="firm-audit-export"),
    path(f"{_FIRM}/members", people_views.MembersView.as_view(), name="firm-members"),
    path(f"{_FIRM}/members/me", people_views.MyMembershipView.as_view(), name="firm-my-membership"),
    path(f"{_FIRM}/members/<int:membership_id>", people_views.MemberView.as_view(), name="firm-member"),
    path(
        f"{_FIRM}/members/<int:membership_id>/suspension",
        people_views.MemberSuspensionView.as_view(),
        name="firm-member-suspension",
    ),
    path(f"{_FIRM}/ownership", ownership_views.OwnershipView.as_view(), name="firm-ownership"),
    path(
        f"{_FIRM}/ownership/acceptance",
        ownership_views.OwnershipAcceptanceView.as_view(),
        name="firm-ownership-acceptance",
    ),
    path(f"{_FIRM}/ownership/refusal", ownership_views.OwnershipRefusalView.as_view(), name="firm-ownership-refusal"),
    path(f"{_FIRM}/target-hours", target_views.TargetHoursView.as_view(), name="firm-target-hours"),
    path(
        f"{_FIRM}/target-hours/<int:target_id>",
        target_views.TargetHoursRowView.as_view(),
        name="firm-target-hours-row",
    ),
    path(f"{_FIRM}/invitations", people_views.InvitationsView.as_view(), name="firm-invitations"),
    path(f"{_FIRM}/invitations/<int:invitation_id>", people_views.InvitationView.as_view(), name="firm-invitation"),
    path(f"{_FIRM}/api-keys", key_views.ApiKeysView.as_view(), name="firm-api-keys"),
    path(f"{_FIRM}/api-keys/<int:api_key_id>", key_views.ApiKeyView.as_view(), name="firm-api-key"),
    path(f"{_FIRM}/exports", privacy_views.FirmExportsView.as_view(), name="firm-exports"),
    path(f"{_FIRM}/exports/<int:export_id>/file", privacy_views.FirmExportFileView.as_view(), name="firm-export-file"),
    path(f"{_FIRM}/erasure", privacy_views.FirmErasureView.as_view(), name="firm-erasure"),
    path("terms", agreement_views.DocumentsView.as_view(), name="terms"),
    path("me/agreements", agreement_views.MyAgreementsView.as_view(), name="my-agreements"),
    path("erasures", agreement_views.ErasureProofsView.as_view(), name="erasure-proofs"),
    path("erasures/<uuid:proof_id>", agreement_views.ErasureProofView.as_view(), name="erasure-proof"),
    path("consultant/firms", firm_views.ClientFirmsView.as_view(), name="consultant-firms"),
    path("invitations/offer", people_views.InvitationOfferView.as_view(), name="invitation-offer"),
    path("invitations/accept", people_views.InvitationAcceptView.as_view(), name="invitation-accept"),
    path(
        "invitations/accept-as-new",
        people_views.InvitationAcceptAsNewView.as_view(),
        name="invitation-accept-as-new",
    ),
]
