"""The sentences of a plan as templates ask for them."""

from dataclasses import dataclass

from comp import plan_words
from comp.curves import Curve
from comp.explain_unit import UnitExplainer
from comp.plan import Example, Measure, Modifier, Plan, Reading


@dataclass(frozen=True, slots=True)
class PlanSpeech:
    """A plan with the names of what it reads, which tells its parts in sentences."""

    plan: Plan
    names: UnitExplainer

    @property
    def rules(self) -> tuple[plan_words.Rule, ...]:
        """Everything that the plan says besides its parts and examples."""
        return plan_words.rules(self.plan, self.names)

    def measure(self, measure: Measure) -> str:
        """What share of a part follows which score."""
        return plan_words.measure_sentence(measure, self.names)

    def modifier(self, modifier: Modifier) -> str:
        """What a modifier multiplies."""
        return plan_words.modifier_sentence(self.plan, modifier, self.names)

    def example(self, example: Example) -> str:
        """A worked example in one sentence."""
        return plan_words.example_sentence(example, self.names)

    def curve(self, curve: Curve, metric: str) -> tuple[str, ...]:
        """What a curve pays, from its worse end to its better."""
        return plan_words.curve_sentences(curve, dict(self.names.directions()).get(metric, "higher"))

    @staticmethod
    def axis(curve: Curve) -> str:
        """What stands above the column with the points of a curve."""
        return plan_words.axis_title(curve)

    @staticmethod
    def too_few(reading: Reading) -> str:
        """What happens with fewer answers than a reading needs."""
        return plan_words.too_few(reading)

    @staticmethod
    def touchpoints(reading: Reading) -> str:
        """How a score is put together from touchpoints."""
        return plan_words.by_touchpoint(reading)
