"""How fast is it? `bin/bench`; docs/performance.md says what is measured and how to read it.

__main__      the command line
scenarios/    what is measured, one module each; registry.py knows them
stage.py      the servers that are measured, and what they stand on
scenes/       who and what is in the database when a scenario begins
clients/      the load: processes of their own, as cheap as can be
applications/ what the product is compared with
results.py    rows, targets; report.py and picture.py show them
"""
