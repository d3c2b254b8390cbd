"""Render every berättelse; the same as `berattelse render`. See `src/berattelse/pipeline.py`."""

from berattelse.cli import main

if __name__ == "__main__":
    main()
