"""Everything that may happen at the firm, by name and how often."""

from __future__ import annotations

from collections.abc import Callable

from apps.clio.sandbox.live import access, billing, caseload, money, work
from apps.clio.sandbox.live.desk import Desk

Act = Callable[[Desk], int | None]
"""Does one thing and returns the id of the record it is about, or None when there is nothing to do it to."""

ACTS: dict[str, tuple[int, Act]] = {
    "time_entered": (300, work.enter_time),
    "time_edited": (110, work.edit_time),
    "entry_moved": (30, work.move_entry),
    "entry_billability_changed": (25, work.toggle_billable),
    "entry_removed": (25, work.remove_entry),
    "expense_entered": (50, work.enter_expense),
    "bill_drafted": (40, billing.draft_bill),
    "draft_changed": (30, billing.change_draft),
    "draft_submitted": (15, billing.submit_draft),
    "bill_approved": (40, billing.approve_bill),
    "bill_reopened": (10, billing.reopen_bill),
    "bill_voided": (6, billing.void_bill),
    "draft_deleted": (8, billing.delete_draft),
    "bill_paid": (60, money.pay_bill),
    "online_payment_started": (20, money.start_online_payment),
    "online_payment_finished": (22, money.finish_online_payment),
    "payment_voided": (8, money.void_payment),
    "bill_credited": (12, money.write_off),
    "credit_voided": (4, money.void_credit),
    "interest_charged": (8, money.charge_interest),
    "trust_deposited": (12, money.deposit_trust),
    "contact_added": (15, caseload.add_contact),
    "contact_renamed": (8, caseload.rename_contact),
    "contacts_merged": (3, caseload.merge_contacts),
    "matter_taken": (12, caseload.take_matter),
    "matter_closed": (6, caseload.close_matter),
    "matter_reopened": (4, caseload.reopen_matter),
    "matter_handed_over": (14, caseload.hand_over_matter),
    "matter_restricted": (2, caseload.restrict_matter),
    "relationship_changed": (8, caseload.relate),
    "task_added": (30, caseload.add_task),
    "task_finished": (26, caseload.finish_task),
    "appointment_changed": (24, caseload.make_appointment),
    "rate_changed": (2, caseload.change_rate),
    "user_disabled": (1, caseload.disable_user),
    "circle_changed": (1, access.change_circle),
    "entry_written_off": (4, work.write_off_entry),
    "hours_hidden": (0, access.hide_hours),
    "permission_lost": (0, access.take_permission),
}
"""Name -> weight and what it does; weight 0 happens on demand only."""
