"""What `make bench` measures: one module per subject, each with a `run()` that returns figures by name."""
