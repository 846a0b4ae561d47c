"""Tables of users, their groups, sessions and tokens, and the audit trail."""

from muniment.administration.models.answer import RequestAnswer
from muniment.administration.models.attempts import SignInAttempts
from muniment.administration.models.audit import AuditEntry, ThingKey
from muniment.administration.models.foreign_identity import ForeignIdentity
from muniment.administration.models.notification import Notification, NotificationChoice
from muniment.administration.models.second_factor import RecoveryCode, SecondFactor
from muniment.administration.models.session import SignedIn
from muniment.administration.models.token import ApiToken
from muniment.administration.models.token_pair import TokenPair
from muniment.administration.models.user import GroupRole, User
from muniment.administration.models.webhook import DeliveryState, Webhook, WebhookDelivery

__all__ = [
    "ApiToken",
    "AuditEntry",
    "DeliveryState",
    "ForeignIdentity",
    "GroupRole",
    "Notification",
    "NotificationChoice",
    "RecoveryCode",
    "RequestAnswer",
    "SecondFactor",
    "SignInAttempts",
    "SignedIn",
    "ThingKey",
    "TokenPair",
    "User",
    "Webhook",
    "WebhookDelivery",
]
