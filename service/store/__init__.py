"""The store: tables, the database behind them, and one file of queries for each noun.

All SQL of the project is here. Query functions take an open session and never commit; the request,
command or batch that opened the session does (`Store.session`).
"""
