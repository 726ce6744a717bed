"""The mirror against everything that can go wrong at once: random lives of a firm, and afterwards mirror = Clio.

A seed draws what happens (`plan`): the firm works, Clio fails, webhooks are lost, workers and servers are killed. It is
done to the real processes on servers of their own (`stage`, `life`), then all is quiet and the product's own schedule
runs (`rest`). At the end every record and field is compared with what the sandbox itself says (`truth`), nothing may be
counted twice (`books`), and reading everything once more must change nothing.

    python -m tests.clio.faithful --seeds 50          # seeds 1 to 50
    python -m tests.clio.faithful --seed 17           # one of them again, step by step
    python -m tests.clio.faithful --seed 17 --without 3,8,9 --keep   # a shorter life of the same seed; logs are kept
"""
