"""
What has changed about models since their facts were read.

`python refresh/run.py` downloads packages that ship tables of models, reads these as data, compares them with
`schemas/*/facts.yaml`, and prints the differences for a person to look into. It changes no file, and nothing runs it.
"""
