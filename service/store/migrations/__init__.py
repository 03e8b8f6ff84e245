"""The steps that bring a store from one version's schema to the next.

Start-up applies them. To write one: change `tables.py`, then run
`python -m service.store.migrate "Say what changes"`, read the new file under `versions/`, and set
`HEAD` to its revision; a contract test compares the migrated schema with the tables.
"""

#: The newest revision; kept here so that a start-up need not load Alembic to find it current.
HEAD = "0003"
