"""Commands added to ``scrapy``: one module each, named as the command."""
