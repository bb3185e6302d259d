import os
from collections.abc import Iterator

import pytest

from tests.faults.cluster import Cluster, running_cluster
from tests.faults.company import Company

# The short form is one round. docs/operations.md says how many the promises are about.
ROUNDS = int(os.environ.get("FAULT_ROUNDS", "1"))
SECONDS_PER_ROUND = 60


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent.name == "faults":
            item.add_marker(pytest.mark.faults)
            item.add_marker(pytest.mark.timeout(180 + ROUNDS * SECONDS_PER_ROUND))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One for all of these tests: each leaves it whole."""
    with running_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster
        cluster.site.manage("check_integrity")


@pytest.fixture
def rounds() -> range:
    return range(ROUNDS)


@pytest.fixture
def company(cluster: Cluster) -> Iterator[Company]:
    with Company(cluster) as company:
        yield company
