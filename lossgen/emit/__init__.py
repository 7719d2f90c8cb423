"""Printing of planned kernels as source files."""
