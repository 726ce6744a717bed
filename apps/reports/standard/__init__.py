"""The standard reports (kpis.md section 6): declarations over the metric layer, without a formula of their own."""
