"""Addresses of users and the audit trail below `/api/v1/`."""

from __future__ import annotations

from django.urls import path

from muniment.administration.api import (
    audit,
    groups,
    notifications,
    oneself,
    signing_in,
    users,
    webhooks,
)

urlpatterns = [
    path("auth/login", signing_in.Login.as_view()),
    path("auth/token/refresh", signing_in.Refresh.as_view()),
    path("auth/logout", signing_in.Logout.as_view()),
    path("auth/password/forgotten", signing_in.ForgottenPassword.as_view()),
    path("auth/password/reset", signing_in.ResetPassword.as_view()),
    path("me", oneself.Me.as_view()),
    path("me/tokens", oneself.MyTokens.as_view()),
    path("me/tokens/<str:name>", oneself.MyToken.as_view()),
    path("me/sessions", oneself.MySessions.as_view()),
    path("me/sessions/<str:name>", oneself.MySession.as_view()),
    path("me/second-factor", oneself.MySecondFactor.as_view()),
    path("me/notifications", notifications.MyNotifications.as_view()),
    path("me/notifications/read", notifications.ReadNotifications.as_view()),
    path("me/notifications/choices", notifications.NotificationChoices.as_view()),
    path("me/notifications/choices/<str:name>", notifications.NotificationChoiceOf.as_view()),
    path("users", users.Users.as_view()),
    path("users/<str:username>", users.OneUser.as_view()),
    path("users/<str:username>/sessions", users.SessionsOfUser.as_view()),
    path("users/<str:username>/second-factor", users.SecondFactorOfUser.as_view()),
    path("groups", groups.Groups.as_view()),
    path("groups/<str:name>", groups.OneGroup.as_view()),
    path("roles", groups.Roles.as_view()),
    path("webhooks", webhooks.Webhooks.as_view()),
    path("webhooks/<int:number>", webhooks.OneWebhook.as_view()),
    path("webhooks/<int:number>/secret", webhooks.WebhookSecret.as_view()),
    path("webhooks/<int:number>/deliveries", webhooks.WebhookDeliveries.as_view()),
    path(
        "webhooks/<int:number>/deliveries/<uuid:delivery_id>/redeliver",
        webhooks.Redeliver.as_view(),
    ),
    path("audit", audit.Audit.as_view()),
]
