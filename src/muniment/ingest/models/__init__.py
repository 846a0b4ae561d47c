"""Tables of ingest: pipelines, submissions with the runs of their steps, deposits.

None is derivable.
"""

from __future__ import annotations

from muniment.ingest.models.deposits import Deposit, DepositFile
from muniment.ingest.models.submissions import Pipeline, StepRun, Submission

__all__ = ["Deposit", "DepositFile", "Pipeline", "StepRun", "Submission"]
