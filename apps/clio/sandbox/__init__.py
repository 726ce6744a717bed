"""A local server that speaks Clio Manage API v4 over a generated law firm.

`firm` invents the firm, `entities` say how each record looks on the wire, `store` keeps them, `server` answers.
Standard library only; runs without Django: `python -m apps.clio.sandbox --seed 7`.
"""
