"""`alignment` knows correspondence: which claims say the same thing, and how the wording differs.

Pure functions on text, numbers and arrays. No HTTP and no database in this folder.
"""
