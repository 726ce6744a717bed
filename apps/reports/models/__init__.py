"""Tables of reports: the derived ledger, rebuilt from Clio's mirror and never edited, and what firms keep."""

from django.db import models

from apps.reports.models.by_bill import LinesOfBill, MoneyOfBill
from apps.reports.models.checks import LedgerCheck
from apps.reports.models.closes import FrozenRow, PeriodClose
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
from apps.reports.models.forecasts import ForecastWeekKept
from apps.reports.models.kept import (
    CostRate,
    CreditSplit,
    EmploymentDates,
    ExchangeRate,
    FeeSplit,
    FormerKeptRow,
    Kept,
    Leave,
    MergedPracticeArea,
    MergedTimekeeper,
    Rules,
    SettingsVersion,
    StandardRate,
    Target,
    WorkingTime,
)
from apps.reports.models.memos import LedgerCreditMemo
from apps.reports.models.money import LedgerBill, LedgerInterest, LedgerLine, LedgerSettlement
from apps.reports.models.owed import LedgerOwed
from apps.reports.models.people import Employment, LedgerCategory, LedgerMatter, LedgerName, LedgerPerson
from apps.reports.models.snapshots import (
    Snapshot,
    SnapshotMatter,
    SnapshotReceivable,
    SnapshotTrust,
    SnapshotUnbilled,
)
from apps.reports.models.spans import LedgerBillLife, LedgerMatterSpan
from apps.reports.models.state import LedgerProgress, LedgerState
from apps.reports.models.trust import LedgerTrust, LedgerTrustCheck, LedgerTrustRequest
from apps.reports.models.walls import LedgerGoneMatter, LedgerGroupAccess
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
    LedgerCreditMemo,
    LedgerTrust,
    LedgerTrustCheck,
    LedgerTrustRequest,
    LedgerMatterSpan,
    LedgerBillLife,
    LedgerGroupAccess,
    LedgerGoneMatter,
    LedgerOwed,
    LinesOfBill,
    MoneyOfBill,
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
    FormerKeptRow,
    Leave,
    MergedPracticeArea,
    MergedTimekeeper,
    Rules,
    SettingsVersion,
    StandardRate,
    Target,
    WorkingTime,
)
"""What people of a firm wrote."""

SNAPSHOT_TABLES: tuple[type[models.Model], ...] = (
    SnapshotUnbilled,
    SnapshotReceivable,
    SnapshotTrust,
    SnapshotMatter,
    Snapshot,
)
"""What was known at the end of each day, kept for ever."""

__all__ = [
    "KEPT_TABLES",
    "LEDGER_TABLES",
    "SNAPSHOT_TABLES",
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
    "ForecastWeekKept",
    "FormerKeptRow",
    "FrozenRow",
    "Kept",
    "Leave",
    "LedgerBill",
    "LedgerBillLife",
    "LedgerCategory",
    "LedgerCheck",
    "LedgerCreditMemo",
    "LedgerExpense",
    "LedgerGoneMatter",
    "LedgerGroupAccess",
    "LedgerInterest",
    "LedgerLine",
    "LedgerMatter",
    "LedgerMatterSpan",
    "LedgerName",
    "LedgerOwed",
    "LedgerPerson",
    "LedgerProgress",
    "LedgerSettlement",
    "LedgerState",
    "LedgerTime",
    "LedgerTrust",
    "LedgerTrustCheck",
    "LedgerTrustRequest",
    "LineFacts",
    "LinesOfBill",
    "MergedPracticeArea",
    "MergedTimekeeper",
    "MoneyOfBill",
    "PeriodClose",
    "Rules",
    "SettingsVersion",
    "SettleFacts",
    "Snapshot",
    "SnapshotMatter",
    "SnapshotReceivable",
    "SnapshotTrust",
    "SnapshotUnbilled",
    "StandardRate",
    "Target",
    "TimeFacts",
    "WorkBilledFacts",
    "WorkCollectedFacts",
    "WorkingTime",
]
