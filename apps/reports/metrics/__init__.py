"""Each KPI once: what it asks, how it is made, which date places it, what stays out (kpis.md section 4)."""
