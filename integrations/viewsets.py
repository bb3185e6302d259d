"""Webhooks by REST: parse, call one service, answer."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chatproject.rest import body_of
from integrations.authentication import WebhookAuthentication
from integrations.models import IncomingWebhook
from integrations.services import incoming
from integrations.shapes import IncomingMessage, WrittenMessage

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Any text of your own, instead of a `clientId`: a repeat is answered with the first result.",
)


class IncomingWebhookView(APIView):
    authentication_classes = [WebhookAuthentication]

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=IncomingMessage,
        responses={200: WrittenMessage, 201: WrittenMessage},
    )
    def post(self, request: Request, webhook_secret: str) -> Response:
        """Write into the conversation of a webhook, as its bot. 201 the first time, 200 for a repeat.

        The address is the credential. 404 once the webhook was revoked; 403 if the bot was removed.
        """
        webhook = request.auth
        assert isinstance(webhook, IncomingWebhook)
        sent = incoming.write(
            webhook=webhook,
            message=body_of(request, IncomingMessage),
            idempotency_key=request.headers.get("Idempotency-Key", ""),
        )
        written = WrittenMessage(
            message_id=sent.message.id,
            conversation_id=sent.message.conversation_id,
            seq=sent.message.seq,
            created_at=sent.message.created_at,
        )
        code = status.HTTP_201_CREATED if sent.created else status.HTTP_200_OK
        return Response(written, status=code)
