"""How commands tell what the linter finds: errors first, each with its place and what to change."""

from collections.abc import Sequence
from itertools import groupby

import click

from comp.findings import Finding, Odds

_MOST_UNITS = 5
_HEADINGS = {
    True: "Errors: with these the plan cannot be submitted.",
    False: "Warnings: think about these, and say why they stay when you submit the plan.",
}


def tell_findings(findings: Sequence[Finding]) -> None:
    """Every finding under its severity and its place, on stdout."""
    for is_error, graded in groupby(findings, lambda finding: finding.is_error):
        click.echo(_HEADINGS[is_error])
        for finding in graded:
            click.echo(f"\n  {finding.path or 'plan'} · {finding.check}")
            click.echo(f"    {finding.what}")
            if finding.change:
                click.echo(f"    To change: {finding.change}")
            _tell_odds(finding.odds)
        click.echo()


def _tell_odds(odds: Sequence[Odds]) -> None:
    for each in odds[:_MOST_UNITS]:
        side = "past" if each.stands_above else "short of"
        outcome = "misses it by bad luck" if each.stands_above else "is paid by luck"
        distance = f"{abs(each.score - each.cliff):.1f} points {side} {each.cliff:g}"
        click.echo(
            f"      {each.unit}: {each.answers:,} {each.basis}, {distance}: {outcome} in {each.luck:.0%} of quarters"
        )
    if len(odds) > _MOST_UNITS:
        click.echo(f"      … and {len(odds) - _MOST_UNITS} more; --json lists them all.")
