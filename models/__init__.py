"""`models` knows languages: which one a text is in, where its sentences are, what they mean.

A model here is a network inside an Argos package, never a database table. No HTTP and no database
in this folder.
"""
