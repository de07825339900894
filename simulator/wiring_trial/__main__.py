"""Run by `python -m simulator.wiring_trial`."""

from .command import main

raise SystemExit(main())
