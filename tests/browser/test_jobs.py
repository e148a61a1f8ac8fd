"""A job that takes long, in a browser: it shows how far it is, and what came out once it is over."""

from datetime import UTC, datetime

import pytest

from comp.db import connect, queueing
from comp.roles import whoever_has_the_machine
from comp.services import jobs
from tests.web.company import HR
from web.database import disposed

pytestmark = pytest.mark.browser


def test_a_job_tells_how_far_it_is_by_itself_and_in_the_end_what_came_out(own, read, tmp_path):
    with disposed(connect(f"sqlite:///{tmp_path / 'loyaltypay.db'}")) as engine:

        def do(act, *arguments, **named):
            with queueing(engine) as session:
                return act(session, *arguments, **named)

        moment = datetime.now(UTC)
        number = do(jobs.ask, whoever_has_the_machine(HR), "calculate", {"quarter": "2025-Q4"}, moment)
        reader = read(own, HR)
        reader.open(f"/jobs/{number}")
        page = reader.page
        job = do(jobs.claim, "w", moment, of_clock=False)
        job = do(jobs.tell, job, (2, 500, 2_000), moment)
        page.get_by_text("500 of 2,000").wait_for()
        do(jobs.finish, job, "Run 2 of 2025-Q4.", "/runs/2025-Q4/1", moment)
        page.get_by_role("link", name="Look at it").click()
        page.wait_for_url("**/runs/2025-Q4/1")
