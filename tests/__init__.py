"""Tests. This file keeps `tests` ours: the Argos wheel installs a top-level package of that name."""
