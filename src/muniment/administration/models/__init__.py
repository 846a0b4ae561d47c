"""Tables of users, their groups and tokens, and the audit trail."""

from muniment.administration.models.attempts import SignInAttempts
from muniment.administration.models.audit import AuditEntry
from muniment.administration.models.token import ApiToken
from muniment.administration.models.user import GroupRole, User

__all__ = ["ApiToken", "AuditEntry", "GroupRole", "SignInAttempts", "User"]
