"""`service` knows people, storage and time: HTTP, pages, command line, store, settings, access."""
