"""The firm at work while the sandbox runs: single acts, each leaving the books in order, by chance or on demand."""
