"""`make demo` and `make run`: everything started on this machine, and a law firm's numbers on the screen."""
