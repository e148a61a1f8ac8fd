"""The tables: rows only, with a constraint for every rule that SQL can hold. What they mean is in the facts."""

from comp.models.audit import AuditRow
from comp.models.base import main_units, minor_units, read_exact
from comp.models.company import (
    AccountRoleRow,
    AccountRow,
    DelegationRow,
    MappingRow,
    SettingRow,
    UnitRow,
    UploadRow,
)
from comp.models.corrections import BatchResultRow, BatchWithdrawalRow, CorrectionLineRow, CorrectionRow, LateCheckRow
from comp.models.data_check import DataCheckRow, QuarterCalendarRow, WaiverDecisionRow, WaiverRow
from comp.models.exclusions import ExclusionAnswerRow, ExclusionRow
from comp.models.funding import FundingLineRow, FundingPoolRow, GuaranteeRow
from comp.models.identity import IdentityRow
from comp.models.jobs import ClockRow, ForecastRow, JobRow
from comp.models.made_files import MadeFileRow, MadePartRow
from comp.models.mail import OutboxRow
from comp.models.payroll import PayrollCodeRow, PayrollCompanyRow, PayrollLayoutRow, PayrollNumberRow
from comp.models.people import AbsenceRow, AssignmentRow, PersonalResultRow, PersonRow
from comp.models.plans import PlanActRow, PlanReaderRow, PlanVersionRow, PlanWarningRow, RunPlanRow
from comp.models.quarters import QuarterLifeRow, QuarterMoveRow
from comp.models.queries import QueryMessageRow, QueryReminderRow, QueryRow
from comp.models.releases import (
    DifferenceAnswerRow,
    PaidConfirmationRow,
    PaidDifferenceRow,
    PayoutHoldRow,
    ReleaseFileRow,
    ReleaseLineRow,
    ReleaseRow,
)
from comp.models.reviews import (
    AdjustmentEndRow,
    AdjustmentLimitRow,
    AdjustmentRow,
    ReviewMarkRow,
    ReviewReminderRow,
)
from comp.models.runs import (
    RunAttainmentRow,
    RunExclusionRow,
    RunLeftOutRow,
    RunPayoutRow,
    RunPieceRow,
    RunRow,
    RunSnapshotRow,
)
from comp.models.scenarios import WhatifScenarioRow
from comp.models.sign_in import DeviceRow, FactorRow, PasskeyRow, RecoveryCodeRow, SessionRow
from comp.models.survey import (
    BatchRow,
    DefinitionRow,
    ResponseRow,
    ResultRow,
    TallyRow,
    TargetRow,
    UnreadColumnRow,
)

__all__ = [
    "AbsenceRow",
    "AccountRoleRow",
    "AccountRow",
    "AdjustmentEndRow",
    "AdjustmentLimitRow",
    "AdjustmentRow",
    "AssignmentRow",
    "AuditRow",
    "BatchResultRow",
    "BatchRow",
    "BatchWithdrawalRow",
    "ClockRow",
    "CorrectionLineRow",
    "CorrectionRow",
    "DataCheckRow",
    "DefinitionRow",
    "DelegationRow",
    "DeviceRow",
    "DifferenceAnswerRow",
    "ExclusionAnswerRow",
    "ExclusionRow",
    "FactorRow",
    "ForecastRow",
    "FundingLineRow",
    "FundingPoolRow",
    "GuaranteeRow",
    "IdentityRow",
    "JobRow",
    "LateCheckRow",
    "MadeFileRow",
    "MadePartRow",
    "MappingRow",
    "OutboxRow",
    "PaidConfirmationRow",
    "PaidDifferenceRow",
    "PasskeyRow",
    "PayoutHoldRow",
    "PayrollCodeRow",
    "PayrollCompanyRow",
    "PayrollLayoutRow",
    "PayrollNumberRow",
    "PersonRow",
    "PersonalResultRow",
    "PlanActRow",
    "PlanReaderRow",
    "PlanVersionRow",
    "PlanWarningRow",
    "QuarterCalendarRow",
    "QuarterLifeRow",
    "QuarterMoveRow",
    "QueryMessageRow",
    "QueryReminderRow",
    "QueryRow",
    "RecoveryCodeRow",
    "ReleaseFileRow",
    "ReleaseLineRow",
    "ReleaseRow",
    "ResponseRow",
    "ResultRow",
    "ReviewMarkRow",
    "ReviewReminderRow",
    "RunAttainmentRow",
    "RunExclusionRow",
    "RunLeftOutRow",
    "RunPayoutRow",
    "RunPieceRow",
    "RunPlanRow",
    "RunRow",
    "RunSnapshotRow",
    "SessionRow",
    "SettingRow",
    "TallyRow",
    "TargetRow",
    "UnitRow",
    "UnreadColumnRow",
    "UploadRow",
    "WaiverDecisionRow",
    "WaiverRow",
    "WhatifScenarioRow",
    "main_units",
    "minor_units",
    "read_exact",
]
