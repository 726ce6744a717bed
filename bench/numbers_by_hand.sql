-- The overview's figures by hand, one statement per group of KPIs, on the mirror itself. Anyone may improve them.
-- Values: firm, first, last (both included).

-- time
WITH hours AS (
    SELECT date_trunc('month', a.date::timestamp)::date AS month, a.user_id,
           sum(a.rounded_quantity) FILTER (WHERE NOT coalesce(a.non_billable, false) AND NOT coalesce(a.no_charge, false)
                                             AND coalesce(m.billable, true)) AS billable,
           sum(a.rounded_quantity) AS recorded
    FROM clio_activities a LEFT JOIN clio_matters m ON m.firm_id = a.firm_id AND m.clio_id = a.matter_id
    WHERE a.firm_id = %(firm)s AND a.type = 'TimeEntry' AND a.gone_at IS NULL AND a.date BETWEEN %(first)s AND %(last)s
      AND NOT coalesce(a.flat_rate, false) AND NOT coalesce(a.contingency_fee, false)
    GROUP BY 1, 2
), capacity AS (
    SELECT date_trunc('month', day)::date AS month, u.clio_id AS user_id, count(*) * 8 * 3600 AS available
    FROM clio_users u
    JOIN generate_series(%(first)s::timestamp, %(last)s::timestamp, interval '1 day') day ON day >= u.created_at
    WHERE u.firm_id = %(firm)s AND NOT coalesce(u.clio_connect, false) AND extract(isodow FROM day) < 6
    GROUP BY 1, 2
)
SELECT month, sum(billable) / 3600, sum(recorded) / 3600, sum(available) / 3600, sum(billable) / sum(available)
FROM capacity LEFT JOIN hours USING (month, user_id) GROUP BY ROLLUP (month);

-- billing
SELECT coalesce(b.currency_code, 'USD'), date_trunc('month', b.issued_at::timestamp)::date,
       sum(l.sub_total) FILTER (WHERE l.kind = 'Service'), sum(l.sub_total) FILTER (WHERE l.kind = 'Expense'),
       sum(l.quantity) FILTER (WHERE l.kind = 'Service' AND a.type = 'TimeEntry'),
       sum(l.sub_total) FILTER (WHERE l.kind = 'Service' AND coalesce(m.billing_method, 'hourly') = 'hourly')
       / nullif(sum(coalesce(a.unbilled_total, a.total)) FILTER (
             WHERE l.kind = 'Service' AND coalesce(m.billing_method, 'hourly') = 'hourly'), 0)
FROM clio_bills b
JOIN clio_line_items l ON l.firm_id = b.firm_id AND l.bill_id = b.clio_id
LEFT JOIN clio_activities a ON a.firm_id = b.firm_id AND a.clio_id = l.activity_id
LEFT JOIN clio_matters m ON m.firm_id = b.firm_id AND m.clio_id = l.matter_id
WHERE b.firm_id = %(firm)s AND b.state IN ('awaiting_payment', 'paid') AND b.kind IS DISTINCT FROM 'trust_kind'
  AND b.gone_at IS NULL AND l.gone_at IS NULL AND b.issued_at BETWEEN %(first)s AND %(last)s
GROUP BY 1, ROLLUP (2);

-- cash
WITH paid AS (
    SELECT al.bill_id, al.date, al.amount FROM clio_allocations al
    WHERE al.firm_id = %(firm)s AND al.gone_at IS NULL AND al.voided_at IS NULL AND al.parent_type = 'Payment'
), share AS (
    SELECT b.clio_id AS bill_id, coalesce(b.currency_code, 'USD') AS currency, b.issued_at,
           sum(l.sub_total) FILTER (WHERE l.kind = 'Service') / nullif(sum(l.sub_total), 0) AS fees, sum(l.sub_total) AS net
    FROM clio_bills b JOIN clio_line_items l ON l.firm_id = b.firm_id AND l.bill_id = b.clio_id
    WHERE b.firm_id = %(firm)s AND b.state IN ('awaiting_payment', 'paid') AND b.kind IS DISTINCT FROM 'trust_kind'
      AND (b.issued_at BETWEEN %(first)s AND %(last)s
           OR b.clio_id IN (SELECT bill_id FROM paid WHERE date BETWEEN %(first)s AND %(last)s))
    GROUP BY 1, 2, 3
)
SELECT s.currency, date_trunc('month', p.date::timestamp)::date, sum(p.amount * s.fees), sum(p.amount * (1 - s.fees)),
       NULL::numeric
FROM paid p JOIN share s USING (bill_id) WHERE p.date BETWEEN %(first)s AND %(last)s GROUP BY 1, ROLLUP (2)
UNION ALL
SELECT currency, date_trunc('month', issued_at::timestamp)::date, NULL, NULL, sum(paid) / sum(net)
FROM (SELECT s.currency, s.issued_at, s.net, coalesce(sum(p.amount), 0) AS paid
      FROM share s LEFT JOIN paid p USING (bill_id) WHERE s.issued_at BETWEEN %(first)s AND %(last)s
      GROUP BY s.bill_id, 1, 2, 3) cohort GROUP BY 1, ROLLUP (2);

-- balances
WITH open_bill AS (
    SELECT b.clio_id, coalesce(b.currency_code, 'USD') AS currency, %(last)s::date - coalesce(b.due_at, b.issued_at) AS age,
           b.due - coalesce(al.settled, 0) AS balance
    FROM clio_bills b
    LEFT JOIN (SELECT bill_id, sum(amount) AS settled FROM clio_allocations
               WHERE firm_id = %(firm)s AND gone_at IS NULL AND voided_at IS NULL AND date <= %(last)s
               GROUP BY bill_id) al ON al.bill_id = b.clio_id
    WHERE b.firm_id = %(firm)s AND b.state IN ('awaiting_payment', 'paid') AND b.kind IS DISTINCT FROM 'trust_kind'
      AND b.gone_at IS NULL AND b.issued_at <= %(last)s
)
SELECT currency, 'receivable', sum(balance) FILTER (WHERE balance > 0),
       sum(balance) FILTER (WHERE balance > 0 AND age <= 0), sum(balance) FILTER (WHERE balance > 0 AND age BETWEEN 1 AND 30),
       sum(balance) FILTER (WHERE balance > 0 AND age BETWEEN 31 AND 60),
       sum(balance) FILTER (WHERE balance > 0 AND age BETWEEN 61 AND 90), sum(balance) FILTER (WHERE balance > 0 AND age > 90)
FROM open_bill GROUP BY 1
UNION ALL
SELECT 'USD', 'unbilled', sum(a.total), NULL, NULL, NULL, NULL, NULL
FROM clio_activities a
LEFT JOIN clio_bills b ON b.firm_id = a.firm_id AND b.clio_id = a.bill_id AND b.state IN ('awaiting_payment', 'paid')
                      AND b.issued_at <= %(last)s
WHERE a.firm_id = %(firm)s AND a.gone_at IS NULL AND NOT coalesce(a.non_billable, false) AND a.date <= %(last)s
  AND a.matter_id IS NOT NULL AND b.clio_id IS NULL;
