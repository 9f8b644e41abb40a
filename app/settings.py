"""Every knob of a deployment, from environment variables with prefix MODELMILL_."""

from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, FilePath, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.passwords import with_password

MEBIBYTE = 1024 * 1024
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def by_commas(value: object) -> object:
    """Read a list as people write it in an environment variable."""
    if not isinstance(value, str):
        return value
    return [word.strip() for word in value.split(",") if word.strip()]


Origin = Annotated[str, Field(pattern=r"^(\*|https?://[a-z0-9.\[\]:-]+)$")]
ByCommas = (NoDecode, BeforeValidator(by_commas))


class Settings(BaseSettings):
    """Read once by each entry point and passed on; tests build their own."""

    model_config = SettingsConfigDict(env_prefix="MODELMILL_", frozen=True)

    data_dir: Path = Field(
        default=Path("var"), description="Database, datasets and broker files."
    )
    database_url: str | None = Field(
        default=None, description="Default: SQLite in the data directory."
    )
    database_password_file: FilePath | None = Field(
        default=None, description="A file with the password for database_url."
    )
    redis_url: str | None = Field(
        default=None, description="Default: `modelmill serve` starts its own server."
    )
    redis_password_file: FilePath | None = Field(
        default=None, description="A file with the password for redis_url."
    )
    host: str = Field(default="127.0.0.1", description="Address the API listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port of the API.")
    log_format: Literal["text", "json"] = Field(
        default="text", description="Log lines for people, or a JSON object each."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="What is logged; each request is `info`."
    )
    tracing_endpoint: str | None = Field(
        default=None,
        description="OTLP collector, as http://127.0.0.1:4318. Default: no traces.",
    )

    auth: Literal["on", "off"] = Field(
        default="on",
        description="Ask every request for a key; off only on a loopback address.",
    )
    key_sees: Literal["all", "own"] = Field(
        default="all", description="Which jobs a key without `admin` sees."
    )

    rate_predict: int = Field(
        default=0, ge=0, description="Predictions a minute for each key; 0: no limit."
    )
    rate_change: int = Field(
        default=0, ge=0, description="Changes a minute for each key; 0: no limit."
    )
    rate_read: int = Field(
        default=0, ge=0, description="Readings a minute for each key; 0: no limit."
    )
    rate_without_redis: Literal["count", "open", "closed"] = Field(
        default="count",
        description="While Redis is away each process counts by itself, lets all in, "
        "or none.",
    )

    quota_queued_jobs: int | None = Field(
        default=None, ge=0, description="Most queued jobs of a key. Default: no limit."
    )
    quota_running_jobs: int | None = Field(
        default=None,
        ge=0,
        description="Most jobs of a key that train at once; others wait for them.",
    )
    quota_stored_bytes: int | None = Field(
        default=None,
        ge=0,
        description="Most bytes of a key's checkpoints and datasets.",
    )
    quota_epochs_a_day: int | None = Field(
        default=None, ge=0, description="Most epochs that a key asks for in a UTC day."
    )
    audit_retention_seconds: float = Field(
        default=365 * 86_400.0,
        gt=0,
        description="How long an entry of the audit log is kept.",
    )
    cors_origins: Annotated[tuple[Origin, ...], *ByCommas] = Field(
        default=(),
        description="Pages of these origins may speak to the API, as "
        "https://lab.example; * for all. Default: none but its own.",
    )
    webhook_networks: Annotated[tuple[IPv4Network | IPv6Network, ...], *ByCommas] = (
        Field(
            default=(),
            description="Networks that webhooks may reach besides the public internet, "
            "as 10.0.0.0/8,127.0.0.1/32.",
        )
    )
    webhook_retention_seconds: float = Field(
        default=14 * 86_400.0,
        gt=0,
        description="How long a delivery is kept after its end.",
    )

    heartbeat_seconds: float = Field(
        default=2.0, gt=0, description="How often a worker renews a job's lease."
    )
    lease_seconds: float = Field(
        default=10.0, gt=0, description="A lease this long without renewal is lost."
    )
    reconcile_seconds: float = Field(
        default=2.0, gt=0, description="How often lost and undelivered jobs are sought."
    )
    redelivery_seconds: float = Field(
        default=30.0, gt=0, description="A queued job is announced again after this."
    )
    max_attempts: int = Field(
        default=5, ge=1, description="Deaths without an epoch before a job fails."
    )
    stop_seconds: float = Field(
        default=20.0, gt=0, description="Time a child has to save when told to stop."
    )
    progress_seconds: float = Field(
        default=0.5, gt=0, description="How often progress within an epoch is stored."
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        default="auto", description="Where jobs train; auto: on a GPU if there is one."
    )
    spare_seconds: float = Field(
        default=10.0,
        ge=0,
        description="A job trains alone for this long before the next child is made "
        "ready, unless another job waits for it.",
    )
    training_threads: int = Field(
        default=0, ge=0, description="CPU threads of a training child; 0: every core."
    )

    fetch_datasets: bool = Field(
        default=True, description="A job fetches a built-in dataset that is not there."
    )
    min_free_bytes: int = Field(
        default=256 * MEBIBYTE, ge=0, description="Less free disk refuses new jobs."
    )

    checkpoint_budget_bytes: int | None = Field(
        default=None,
        ge=0,
        description="Beyond it finished jobs keep only their best checkpoints, the "
        "longest finished job first. Default: no limit but the disk.",
    )

    max_connections: int = Field(
        default=1000, ge=1, description="Clients at once; others get 503."
    )
    client_seconds: float = Field(
        default=30.0,
        gt=0,
        description="So long a client may stall with a head, a body, or reading.",
    )
    client_bytes_per_second: int = Field(
        default=1024, ge=1, description="Least speed of a body after its first seconds."
    )
    max_body_bytes: int = Field(
        default=MEBIBYTE, ge=1, description="Largest JSON request body."
    )
    max_upload_bytes: int = Field(
        default=32 * MEBIBYTE, ge=1, description="Largest body of /predict."
    )
    max_upload_files: int = Field(
        default=256, ge=1, description="Most images in one /predict request."
    )
    max_image_pixels: int = Field(
        default=25_000_000, ge=1, description="Most pixels of one uploaded image."
    )
    upload_memory_bytes: int = Field(
        default=256 * MEBIBYTE,
        ge=1,
        description="All bodies of /predict together, but for small ones.",
    )
    decoders: int = Field(
        default=0, ge=0, description="Uploads that are decoded at once; 0: one a core."
    )
    busy_seconds: float = Field(
        default=2.0, gt=0, description="So long an upload waits for its turn, then 503."
    )
    max_dataset_bytes: int = Field(
        default=1024 * MEBIBYTE, ge=1, description="Largest upload of a dataset."
    )
    max_dataset_images: int = Field(
        default=200_000, ge=1, description="Most images of one dataset."
    )
    max_dataset_side: int = Field(
        default=96,
        ge=1,
        le=255,
        description="Longest side of a dataset's images; larger ones are scaled down.",
    )
    max_dataset_pixel_bytes: int = Field(
        default=512 * MEBIBYTE, ge=1, description="All pixels of one dataset."
    )
    max_archive_entries: int = Field(
        default=250_000, ge=1, description="Most files and folders in an archive."
    )
    max_archive_entry_bytes: int = Field(
        default=128 * MEBIBYTE, ge=1, description="Largest file in an archive."
    )
    max_archive_bytes: int = Field(
        default=4096 * MEBIBYTE, ge=1, description="All files of an archive together."
    )
    max_archive_ratio: int = Field(
        default=200, ge=1, description="Most bytes that one byte may unpack to."
    )
    max_import_bytes: int = Field(
        default=160 * MEBIBYTE, ge=1, description="Largest upload of a checkpoint."
    )
    validate_at_once_bytes: int = Field(
        default=8 * MEBIBYTE,
        ge=0,
        description="Larger uploads are answered before they are validated.",
    )
    max_bulk_bytes: int = Field(
        default=256 * MEBIBYTE, ge=1, description="Largest zip for /predictions."
    )
    max_bulk_images: int = Field(
        default=50_000, ge=1, description="Most files in a zip for /predictions."
    )
    bulk_queue: int = Field(
        default=16, ge=1, description="Zips that wait or run; more are refused."
    )
    bulk_retention_seconds: float = Field(
        default=7 * 86_400.0,
        gt=0,
        description="How long what came of a zip is kept after its end.",
    )
    predictor_bytes: int = Field(
        default=256 * MEBIBYTE,
        ge=0,
        description="Weights kept in memory for predictions; one checkpoint always is.",
    )
    predictor_batch: int = Field(
        default=32, ge=1, description="Most images that are computed at once."
    )
    predictor_queue: int = Field(
        default=1024, ge=0, description="More waiting images refuse others with 429."
    )

    @model_validator(mode="after")
    def _is_guarded(self) -> Self:
        if self.auth == "off" and self.host not in LOOPBACK:
            raise ValueError(
                f"MODELMILL_AUTH=off needs a loopback address, not {self.host}"
            )
        return self

    @property
    def resolved_database_url(self) -> str:
        """The URL to open; a SQLite file in the data directory unless one is set."""
        if self.database_url is not None:
            return with_password(self.database_url, self.database_password_file)
        return f"sqlite:///{self.data_dir.absolute() / 'modelmill.sqlite3'}"

    @property
    def resolved_redis_url(self) -> str:
        """The broker's URL in redis-py's form; a local server unless one is set."""
        url = self.redis_url or "redis://127.0.0.1:6379/0"
        return with_password(url, self.redis_password_file)

    @property
    def datasets_dir(self) -> Path:
        return self.data_dir / "datasets"

    @property
    def staging_dir(self) -> Path:
        return self.data_dir / "staging"
