"""Risk that does not wait: need that rises unseen, who notices it, what follows. Every figure is an assumption."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.quantities import Duration, Positive, Share
from sim.scenario.sections.base import Section


class Risk(Section):
    """A child's need may rise at any time while the case is open, also while it waits.

    The service notices only when somebody sees the child or the file, and acts only when a manager decides. In child
    in need plans the rate is the stage's `step_up_a_year`; in every other stage it is `rises_a_year`.
    """

    rises_a_year: float = Field(0.1, ge=0, description="rises for each open case in a year")
    falls_a_year: float = Field(0.2, ge=0, description="rate at which a risen need that nobody acted on falls back")
    without_contact_factor: Positive = Field(
        1.0, description="how many times the rate of rises for a child whom nobody has seen for a while"
    )
    without_contact_after: Duration = Field(
        Duration(amount=20, unit="working days"), description="what 'for a while' means"
    )
    noticed_at_visit: Share = Field(0.6, description="share of visits at which a risen need is noticed")
    noticed_at_allocation: Share = Field(0.5, description="the same when a worker takes the case over")
    noticed_at_review: Share = Field(0.8, description="the same at a review or conference")
    reported_a_year: float = Field(
        1.0, ge=0, description="rate at which somebody outside reports a risen need (a new referral)"
    )
