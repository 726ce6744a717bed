"""The records that are checked."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from apps.reports.queries.quality.declaration import RowSet

_NONE = "NULL::bigint"
ENTRIES = RowSet(f"""
SELECT firm_id, 'entry' AS kind, activity_id AS row_id, '' AS part, work_class || ' time' AS detail, worked_on AS day,
       timekeeper_id, matter_id, {_NONE} AS bill_id, {_NONE} AS client_id, true AS is_time, work_class, value, seconds,
       is_agreed_fee, standard, cost
FROM reports_time WHERE firm_id = %(firm)s
UNION ALL
SELECT firm_id, 'entry', activity_id, '', work_class || ' expense', worked_on, timekeeper_id, matter_id, NULL, NULL,
       false, work_class, value, NULL, false, NULL, NULL
FROM reports_expense WHERE firm_id = %(firm)s
""")
MATTERS = RowSet(
    f"""
SELECT firm_id, 'matter' AS kind, matter_id AS row_id, '' AS part, coalesce(status, '') AS detail, opened_on AS day,
       {_NONE} AS timekeeper_id, matter_id, {_NONE} AS bill_id, client_id, practice_area_id, responsible_id,
       originating_id, has_open_date, opened_on, pending_on, closed_on, status
FROM reports_matter WHERE firm_id = %(firm)s
""",
    are_matters=True,
)
# A bill is seen through its lines.
_BILL = """
SELECT b.firm_id, 'bill' AS kind, b.bill_id AS row_id, '' AS part, coalesce(b.number, '') AS detail, b.issued_on AS day,
       l.timekeeper_id, l.matter_id, b.bill_id, b.payer_id AS client_id, b.issued_on, b.due_on, b.unreconciled,
       b.is_balanced
FROM reports_bill b LEFT JOIN reports_line l ON l.firm_id = b.firm_id AND l.bill_id = b.bill_id
WHERE b.firm_id = %(firm)s
"""
BILLS = RowSet(_BILL, repeats=True)
# Only who may see all of a person's work sees their days: such a row has no matter. Work behind a wall is in none.
PERSON_DAYS = RowSet(f"""
SELECT r.firm_id, 'person_day' AS kind, r.timekeeper_id AS row_id, r.worked_on::text AS part,
       round(sum(r.seconds) / 3600, 2) || ' hours' AS detail, r.worked_on AS day, r.timekeeper_id,
       {_NONE} AS matter_id, {_NONE} AS bill_id, {_NONE} AS client_id, sum(r.seconds) AS seconds
FROM reports_time r {{unwalled_join}}
WHERE r.firm_id = %(firm)s AND r.timekeeper_id IS NOT NULL AND r.worked_on IS NOT NULL AND {{unwalled}}
GROUP BY r.firm_id, r.timekeeper_id, r.worked_on
""")
TWINS = RowSet(f"""
SELECT firm_id, 'entry' AS kind, activity_id AS row_id, '' AS part, work_class || ' time' AS detail, worked_on AS day,
       timekeeper_id, matter_id, {_NONE} AS bill_id, {_NONE} AS client_id,
       row_number() OVER (PARTITION BY timekeeper_id, matter_id, worked_on, seconds, value, category_id
                          ORDER BY activity_id) AS place
FROM reports_time WHERE firm_id = %(firm)s AND seconds > 0
""")
AHEAD = RowSet(
    f"""
SELECT firm_id, kind, row_id, part, detail, day, timekeeper_id, matter_id, bill_id, client_id
FROM ({ENTRIES.rows}) entry WHERE day > %(today)s
UNION ALL
SELECT firm_id, kind, row_id, part, detail, day, timekeeper_id, matter_id, bill_id, client_id
FROM ({_BILL}) bill WHERE day > %(today)s
UNION ALL
SELECT firm_id, 'settlement', allocation_id, '', kind, settled_on, timekeeper_id, matter_id, bill_id, payer_id
FROM reports_settle WHERE firm_id = %(firm)s AND settled_on > %(today)s
UNION ALL
SELECT firm_id, 'interest_charge', interest_charge_id, '', 'interest', charged_on, NULL, matter_id, bill_id, payer_id
FROM reports_interest WHERE firm_id = %(firm)s AND charged_on > %(today)s
""",
    repeats=True,
    is_whole=False,
)
BILLED_MATTERS = RowSet(
    f"""
SELECT m.firm_id, 'matter' AS kind, m.matter_id AS row_id, '' AS part, l.currencies AS detail, m.opened_on AS day,
       {_NONE} AS timekeeper_id, m.matter_id, {_NONE} AS bill_id, m.client_id, l.is_mixed
FROM reports_matter m
JOIN (SELECT matter_id, string_agg(DISTINCT currency, ', ' ORDER BY currency) AS currencies,
             min(currency) <> max(currency) AS is_mixed
      FROM (SELECT r.matter_id, r.currency FROM reports_line r {{seen_join}}
            WHERE r.firm_id = %(firm)s AND r.item <> 'unreconciled' AND {{seen}}) seen
      GROUP BY matter_id) l ON l.matter_id = m.matter_id
WHERE m.firm_id = %(firm)s
""",
    are_matters=True,
)
# Only who sees the whole firm sees accounts: such a row has no matter.
TRUST_BALANCES = RowSet(
    f"""
SELECT firm_id, kind, record_id AS row_id, '' AS part, '' AS detail, NULL::date AS day, {_NONE} AS timekeeper_id,
       CASE WHEN kind = 'matter' THEN record_id END AS matter_id, {_NONE} AS bill_id, {_NONE} AS client_id
FROM reports_trust_check WHERE firm_id = %(firm)s
""",
    are_matters=True,
    is_whole=False,
)
