"""How a home is connected: what yaji.yaml says, and the environment, which wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from config.deployment import Telegram
from config.home import Deployment
from config.problems import Said
from jobs.serve.refusing import CannotServe
from jobs.serve.storing import address


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """`public_url` is set if updates are delivered, `listen` if anything listens; `api_url` is None for Telegram's.

    `metrics` says that they are shown where the process listens.
    """

    database: str
    api_url: str | None
    public_url: str | None
    listen: str | None
    metrics: bool = False

    @classmethod
    def of(
        cls,
        deployment: Deployment,
        environment: Mapping[str, str],
        webhook: bool | None = None,
        listen: str | None = None,
    ) -> Ways:
        """Raises CannotServe where something is missing. `webhook` and `listen` set mean that they were asked for in so
        many words."""
        settings = deployment.settings
        telegram = settings.platforms.telegram or Telegram()
        delivered = telegram.mode == "webhook" if webhook is None else webhook
        public_url = (environment.get("YAJI_PUBLIC_URL") or settings.web.public_url) if delivered else None
        if delivered and public_url is None:
            raise CannotServe(_NO_PUBLIC_URL)
        listens = delivered or "web" in settings.model_fields_set
        return cls(
            database=address(deployment, environment),
            api_url=environment.get("TELEGRAM_API_URL") or telegram.api_url,
            public_url=public_url,
            listen=listen or ((environment.get("YAJI_LISTEN") or settings.web.listen) if listens else None),
            metrics=listen is not None,
        )


_NO_PUBLIC_URL = Said(
    "Webhooks need an address that Telegram can reach: write web.public_url in yaji.yaml, or set YAJI_PUBLIC_URL.",
    "用 webhook 要有 Telegram 能访问的地址：请在 yaji.yaml 写 web.public_url，或者设置 YAJI_PUBLIC_URL。",
)
