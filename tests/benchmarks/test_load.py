"""What wrk prints is read, and a server that refuses is no fast server."""

import pytest

from benchmarks.load import Load, LoadFailed, read_load

TOLD = """Running 2s test @ http://127.0.0.1:9101/predict
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     3.74ms    1.00ms   7.62ms   70.00%
  Latency Distribution
     50%  640.00us
     75%    3.90ms
     90%    4.40ms
     99%    1.20s
  8448 requests in 2.00s, 1.24MB read
Requests/sec:   4220.74
Transfer/sec:    634.16KB
"""


def test_rate_and_percentiles_are_read_in_milliseconds() -> None:
    assert read_load(TOLD) == Load(4220.74, 0.64, 1200.0)


@pytest.mark.parametrize(
    "fault",
    [
        "  Non-2xx or 3xx responses: 3",
        "  Socket errors: connect 0, read 1, write 0, timeout 0",
    ],
)
def test_a_single_refusal_spoils_the_measurement(fault: str) -> None:
    with pytest.raises(LoadFailed, match=fault.strip()):
        read_load(f"{TOLD}{fault}\n")


def test_a_server_that_is_not_there_has_no_rate() -> None:
    with pytest.raises(LoadFailed, match="unable to connect"):
        read_load("unable to connect to 127.0.0.1:9 Connection refused\n")
