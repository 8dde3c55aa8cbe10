"""WARC, the file format of web archives: one record read or written at a time.

:mod:`reading` takes records apart, :mod:`http` the messages inside them, :mod:`writing` makes them.
Files, folders and what a record means for a crawl are no matter of this package.
"""
