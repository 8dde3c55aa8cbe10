"""The tests, and their small replica of vov.vn."""
