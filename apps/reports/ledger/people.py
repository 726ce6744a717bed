"""Matters, people and names: what rows are tested and grouped by, and on which days a timekeeper has capacity."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from apps.reports.ledger.merges import exchange_merged, main_people
from apps.reports.ledger.part import Builder, factor

_MATTERS = f"""
INSERT INTO reports_matter (firm_id, matter_id, client_id, practice_area_id, responsible_id, originating_id, group_id,
                            stage_id, status, billing_method, name, billable, opened_on, has_open_date, pending_on,
                            closed_on, stage_since, last_entry_on, created_on, currency, budget,
                            budget_includes_expenses, budget_threshold, evergreen_minimum, originating_share,
                            responsible_share)
SELECT %(firm)s, matter_id, client_id, practice_area_id, responsible_attorney_id, originating_attorney_id, group_id,
       matter_stage_id, status, billing_method, concat_ws(' ', display_number, nullif(description, '')), billable,
       coalesce(open_date, CASE WHEN status IS DISTINCT FROM 'Pending' THEN created_on END), open_date IS NOT NULL,
       pending_date, close_date, (matter_stage_updated_at AT TIME ZONE %(zone)s)::date, last_activity_date, created_on,
       c.currency, round(budget * c.factor)::bigint, budget_includes_expenses, budget_threshold,
       round(evergreen_minimum * c.factor)::bigint, originating_share, responsible_share
FROM clio_out_matters m
CROSS JOIN LATERAL (SELECT coalesce(m.currency, %(currency)s) AS currency,
                           {factor("coalesce(m.currency, %(currency)s)")} AS factor,
                           (m.created_at AT TIME ZONE %(zone)s)::date AS created_on) c
WHERE firm_id = %(firm)s AND {{chosen}}
"""
_PEOPLE = """
INSERT INTO reports_person (firm_id, timekeeper_id, name, role, is_active, is_partner)
SELECT %(firm)s, user_id, coalesce(name, ''), subscription_type, enabled IS NOT FALSE,
       coalesce(job_title ILIKE '%%partner%%', false)
FROM clio_out_users WHERE firm_id = %(firm)s AND {chosen}
"""
_CONTACTS = """
INSERT INTO reports_name (firm_id, kind, record_id, name, company_id)
SELECT %(firm)s, 'contact', contact_id, coalesce(name, ''), company_id FROM clio_out_contacts
WHERE firm_id = %(firm)s AND (%(all_contacts)s OR contact_id = ANY(%(contacts)s::bigint[]))
"""
_CLEAR_CONTACTS = """
DELETE FROM reports_name WHERE firm_id = %(firm)s AND kind = 'contact'
AND (%(all_contacts)s OR record_id = ANY(%(contacts)s::bigint[]))
"""
_LISTS = """
INSERT INTO reports_name (firm_id, kind, record_id, name)
SELECT %(firm)s, 'practice_area', practice_area_id, coalesce(name, '') FROM clio_out_practice_areas
WHERE firm_id = %(firm)s
UNION ALL
SELECT %(firm)s, 'group', group_id, coalesce(name, '') FROM clio_out_groups WHERE firm_id = %(firm)s
UNION ALL
SELECT %(firm)s, 'stage', matter_stage_id, coalesce(name, '') FROM clio_out_matter_stages WHERE firm_id = %(firm)s
UNION ALL
SELECT %(firm)s, 'bank_account', bank_account_id, coalesce(name, '') FROM clio_out_bank_accounts
WHERE firm_id = %(firm)s
"""
_CATEGORIES = """
INSERT INTO reports_category (firm_id, category_id, name, utbms_task_id, utbms_activity_id)
SELECT %(firm)s, activity_description_id, coalesce(name, ''), utbms_task_id, utbms_activity_id
FROM clio_out_activity_descriptions WHERE firm_id = %(firm)s
UNION ALL
SELECT %(firm)s, -expense_category_id, coalesce(name, ''), NULL, NULL
FROM clio_out_expense_categories WHERE firm_id = %(firm)s
"""
_CLEAR_LISTS = (
    "DELETE FROM reports_name WHERE firm_id = %(firm)s AND kind <> 'contact'",
    "DELETE FROM reports_category WHERE firm_id = %(firm)s",
)
# K2. Start: the earlier of creation and first entry. End: the day first seen disabled, or the last entry up to today
# (R14) where the person was disabled before the first sync; instants are compared, a UTC day may be the firm's next. A
# NonAttorney has capacity on days with an entry in the 12 months ending that day: an entry of 29 February reaches to
# 28 February, any other to the day before its anniversary.
# The dates a firm keeps win over all that. So does the share of full time it keeps, from the day it does; without one a
# person works full time, a NonAttorney on those days only.
# Users of Clio who are one person are employed on the days that any of them is; their kind of subscription is that of
# the user they stand under.
_EMPLOYMENT = """
WITH accounts AS (
    SELECT p.user_id, p.is_occasional, least((u.created_at AT TIME ZONE %(zone)s)::date, d.first_on) AS starts_on,
           CASE WHEN u.enabled IS NOT FALSE THEN NULL
                WHEN u.disabled_seen_at > u.first_synced_at THEN (u.disabled_seen_at AT TIME ZONE %(zone)s)::date
                ELSE coalesce(d.last_on, '-infinity') END AS ends_on
    FROM clio_out_users u
    LEFT JOIN reports_merged_timekeeper g ON g.firm_id = %(firm)s AND g.timekeeper_id = u.user_id
    LEFT JOIN clio_out_users main ON main.firm_id = %(firm)s AND main.user_id = g.main_timekeeper_id
    CROSS JOIN LATERAL (
        SELECT coalesce(g.main_timekeeper_id, u.user_id) AS user_id,
               CASE WHEN g.main_timekeeper_id IS NULL THEN u.subscription_type ELSE main.subscription_type END
                   IS NOT DISTINCT FROM 'NonAttorney' AS is_occasional,
               EXISTS (SELECT FROM reports_merged_timekeeper o WHERE o.firm_id = %(firm)s
                       AND u.user_id IN (o.timekeeper_id, o.main_timekeeper_id)) AS is_several
    ) p
    CROSS JOIN LATERAL (
        SELECT min(day) AS first_on, max(day) AS last_on FROM (
            SELECT worked_on AS day FROM reports_time t
            WHERE NOT p.is_several AND t.firm_id = %(firm)s AND t.timekeeper_id = u.user_id
            UNION ALL
            SELECT a.date FROM clio_out_activities a
            WHERE p.is_several AND a.firm_id = %(firm)s AND a.user_id = u.user_id AND a.type = 'TimeEntry'
        ) days WHERE day <= %(today)s
    ) d
    WHERE u.firm_id = %(firm)s AND NOT coalesce(u.clio_connect, false) AND {chosen}
), told AS (
    SELECT DISTINCT user_id, is_occasional FROM accounts
), bounds AS (
    SELECT t.user_id, t.is_occasional, d.starts_on, d.ends_on
    FROM told t JOIN reports_employment_dates d ON d.firm_id = %(firm)s AND d.timekeeper_id = t.user_id
    UNION ALL
    SELECT user_id, is_occasional, lower(spell), upper(spell) - 1 FROM (
        SELECT user_id, is_occasional, unnest(range_agg(daterange(starts_on, ends_on, '[]'))) AS spell FROM accounts
        WHERE starts_on IS NOT NULL AND coalesce(ends_on >= starts_on, true)
          AND user_id NOT IN (SELECT timekeeper_id FROM reports_employment_dates WHERE firm_id = %(firm)s)
        GROUP BY user_id, is_occasional
    ) spells
), times AS (
    SELECT timekeeper_id, starts_on, fte, daily_hours, working_days,
           lead(starts_on) OVER (PARTITION BY timekeeper_id ORDER BY starts_on) - 1 AS ends_on
    FROM reports_working_time WHERE firm_id = %(firm)s
    UNION ALL
    SELECT user_id, '-infinity', NULL, NULL, NULL,
           (SELECT min(w.starts_on) - 1 FROM reports_working_time w
            WHERE w.firm_id = %(firm)s AND w.timekeeper_id = user_id)
    FROM told
), days AS (
    SELECT DISTINCT timekeeper_id, worked_on FROM reports_time
    WHERE firm_id = %(firm)s AND timekeeper_id IN (SELECT user_id FROM bounds WHERE is_occasional)
      AND worked_on <= %(today)s
), reach AS (
    SELECT timekeeper_id, worked_on, (worked_on + interval '1 year')::date
           - CASE WHEN to_char(worked_on, 'MMDD') = '0229' THEN 0 ELSE 1 END AS reaches_to
    FROM days
), islands AS (
    SELECT reach.*, sum(is_new) OVER (PARTITION BY timekeeper_id ORDER BY worked_on) AS island
    FROM (SELECT r.*, (worked_on > coalesce(lag(reaches_to) OVER (PARTITION BY timekeeper_id ORDER BY worked_on) + 1,
                                            '-infinity'))::int AS is_new FROM reach r) reach
), spans AS (
    SELECT b.user_id, greatest(b.starts_on, t.starts_on) AS starts_on, least(b.ends_on, t.ends_on) AS ends_on,
           coalesce(t.fte, 1) AS fte, t.daily_hours, t.working_days
    FROM bounds b JOIN times t ON t.timekeeper_id = b.user_id WHERE NOT b.is_occasional OR t.fte IS NOT NULL
    UNION ALL
    SELECT b.user_id, greatest(b.starts_on, t.starts_on, i.worked_on), least(b.ends_on, t.ends_on, i.reaches_to), 1,
           t.daily_hours, t.working_days
    FROM bounds b
    JOIN times t ON t.timekeeper_id = b.user_id
    JOIN (SELECT timekeeper_id, min(worked_on) AS worked_on, max(reaches_to) AS reaches_to FROM islands
          GROUP BY timekeeper_id, island) i ON i.timekeeper_id = b.user_id
    WHERE b.is_occasional AND t.fte IS NULL
)
INSERT INTO reports_employment (firm_id, timekeeper_id, starts_on, ends_on, fte, daily_hours, working_days)
SELECT %(firm)s, user_id, starts_on, ends_on, fte, daily_hours, working_days FROM spans
WHERE fte > 0 AND (ends_on IS NULL OR ends_on >= starts_on)
"""


def write_people(builder: Builder) -> None:
    """Exchange the part's matters, people, names and spans of employment; TIME is written by then."""
    part = builder.part
    if builder.values["rest"] or part.matter_ids:
        builder.run(
            _clear("reports_matter", "matter_id", "matters"), _MATTERS.format(chosen=_chosen("matter_id", "matters"))
        )
        exchange_merged(builder, "reports_matter")
    if builder.values["rest"] or part.user_ids:
        builder.run(
            _clear("reports_person", "timekeeper_id", "users"), _PEOPLE.format(chosen=_chosen("user_id", "users"))
        )
    if builder.values["all_contacts"] or part.contact_ids:
        builder.run(_CLEAR_CONTACTS, _CONTACTS)
    if builder.values["rest"] or part.lists:
        builder.run(*_CLEAR_LISTS, _LISTS, _CATEGORIES)
    if builder.values["rest"] or builder.values["employed"]:
        builder.run(
            _clear("reports_employment", "timekeeper_id", "employed"),
            _EMPLOYMENT.format(chosen=_chosen("p.user_id", "employed")),
            employed=main_people(builder),
        )


def _chosen(column: str, ids: str) -> str:
    return f"(%(rest)s OR {column} = ANY(%({ids})s::bigint[]))"


def _clear(table: str, column: str, ids: str) -> str:
    return f"DELETE FROM {table} WHERE firm_id = %(firm)s AND {_chosen(column, ids)}"
