"""The crawler and archive for VOV.VN, the news site of Vietnam's national radio."""

__version__ = "0.1.0"
