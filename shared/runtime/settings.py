"""The settings that every service has, typed and checked at start."""

import socket
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    AwareDatetime,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from ..contracts.vocabulary import SourceKind

Oin = Annotated[str, StringConstraints(pattern=r"^\d{20}$")]


class SettingsError(Exception):
    """A setting is missing or wrong. The message names the setting and what it expects.

    Seen by: the operator who starts a process. Ends: the process, with status 2, before it did anything.
    """


class Settings(BaseSettings):
    """Read from `VEERKRACHT_*`; a secret may also come from the file that `VEERKRACHT_<NAME>_FILE` names."""

    model_config = SettingsConfigDict(env_prefix="VEERKRACHT_", extra="ignore", frozen=True)

    database_url: str = Field(
        "postgresql://127.0.0.1:5432/veerkracht",
        description="Postgres without user: each service connects with its own role",
        pattern=r"^postgres(ql)?://",
    )
    database_password: SecretStr | None = Field(None, description="password of this service's role")
    database_password_file: Path | None = Field(None, description="file that holds database_password")
    database_admin_url: SecretStr | None = Field(None, description="Postgres as owner; only `migrate` uses it")
    database_admin_url_file: Path | None = Field(None, description="file that holds database_admin_url")
    database_pool_size: int = Field(8, ge=2, le=100, description="connections per process")
    kafka_servers: str = Field("127.0.0.1:9092", description="bootstrap servers, comma separated", min_length=3)
    instance: str = Field(
        "",
        description="name of this worker that it keeps when it is started again, and that no other of its service has: "
        "after a crash its partitions wait for it; `host` is the name of the host; empty: none",
        pattern=r"^[A-Za-z0-9._-]{0,64}$",
    )
    oin: Oin = Field(
        "00000099000000001000",
        description="20-digit organisation number in the source of each event; the default is a test number",
    )
    jwt_public_key: str | None = Field(None, description="PEM of the Ed25519 key that verifies bearer tokens")
    jwt_public_key_file: Path | None = Field(None, description="file that holds jwt_public_key")
    http_host: str = Field("127.0.0.1", description="address the API listens on")
    http_port: int = Field(8080, ge=1, le=65535, description="port the API listens on")
    ops_port: int = Field(
        0,
        ge=0,
        le=65535,
        description="port for /healthz, /readyz and /metrics of a relay or worker; 0 picks one",
    )
    public_url: str = Field(
        "http://127.0.0.1:8080", description="address users reach the platform at", pattern="^https?://"
    )
    keep_answers_days: int = Field(
        7, ge=1, description="days that the answer to a command is kept under its Idempotency-Key, for a retry"
    )
    keep_dead_letters_days: int = Field(
        365, ge=1, description="days that a dead letter is kept after its replay, or after it was found"
    )
    batch_size: int = Field(10_000, ge=1, le=50_000, description="records a projection takes at a time")
    halt_after_dead_letters: int = Field(
        100, ge=1, description="consecutive dead letters after which a projection stops loudly"
    )
    publication_threshold: int = Field(10, ge=1, description="nothing is published of fewer people")
    publication_thresholds: dict[SourceKind, Annotated[int, Field(ge=1)]] = Field(
        {}, description='thresholds of kinds of sources that have their own, as JSON: `{"ggd": 30}`'
    )
    pulse_hours: int = Field(
        168,
        ge=0,
        le=168,
        description="hours over which the pulse counts what is lively, for the home; 0: there is no pulse",
    )
    stuck_after_seconds: int = Field(
        10, ge=1, description="readiness turns red when there is work and nothing moved for this long"
    )
    log_check_seconds: float = Field(
        10, gt=0, description="how often a worker looks whether the log is still the one that was folded"
    )
    heartbeat_seconds: float = Field(
        5, gt=0, description="a relay that leads says so this often; of one that missed three, health names the relay"
    )
    hung_after_seconds: int = Field(
        30, ge=1, description="a process whose event loop hangs for this long ends, and its supervisor starts another"
    )
    stream_patience_seconds: int = Field(
        30, ge=1, description="a reader of an event stream that takes nothing for this long is cut off, and can resume"
    )
    database_wait_seconds: float = Field(
        10, gt=0, description="the longest wait for a connection of the pool; then the answer is 503"
    )
    trusted_proxies: str = Field(
        "",
        description="networks of the proxies before us, comma separated: only of these X-Forwarded-For is believed",
    )
    limit_subject_reads: int = Field(
        12_000,
        ge=0,
        description="questions a minute for each subject of a token, by service and process; 0: no limit",
    )
    limit_subject_commands: int = Field(12_000, ge=0, description="commands a minute for each subject of a token")
    limit_address_reads: int = Field(
        60_000, ge=0, description="questions a minute for each address, of all there who send no token together"
    )
    limit_address_commands: int = Field(
        6_000, ge=0, description="commands a minute for each address, of all there who send no token together"
    )
    limit_failed_tokens: int = Field(
        120, ge=0, description="wrong tokens a minute for each address, before they are answered 429"
    )
    bodies_bytes: int = Field(
        67_108_864, ge=2_097_152, description="bytes of request bodies that a service holds in memory at once"
    )
    connections: int = Field(8192, ge=16, description="connections that a process has open at once")
    connections_per_address: int = Field(
        2048, ge=1, description="connections from one address at once; those of trusted_proxies do not count"
    )
    headers_seconds: int = Field(10, ge=1, description="the headers of a request must have come within this long")
    body_seconds: int = Field(
        20, ge=1, description="a body of which nothing comes for this long, or 10 kB/s or less, is broken off"
    )
    keep_alive_seconds: int = Field(15, ge=1, description="a connection without a request is kept for this long")
    send_seconds: int = Field(60, ge=1, description="a reader who takes nothing of an answer for this long is dropped")
    hsts_seconds: int = Field(
        0, ge=0, description="max-age of Strict-Transport-Security; 0 sends none, as it must be while there is no https"
    )
    security_contact: str | None = Field(
        None,
        description="where to tell of a leak, `mailto:` or `https:`, comma separated: for /.well-known/security.txt",
        pattern=r"^(mailto:|https://)",
    )
    security_expires: AwareDatetime | None = Field(
        None, description="until when security_contact holds, within a year: `2027-06-01T00:00:00Z`"
    )
    log_level: str = Field("info", description="debug, info, warning or error", pattern="^(debug|info|warning|error)$")

    @property
    def instance_name(self) -> str:
        """What `instance` says, with the host's name looked up."""
        return socket.gethostname() if self.instance == "host" else self.instance

    def threshold(self, source: SourceKind) -> int:
        """The fewest people from this kind of source of whom something is published."""
        return self.publication_thresholds.get(source, self.publication_threshold)

    @field_validator("trusted_proxies")
    @classmethod
    def check_networks(cls, text: str) -> str:
        """Each is a network, or an address by itself."""
        for part in filter(None, map(str.strip, text.split(","))):
            ip_network(part)
        return text

    @model_validator(mode="after")
    def check_security_txt(self) -> Self:
        """RFC 9116 wants both or neither."""
        if (self.security_contact is None) != (self.security_expires is None):
            raise ValueError("security_contact and security_expires go together: give both or neither")
        return self

    @model_validator(mode="before")
    @classmethod
    def read_secret_files(cls, values: dict[str, object]) -> dict[str, object]:
        """A `*_file` fills its setting; giving both is an error."""
        for key in [k for k in values if k.endswith("_file") and values[k]]:
            name = key.removesuffix("_file")
            if values.get(name):
                raise ValueError(f"{name} and {key} are both set: give one")
            path = Path(str(values[key]))
            if not path.is_file():
                raise ValueError(f"{key}: there is no file {path}")
            values[name] = path.read_text(encoding="utf-8").strip()
        return values

    @classmethod
    def load(cls) -> Self:
        """Read the environment or raise SettingsError with one line per wrong setting."""
        try:
            return cls()
        except ValidationError as error:
            lines = [
                f"VEERKRACHT_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" if e["loc"] else e["msg"]
                for e in error.errors()
            ]
            raise SettingsError("\n".join(lines)) from error
