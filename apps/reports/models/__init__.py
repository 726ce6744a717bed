"""Tables of reports: the derived ledger, rebuilt from Clio's mirror and never edited, and what firms keep."""

from django.db import models

from apps.reports.models.checks import LedgerCheck
from apps.reports.models.custom import CustomReport, CustomReportVersion
from apps.reports.models.facts import (
    CohortFacts,
    FactsState,
    LineFacts,
    SettleFacts,
    TimeFacts,
    WorkBilledFacts,
    WorkCollectedFacts,
)
from apps.reports.models.kept import (
    CostRate,
    CreditSplit,
    EmploymentDates,
    ExchangeRate,
    FeeSplit,
    Kept,
    Leave,
    Rules,
    SettingsVersion,
    StandardRate,
    Target,
    WorkingTime,
)
from apps.reports.models.money import LedgerBill, LedgerInterest, LedgerLine, LedgerSettlement
from apps.reports.models.people import Employment, LedgerCategory, LedgerMatter, LedgerName, LedgerPerson
from apps.reports.models.spans import LedgerBillLife, LedgerMatterSpan
from apps.reports.models.state import LedgerProgress, LedgerState
from apps.reports.models.trust import LedgerTrust, LedgerTrustCheck
from apps.reports.models.work import LedgerExpense, LedgerTime

LEDGER_TABLES = (
    LedgerTime,
    LedgerExpense,
    LedgerLine,
    LedgerSettlement,
    LedgerInterest,
    LedgerBill,
    LedgerMatter,
    Employment,
    LedgerPerson,
    LedgerName,
    LedgerCategory,
    LedgerTrust,
    LedgerTrustCheck,
    LedgerMatterSpan,
    LedgerBillLife,
    TimeFacts,
    LineFacts,
    SettleFacts,
    CohortFacts,
    WorkBilledFacts,
    WorkCollectedFacts,
    FactsState,
)
"""What is made from the mirror."""

KEPT_TABLES: tuple[type[models.Model], ...] = (
    CostRate,
    CreditSplit,
    EmploymentDates,
    ExchangeRate,
    FeeSplit,
    Leave,
    Rules,
    SettingsVersion,
    StandardRate,
    Target,
    WorkingTime,
)
"""What people of a firm wrote."""

__all__ = [
    "KEPT_TABLES",
    "LEDGER_TABLES",
    "CohortFacts",
    "CostRate",
    "CreditSplit",
    "CustomReport",
    "CustomReportVersion",
    "Employment",
    "EmploymentDates",
    "ExchangeRate",
    "FactsState",
    "FeeSplit",
    "Kept",
    "Leave",
    "LedgerBill",
    "LedgerBillLife",
    "LedgerCategory",
    "LedgerCheck",
    "LedgerExpense",
    "LedgerInterest",
    "LedgerLine",
    "LedgerMatter",
    "LedgerMatterSpan",
    "LedgerName",
    "LedgerPerson",
    "LedgerProgress",
    "LedgerSettlement",
    "LedgerState",
    "LedgerTime",
    "LedgerTrust",
    "LedgerTrustCheck",
    "LineFacts",
    "Rules",
    "SettingsVersion",
    "SettleFacts",
    "StandardRate",
    "Target",
    "TimeFacts",
    "WorkBilledFacts",
    "WorkCollectedFacts",
    "WorkingTime",
]
