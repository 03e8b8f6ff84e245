"""The steps of the path, one file each; `service/pipeline.py` puts them in line."""
