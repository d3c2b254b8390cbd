"""`python -m berattelse`."""

from berattelse.cli import main

main()
