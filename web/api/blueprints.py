"""Every resource of the API, in the order in which its document tells them."""

from web.api import imports, jobs, payouts, people, plans, quarters, releases, runs, scores, units

BLUEPRINTS = tuple(
    module.blueprint for module in (units, people, imports, scores, plans, quarters, runs, payouts, releases, jobs)
)
