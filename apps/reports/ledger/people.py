"""Matters and employment: what rows are tested by, and on which days a timekeeper has capacity."""

from apps.reports.ledger.part import Builder

_MATTERS = """
INSERT INTO reports_matter (firm_id, matter_id, client_id, practice_area_id, responsible_id, originating_id, group_id,
                            status, billing_method, name)
SELECT %(firm)s, matter_id, client_id, practice_area_id, responsible_attorney_id, originating_attorney_id, group_id,
       status, billing_method, concat_ws(' ', display_number, nullif(description, ''))
FROM clio_out_matters WHERE firm_id = %(firm)s
"""
_PEOPLE = """
INSERT INTO reports_person (firm_id, timekeeper_id, name, role, is_active)
SELECT %(firm)s, user_id, coalesce(name, ''), subscription_type, enabled IS NOT FALSE
FROM clio_out_users WHERE firm_id = %(firm)s
"""
_NAMES = """
INSERT INTO reports_name (firm_id, kind, record_id, name)
SELECT %(firm)s, 'contact', contact_id, coalesce(name, '') FROM clio_out_contacts WHERE firm_id = %(firm)s
UNION ALL
SELECT %(firm)s, 'practice_area', practice_area_id, coalesce(name, '') FROM clio_out_practice_areas
WHERE firm_id = %(firm)s
"""
# K2. Start: the earlier of creation and first entry. End: the day first seen disabled, or the last entry up to today
# (R14) where the person was disabled before the first sync; instants are compared, a UTC day may be the firm's next. A
# NonAttorney has capacity on days with an entry in the 12 months ending that day: an entry of 29 February reaches to
# 28 February, any other to the day before its anniversary.
_EMPLOYMENT = """
WITH days AS (
    SELECT DISTINCT timekeeper_id, worked_on FROM reports_time
    WHERE firm_id = %(firm)s AND timekeeper_id IS NOT NULL AND worked_on <= %(today)s
), bounds AS (
    SELECT u.user_id, u.subscription_type IS NOT DISTINCT FROM 'NonAttorney' AS is_occasional,
           least((u.created_at AT TIME ZONE %(zone)s)::date, d.first_on) AS starts_on,
           CASE WHEN u.enabled IS NOT FALSE THEN NULL
                WHEN u.disabled_seen_at > u.first_synced_at THEN (u.disabled_seen_at AT TIME ZONE %(zone)s)::date
                ELSE coalesce(d.last_on, '-infinity') END AS ends_on
    FROM clio_out_users u
    LEFT JOIN (SELECT timekeeper_id, min(worked_on) AS first_on, max(worked_on) AS last_on FROM days GROUP BY 1) d
           ON d.timekeeper_id = u.user_id
    WHERE u.firm_id = %(firm)s AND NOT coalesce(u.clio_connect, false)
), reach AS (
    SELECT timekeeper_id, worked_on, (worked_on + interval '1 year')::date
           - CASE WHEN to_char(worked_on, 'MMDD') = '0229' THEN 0 ELSE 1 END AS reaches_to
    FROM days
), islands AS (
    SELECT reach.*, sum(is_new) OVER (PARTITION BY timekeeper_id ORDER BY worked_on) AS island
    FROM (SELECT r.*, (worked_on > coalesce(lag(reaches_to) OVER (PARTITION BY timekeeper_id ORDER BY worked_on) + 1,
                                            '-infinity'))::int AS is_new FROM reach r) reach
), spans AS (
    SELECT user_id, starts_on, ends_on FROM bounds WHERE NOT is_occasional
    UNION ALL
    SELECT b.user_id, greatest(b.starts_on, min(i.worked_on)), least(b.ends_on, max(i.reaches_to))
    FROM bounds b JOIN islands i ON i.timekeeper_id = b.user_id WHERE b.is_occasional
    GROUP BY b.user_id, b.starts_on, b.ends_on, i.island
)
INSERT INTO reports_employment (firm_id, timekeeper_id, starts_on, ends_on)
SELECT %(firm)s, user_id, starts_on, ends_on FROM spans
WHERE starts_on IS NOT NULL AND (ends_on IS NULL OR ends_on >= starts_on)
"""


def write_people(builder: Builder) -> None:
    """Exchange the firm's matters and spans of employment; TIME is written by then."""
    builder.run(
        "DELETE FROM reports_matter WHERE firm_id = %(firm)s",
        _MATTERS,
        "DELETE FROM reports_person WHERE firm_id = %(firm)s",
        _PEOPLE,
        "DELETE FROM reports_name WHERE firm_id = %(firm)s",
        _NAMES,
        "DELETE FROM reports_employment WHERE firm_id = %(firm)s",
        _EMPLOYMENT,
    )
