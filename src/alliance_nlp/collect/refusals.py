"""Why a request brought no page: the one exception of this room, and what others' mean."""

from __future__ import annotations

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)

from alliance_nlp.core.types import Reason, Rejected, Stage

TOO_LARGE = "it is larger than collect.max_bytes allows"
_TLS_WORDS = ("ssl", "tls", "certificate", "verificationerror")
_REASONS: tuple[tuple[type[BaseException], Reason, str], ...] = (
    (CannotResolveHostError, Reason.UNREACHABLE, "its host name is not known"),
    (DownloadConnectionRefusedError, Reason.UNREACHABLE, "it refused the connection"),
    (DownloadTimeoutError, Reason.TIMEOUT, "it did not answer in time"),
    (DownloadCancelledError, Reason.TOO_LARGE, TOO_LARGE),
    (ResponseDataLossError, Reason.CUT_OFF, "its answer was cut off"),
    (UnsupportedURLSchemeError, Reason.BAD_URL, "its scheme is neither http nor https"),
    (ValueError, Reason.BAD_URL, "its URL cannot be requested"),
)


class Refused(IgnoreRequest):
    """A request is not made or not gone on with; ``failed`` as in Rejected."""

    def __init__(self, reason: Reason, detail: str, *, failed: bool = True) -> None:
        super().__init__(detail)
        self.reason, self.detail, self.failed = reason, detail, failed

    def again(self) -> Refused:
        """Return a copy: an exception raised in many tasks would gather all their tracebacks."""
        return Refused(self.reason, self.detail, failed=self.failed)

    def rejected(self, url: str) -> Rejected:
        """Return the refusal as the value that the parent gets."""
        return Rejected(
            stage=Stage.COLLECT,
            subject_id=url,
            reason=self.reason,
            detail=self.detail,
            failed=self.failed,
        )


def explain(error: BaseException) -> Refused:
    """Return what a download error means."""
    if isinstance(error, Refused):
        return error
    said = " ".join(str(error).split())
    if isinstance(error, IgnoreRequest):
        return Refused(Reason.REDIRECTS, said or "it redirects too often")
    for kind, reason, detail in _REASONS:
        if isinstance(error, kind):
            return Refused(reason, detail)
    if any(word in said.lower() for word in _TLS_WORDS):
        return Refused(Reason.TLS, f"its certificate or TLS is not in order: {said}")
    return Refused(Reason.UNREACHABLE, f"it could not be reached: {said or repr(error)}")
