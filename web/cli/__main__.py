"""`python -m web.cli` is `loyaltypay`."""

from web.cli import main

main()
