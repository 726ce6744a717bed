"""The dimension sets of kpis.md R17: what a metric may be broken down and filtered by."""

from apps.reports.contracts import Dimension

TIME_LIKE = frozenset(
    {
        Dimension.TIMEKEEPER,
        Dimension.ROLE,
        Dimension.MATTER,
        Dimension.CLIENT,
        Dimension.PRACTICE_AREA,
        Dimension.RESPONSIBLE,
        Dimension.ORIGINATING,
        Dimension.BILLING_METHOD,
        Dimension.CATEGORY,
        Dimension.UTBMS_TASK,
        Dimension.UTBMS_ACTIVITY,
    }
)
BILL_LIKE = TIME_LIKE | {Dimension.BILL, Dimension.PAYER, Dimension.FEE_EXPENSE}
MONEY_LIKE = BILL_LIKE | {Dimension.METHOD, Dimension.ALLOCATION}
EXPENSE_LIKE = TIME_LIKE | {Dimension.COST_KIND}
MATTER_LIKE = frozenset(
    {
        Dimension.MATTER,
        Dimension.CLIENT,
        Dimension.PRACTICE_AREA,
        Dimension.RESPONSIBLE,
        Dimension.ORIGINATING,
        Dimension.GROUP,
        Dimension.STAGE,
        Dimension.STATUS,
        Dimension.BILLING_METHOD,
    }
)
PEOPLE = frozenset({Dimension.TIMEKEEPER, Dimension.ROLE})
BALANCE = frozenset(
    {
        Dimension.CLIENT,
        Dimension.PAYER,
        Dimension.BILL,
        Dimension.MATTER,
        Dimension.PRACTICE_AREA,
        Dimension.RESPONSIBLE,
        Dimension.ORIGINATING,
        Dimension.TIMEKEEPER,
    }
)

NONE = {
    Dimension.TIMEKEEPER: "(Unassigned)",
    Dimension.ROLE: "(No role)",
    Dimension.MATTER: "(No matter)",
    Dimension.CLIENT: "(No client)",
    Dimension.COMPANY: "(No client)",
    Dimension.PAYER: "(No payer)",
    Dimension.PRACTICE_AREA: "(No practice area)",
    Dimension.RESPONSIBLE: "(No responsible attorney)",
    Dimension.ORIGINATING: "(No originator)",
    Dimension.GROUP: "(No group)",
    Dimension.STAGE: "(No stage)",
    Dimension.STATUS: "(No status)",
    Dimension.BILL: "(No bill)",
    Dimension.METHOD: "(No method)",
    Dimension.ALLOCATION: "(No allocation)",
    Dimension.TRANSACTION: "(No transaction)",
    Dimension.CATEGORY: "(No category)",
    Dimension.COST_KIND: "(No entry)",
    Dimension.UTBMS_TASK: "(No task code)",
    Dimension.UTBMS_ACTIVITY: "(No activity code)",
    Dimension.BANK_ACCOUNT: "(No account)",
}
"""The row of what lacks the attribute (R7)."""
