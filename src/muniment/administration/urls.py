"""Addresses of the pages of users, groups and the audit trail."""

from __future__ import annotations

from django.urls import path

from muniment.administration.views import (
    audit,
    groups,
    notifications,
    oneself,
    passwords,
    second_factor,
    users,
    webhooks,
)

urlpatterns = [
    path("me/", oneself.me),
    path("me/tokens", oneself.new_token),
    path("me/tokens/revoke", oneself.revoke_token),
    path("me/notifications", notifications.inbox),
    path("me/notifications/read", notifications.mark_read),
    path("me/notifications/choices", notifications.choose),
    path("me/password", oneself.password),
    path("me/sessions/end", oneself.end_sessions),
    path("me/second-factor", second_factor.second_factor),
    path("me/second-factor/begin", second_factor.begin),
    path("me/second-factor/confirm", second_factor.confirm),
    path("me/second-factor/drop", second_factor.drop),
    path("me/second-factor/remove", second_factor.remove),
    path("password/forgotten", passwords.forgotten),
    path("password/new/<str:username>/<str:token>", passwords.new_password),
    path("users", users.list_users),
    path("users/new", users.new_user),
    path("users/<str:username>", users.show_user),
    path("users/<str:username>/groups", users.groups),
    path("users/<str:username>/password", users.password),
    path("users/<str:username>/sessions/end", users.end_sessions),
    path("users/<str:username>/second-factor/remove", users.second_factor),
    path("users/<str:username>/deactivate", users.deactivate),
    path("users/<str:username>/activate", users.activate),
    path("groups", groups.list_groups),
    path("groups/new", groups.new_group),
    path("groups/<str:name>", groups.show_group),
    path("groups/<str:name>/roles", groups.set_roles),
    path("groups/<str:name>/remove", groups.remove_group),
    path("webhooks", webhooks.list_webhooks),
    path("webhooks/new", webhooks.new_webhook),
    path("webhooks/<int:number>", webhooks.show_webhook),
    path("webhooks/<int:number>/change", webhooks.change_webhook),
    path("webhooks/<int:number>/switch", webhooks.switch),
    path("webhooks/<int:number>/secret", webhooks.new_secret),
    path("webhooks/<int:number>/remove", webhooks.remove_webhook),
    path("webhooks/<int:number>/deliveries/<uuid:delivery_id>/again", webhooks.send_again),
    path("audit", audit.audit),
]
