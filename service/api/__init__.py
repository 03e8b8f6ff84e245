"""The HTTP routes: one router per noun, the shapes in `schemas.py`, the errors in `problems.py`."""
