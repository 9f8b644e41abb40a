"""Datasets on this machine: how their files are fetched, checked and read."""
