-- The mirror of a firm of %(activities)s activities over %(months)s months, without a sync.
-- 840 matters are worked on in any month by three people each, for 20 months, and billed monthly: in ten years of
-- 1,000,000 entries some 100,000 bills. One entry in ten is not billable, one in twelve an expense. Bills are paid after
-- some weeks, most in full, some in half, some not at all; the rest is written off after 18 months.

INSERT INTO clio_users (firm_id, clio_id, name, enabled, clio_connect, subscription_type, rate, created_at)
SELECT %(firm)s, n, 'Timekeeper ' || n, true, false, CASE WHEN n %% 10 = 0 THEN 'NonAttorney' ELSE 'Attorney' END,
       300, '2016-10-18' FROM generate_series(1, %(people)s) n;

INSERT INTO clio_contacts (firm_id, clio_id, name, type, is_client)
SELECT %(firm)s, n, 'Client ' || n, 'Company', true FROM generate_series(1, 2500) n;

INSERT INTO clio_practice_areas (firm_id, clio_id, name) SELECT %(firm)s, n, 'Area ' || n FROM generate_series(1, 8) n;

INSERT INTO clio_matters (firm_id, clio_id, display_number, billable, billing_method, client_id, practice_area_id,
                          responsible_attorney_id, originating_attorney_id)
SELECT %(firm)s, n, n::text, true, CASE WHEN n %% 9 = 0 THEN 'flat' ELSE 'hourly' END, 1 + n %% 2500, 1 + n %% 8,
       1 + n %% %(people)s, 1 + n * 7 %% %(people)s FROM generate_series(0, %(months)s * 42 + 840) n;

INSERT INTO clio_activities (firm_id, clio_id, type, date, quantity, rounded_quantity, quantity_redacted, price, total,
    non_billable, non_billable_total, no_charge, flat_rate, contingency_fee, created_at, user_id, matter_id, bill_id)
SELECT %(firm)s, n, CASE WHEN n %% 12 = 0 THEN 'HardCostEntry' ELSE 'TimeEntry' END,
       date, 360 * (1 + n %% 19), 360 * (1 + n %% 19), false, 300,
       CASE WHEN n %% 10 = 3 THEN 0 ELSE 30 * (1 + n %% 19) END, n %% 10 = 3,
       CASE WHEN n %% 10 = 3 THEN 30 * (1 + n %% 19) ELSE 0 END, false, false, false, date + interval '20 hours',
       1 + (n / 840 %% 3 * 17 + n %% 840 * 7) %% %(people)s, matter,
       CASE WHEN n %% 10 <> 3 AND month < %(months)s - 1 THEN month * 100000 + matter END
FROM (SELECT n, month, month * 42 + n * 7919 %% 840 AS matter,
             first_on + (n * (date '2026-10-17' - first_on) / %(activities)s)::int AS date
      FROM (SELECT n, n * %(months)s / (%(activities)s + 1) AS month,
                   (date '2026-10-18' - make_interval(months => %(months)s))::date AS first_on
            FROM generate_series(1::bigint, %(activities)s) n) x) y;

INSERT INTO clio_line_items (firm_id, clio_id, type, kind, date, price, quantity, sub_total, total, tax, secondary_tax,
                             bill_id, activity_id, matter_id, user_id)
SELECT firm_id, clio_id, 'ActivityLineItem', CASE WHEN type = 'TimeEntry' THEN 'Service' ELSE 'Expense' END, date, price,
       rounded_quantity / 3600, total * CASE WHEN clio_id %% 25 = 0 THEN 0.9 ELSE 1 END, total, 0, 0, bill_id, clio_id,
       matter_id, user_id
FROM clio_activities WHERE firm_id = %(firm)s AND bill_id IS NOT NULL;

INSERT INTO clio_bills (firm_id, clio_id, kind, state, issued_at, due_at, due, balance, paid, credits_issued, client_id,
                        matter_ids)
SELECT firm_id, bill_id, 'revenue_kind', 'awaiting_payment', max(date) + 5, max(date) + 35, sum(sub_total),
       sum(sub_total) - paid, paid, 0, 1 + min(matter_id) %% 2500, ARRAY[min(matter_id)]
FROM (SELECT l.*, round(sum(sub_total) OVER (PARTITION BY bill_id)
                        * CASE WHEN bill_id %% 20 = 0 THEN 0 WHEN bill_id %% 10 = 0 THEN 0.5 ELSE 1 END, 2) AS paid
      FROM clio_line_items l WHERE firm_id = %(firm)s) l
GROUP BY firm_id, bill_id, paid;

INSERT INTO clio_allocations (firm_id, clio_id, date, amount, interest, created_at, bill_id, matter_id, parent_id,
                              parent_type)
SELECT firm_id, clio_id, issued_at + 20 + (clio_id %% 60)::int, paid, false, issued_at, clio_id, matter_ids[1], clio_id,
       'Payment'
FROM clio_bills WHERE firm_id = %(firm)s AND paid > 0;

INSERT INTO clio_synced_entities (firm_id, entity, first_completed_at, last_completed_at, records, read_from)
SELECT %(firm)s, entity, now(), now(), 0, now()
FROM unnest(%(entities)s::text[]) entity;

INSERT INTO clio_credit_memos (firm_id, clio_id, date, amount, discount)
SELECT firm_id, clio_id, issued_at + 540, due - paid, false
FROM clio_bills WHERE firm_id = %(firm)s AND due > paid AND issued_at < date '2026-10-17' - 540;

INSERT INTO clio_allocations (firm_id, clio_id, date, amount, interest, created_at, bill_id, parent_id, parent_type)
SELECT firm_id, 1000000000 + clio_id, date, amount, false, date, clio_id, clio_id, 'CreditMemo'
FROM clio_credit_memos WHERE firm_id = %(firm)s;

INSERT INTO clio_mirror_versions (firm_id, version) VALUES (%(firm)s, 1);
