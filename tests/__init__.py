"""Tests. This file keeps `tests` ours: the Argos wheel installs a package of the same name."""
