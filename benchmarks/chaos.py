"""The long form of the fault tests: a table of what each fault cost.

`python -m benchmarks.chaos [--rounds N] [--seed N] [--fault NAME]… [--json]`
"""

import argparse
import sys
import tempfile
from pathlib import Path

from app.settings import Settings
from benchmarks.report import at_most, print_targets
from tests.live.audit import Kind
from tests.live.faults.scene import THOROUGH
from tests.live.faults.table import FAULTS, Fault
from tests.live.rounds import Round, theatre
from tests.live.service import QUICK
from tests.live.tally import count_of, recoveries, table_of

MARGIN_SECONDS = 3.0


def chosen_faults(names: list[str]) -> list[Fault]:
    """Return the faults to play, and say which cannot be played here."""
    wanted = [fault for fault in FAULTS if not names or fault.name in names]
    for fault in wanted:
        if fault.missing() is not None:
            print(f"skipped {fault.name}: {fault.missing()}", file=sys.stderr)
    return [fault for fault in wanted if fault.missing() is None]


def play(faults: list[Fault], rounds: int, seed: int) -> list[Round]:
    played: list[Round] = []
    mnist = Settings().datasets_dir / "mnist"
    with (
        tempfile.TemporaryDirectory(prefix="chaos-", dir="/tmp") as root,
        theatre(Path(root), mnist, seed, THOROUGH) as stage,
    ):
        for fault, number in in_turns(faults, rounds):
            played.append(stage.play(fault, number))
            tell(played[-1])
    return played


def in_turns(faults: list[Fault], rounds: int) -> list[tuple[Fault, int]]:
    """Order by setting, since each has a service of its own, then by round."""
    settings = dict.fromkeys(fault.setting for fault in faults)
    return [
        (fault, number)
        for setting in settings
        for number in range(rounds)
        for fault in faults
        if fault.setting is setting
    ]


def tell(played: Round) -> None:
    took = played.recovery_seconds
    verdict = played.report() if played.findings else "ok"
    shown = "-" if took is None else f"{took:.1f} s"
    print(f"{played.fault} {played.number}: {shown}, {verdict}", file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=6, help="of each fault")
    parser.add_argument("--seed", type=int, default=20260801)
    names = [fault.name for fault in FAULTS]
    parser.add_argument("--fault", action="append", default=[], choices=names)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()

    faults = chosen_faults(arguments.fault)
    played = play(faults, arguments.rounds, arguments.seed)

    print(f"seed {arguments.seed}, {len(played)} rounds")
    print("\n".join(table_of(played)))
    harms = sum(count_of(kind, played) for kind in Kind)
    targets = {"chaos_findings": at_most(harms, 0)}
    losing = {fault.name for fault in faults if fault.loses_worker}
    times = recoveries(one for one in played if one.fault in losing)
    if times:
        most = float(str(QUICK["lease_seconds"])) + MARGIN_SECONDS
        targets["chaos_worst_recovery_seconds"] = at_most(max(times), most)
    print_targets(targets, as_json=arguments.json)
    sys.exit(1 if harms else 0)


if __name__ == "__main__":
    main()
