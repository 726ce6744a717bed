"""Field names of nested objects that no list here serves. Source: the contract file, the schemas they refer to."""

ACCOUNT_BALANCE = ("id", "balance", "type", "name", "currency_id")
ACCOUNT = ("id", "etag", "name", "state", "created_at", "updated_at")
ACTIVITY_DESCRIPTION_RATE = ("amount", "non_billable_amount", "type", "hierarchy")
ACTIVITY_TEXT_MESSAGE_CONVERSATION = ("id", "etag")
ADDRESS = (
    "id", "etag", "street", "city", "province", "postal_code", "country", "name", "primary", "created_at",
    "updated_at",
)  # fmt: skip
ATTENDEE = ("id", "etag", "type", "name", "enabled", "email", "created_at", "updated_at")
ATTORNEY_ALLOCATION = (
    "id", "etag", "account_id", "resource_id", "resource_type", "originating_attorney_allocation",
    "responsible_attorney_allocation", "created_at", "updated_at",
)  # fmt: skip
AVATAR = ("id", "etag", "url", "_destroy", "created_at", "updated_at")
BALANCE = ("id", "amount", "type", "interest_amount", "due")
BILL_THEME = ("id", "etag", "account_id", "default", "name", "config", "created_at", "updated_at")
CALENDAR_ENTRY_EVENT_TYPE = ("id", "etag", "color", "name", "created_at", "updated_at")
CALENDAR = (
    "id", "etag", "color", "light_color", "court_rules_default_calendar", "name", "permission", "type", "visible",
    "source", "created_at", "updated_at",
)  # fmt: skip
CLIENT_PORTAL = ("id", "etag", "unread_count", "unread_notifiable_count", "created_at", "updated_at")
CLIO_PAYMENTS_LINK = (
    "id", "etag", "active", "amount", "currency", "description", "email_address", "expires_at",
    "is_allocated_as_revenue", "redirect_url", "url", "created_at",
)  # fmt: skip
COMMUNICATION = (
    "id", "etag", "subject", "body", "type", "date", "time_entries_count", "received_at", "created_at",
    "updated_at",
)  # fmt: skip
CONFERENCE_MEETING = (
    "id", "etag", "conference_id", "conference_password", "join_url", "type", "source_id", "created_at",
    "updated_at",
)  # fmt: skip
CONTINGENCY_FEE = ("id", "etag", "show_contingency_award", "created_at", "updated_at")
CUSTOM_FIELD_SET_ASSOCIATION = ("id", "etag", "display_order", "created_at", "updated_at")
CUSTOM_FIELD_VALUE = (
    "id", "etag", "field_name", "field_type", "field_required", "field_displayed", "field_display_order", "value",
    "soft_deleted", "custom_field", "picklist_option", "matter", "contact", "created_at", "updated_at",
)  # fmt: skip
DISCOUNT = ("rate", "type", "note", "early_payment_rate", "early_payment_period")
DOCUMENT_VERSION = (
    "id", "etag", "document_id", "uuid", "filename", "size", "version_number", "content_type", "received_at",
    "put_url", "fully_uploaded", "created_at", "updated_at",
)  # fmt: skip
EMAIL_ADDRESS = ("id", "etag", "address", "name", "primary", "created_at", "updated_at")
EVERGREEN_RETAINER = ("id", "etag", "minimum_threshold", "created_at", "updated_at")
EXTERNAL_PROPERTY = ("id", "etag", "name", "value", "created_at", "updated_at")
FOLDER = ("id", "etag", "deleted_at", "type", "locked", "name", "root", "created_at", "updated_at")
INSTANT_MESSENGER = ("id", "etag", "address", "name", "created_at", "updated_at")
INTEREST = ("balance", "period", "rate", "total", "type")
JOB_TITLE = ("id", "etag", "name", "initials")
KYC_FIELD_VALUE = (
    "id", "etag", "field_name", "field_label", "field_type", "field_value", "field_possible_values", "group",
    "created_at", "updated_at",
)  # fmt: skip
LEGAL_AID_UK_ACTIVITY = (
    "id", "activity_sub_category", "advocacy", "base_rate", "bolt_ons", "bolt_ons_summary", "court",
    "eligible_for_sqm", "expert", "form_of_civil_legal_service", "is_custom_rate", "json_key", "region",
    "tax_exclusive", "uplift", "user_type",
)  # fmt: skip
LEGAL_AID_UK_BILL = (
    "id", "additional_travel_payment", "adjourned_hearing_fee", "advocacy_costs", "advice_time", "bill_type",
    "case_concluded", "case_stage_level", "cla_exemption_code", "cla_reference", "cmrh_oral", "cmrh_telephone",
    "cost_of_counsel", "costs_are_those_of", "court_location", "date_of_claim",
    "designated_accredited_representative", "detention_travel_and_waiting_costs", "disbursements_vat",
    "exceptional_case_funding_reference", "exemption_criteria_satisfied", "fee_code", "follow_on_work",
    "ho_interview", "ho_ucn", "independent_medical_reports_claimed", "jr_form_filling", "maat_id",
    "meetings_attended", "mht_ref_no", "net_disbursements", "net_profit_costs",
    "niat_disbursement_prior_authority_number", "number_of_attendances", "outcome_for_the_client",
    "profit_costs_ex_vat", "prior_authority_reference", "representation_order_date", "stage_reached",
    "substantive_hearing", "travel_and_waiting_costs", "travel_time", "value_of_costs", "waiting_time",
)  # fmt: skip
LEGAL_AID_UK_CONTACT = (
    "id", "disability", "disability_code", "ethnicity", "ethnicity_title", "financially_eligible", "gender",
    "gender_title", "national_insurance_number",
)  # fmt: skip
LEGAL_AID_UK_MATTER = (
    "id", "etag", "access_point", "laa_office_number", "ait_hearing_centre",
    "attended_several_hearings_acting_for_multiple_clients", "bill_ho_ucn", "bill_number_of_attendances",
    "bill_outcome_for_the_client_code", "bill_stage_reached_code", "case_reference", "case_start_date", "category",
    "category_as_string", "certificate_effective_date", "certificate_expiration_date", "certificate_number",
    "certificate_scope", "certification_type", "change_of_solicitor", "client_equal_opportunity_monitoring",
    "client_type", "clr_start_date", "clr_total_profit_costs", "cost_limit", "counsel", "court", "court_id",
    "court_id_code", "delivery_location", "dscc_number", "duty_solicitor", "exceptional_case_funding_reference",
    "expense_limit", "fee_scheme", "first_conducting_solicitor", "irc_surgery", "legacy_case",
    "legal_representation_number", "lh_total_disbursements", "lh_start_date", "lh_total_profit_costs",
    "linked_matter_id", "local_authority_number", "maat_id", "matter_type", "matter_type_code", "matter_type_1",
    "matter_type_1_code", "matter_type_1_title", "matter_type_2", "matter_type_2_code", "matter_type_2_title",
    "matter_types_combined", "number_of_clients_seen_at_surgery", "number_of_clients", "party", "police_station",
    "post_transfer_clients_represented", "postal_application_accepted", "prior_authority_reference", "prison_id",
    "prison_law_prior_approval_number", "procurement_area", "region", "related_claims_number",
    "representation_order_date", "schedule_reference_number", "scheme_id", "session_type", "solicitor_type",
    "standard_fee_category", "surgery_clients_resulting_in_a_legal_help_matter_opened", "surgery_clients",
    "surgery_date", "transfer_date", "type_of_advice", "type_of_service", "ucn", "ufn", "undesignated_area_court",
    "user_type", "youth_court", "created_at", "updated_at",
)  # fmt: skip
LINE_ITEM_TOTALS = ("quantity", "price", "discount_percent", "total", "sub_total")
MATTER_BALANCE = ("id", "amount")
MATTER_BILL_RECIPIENT = ("id", "etag", "recipient", "created_at", "updated_at")
MATTER_BUDGET = (
    "id", "etag", "budget", "include_expenses", "notification_threshold", "notify_users", "created_at",
    "updated_at",
)  # fmt: skip
MATTER_CUSTOM_RATE = ("type", "on_invoice", "rates")
MATTER_DOCKET = ("id", "etag", "name", "start_date", "start_time", "status", "deleted_at", "created_at", "updated_at")
NOTE = (
    "id", "etag", "type", "subject", "detail", "detail_text_type", "date", "time_entries_count", "created_at",
    "updated_at",
)  # fmt: skip
NOTIFICATION_METHOD = ("id", "etag", "type", "email_address", "is_default_email_address", "created_at", "updated_at")
PARTICIPANT = (
    "id", "etag", "type", "identifier", "secondary_identifier", "enabled", "name", "initials", "job_title_name",
    "avatar", "created_at", "updated_at",
)  # fmt: skip
PAYMENT_PROFILE = (
    "id", "etag", "billing_setting_id", "name", "terms", "discount_rate", "discount_period", "interest_rate",
    "interest_period", "interest_type", "created_at", "updated_at",
)  # fmt: skip
PHONE_NUMBER = ("id", "etag", "number", "name", "primary", "created_at", "updated_at")
POLYMORPHIC_OBJECT = ("id", "type", "identifier", "secondary_identifier", "tertiary_identifier")
REMINDER = ("id", "etag", "duration", "next_delivery_at", "state", "created_at", "updated_at")
SPLIT_INVOICE_PAYER = (
    "id", "etag", "contact_id", "matter_id", "send_to_bill_recipients", "split_portion", "created_at", "updated_at",
)  # fmt: skip
SPLIT_INVOICE = (
    "id", "etag", "bill_id", "linked_invoices_display_numbers", "linked_invoices_ids", "split_connection_id",
    "split_portion", "created_at", "updated_at",
)  # fmt: skip
TASK_TEMPLATE_LIST_INSTACE = ("id", "etag", "created_at", "updated_at")
TASK_TYPE = ("id", "etag", "name", "deleted_at", "created_at", "updated_at")
TIMER = ("id", "etag", "start_time", "elapsed_time", "created_at", "updated_at")
UTBMS_CODE = ("id", "etag", "name", "code", "description", "type", "utbms_set_id", "created_at", "updated_at")
WEB_SITE = ("id", "etag", "address", "name", "default_web_site", "created_at", "updated_at")
